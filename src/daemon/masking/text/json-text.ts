/**
 * JSON text: masks a text that is JSON and comes in pieces, within its string
 * values, so that it is JSON of the same structure still. Each value is a text
 * of its own, with its name before it; one that is JSON again is read as such.
 * Names and numbers are never changed: they are only looked at for known
 * secrets. From where it turns out to be no JSON on, it is read as plain text.
 */

import type { JsonKnowledge } from "../../model/json-knowledge.js";
import type { SessionMasking, TextStream } from "../masking.js";
import { createFoundCounts } from "./found-counts.js";
import {
  type Cell,
  type CellPart,
  type CellStream,
  createCellStream,
  leaving,
  newOut,
  type Out,
  partIn,
  settle,
} from "./held-pieces.js";
import { escaped, insideEnd, type OpenLiteral, openLiteral, unescaped } from "./json-literal.js";
import { createJsonPlace } from "./json-place.js";
import type { LogicalMasking, NamedText } from "./logical-text.js";
import { withoutSpelled } from "./logprobs.js";
import { openBehind } from "./name-prefix.js";
import type { KnownStructure } from "./structure-guard.js";

export interface JsonTextOptions {
  readonly masking: Pick<SessionMasking, "mask" | "openText">;
  /** Looks at names and numbers, which stay as they are. */
  readonly known: KnownStructure;
  /** Opens a text within this one; it may be JSON again. */
  readonly openText: (name: string) => TextStream;
  readonly maskText: LogicalMasking["mask"];
  readonly maskMany: LogicalMasking["maskMany"];
  /** What is known of the JSON; absent where it is a client's or a model's own. */
  readonly knowledge?: JsonKnowledge;
}

type Mode = "between" | "literal" | "passing" | "scalar" | "spelled" | "plain";

/** A member that spells a text and is longer than that is not looked at any more: the reply ends. */
const spelledLimit = 8 << 20;

/** Opens a stream that masks JSON. */
export function openJsonText({
  masking,
  known,
  openText,
  maskText,
  maskMany,
  knowledge,
}: JsonTextOptions): TextStream {
  const found = createFoundCounts();
  const outs: Out[] = [];
  const place = createJsonPlace(knowledge !== undefined);
  let mode: Mode = "between";
  /** What was pushed and what left for it, for the text's repeats. */
  let given = "";
  let gone = "";
  let stream: CellStream | undefined;
  let literal: OpenLiteral | undefined;
  /** What came of a literal that is a name or passes, of a scalar, or of what spells. */
  let come = "";
  let parts: CellPart[] = [];
  let whole: (NamedText & { readonly index: number })[] = [];

  const nameOf = () => (knowledge?.plainName(place.name()) ? "" : place.telling());

  function openStream(write: (text: string) => string, of: TextStream): CellStream {
    stream = createCellStream(of, write);
    return stream;
  }

  function closeStream(): void {
    if (stream !== undefined) found.add(stream.counts());
    stream = undefined;
    literal = undefined;
  }

  /** From the opening quote on. */
  function beginLiteral(out: Out, text: string, at: number): number {
    const inside = at + 1;
    const { at: end, cut } = insideEnd(text, inside);
    const isName = place.atName();
    if (!cut && end < text.length) {
      const raw = text.slice(inside, end);
      const value = unescaped(raw);
      out.parts.push('"');
      if (isName) known.check(value);
      else if (value !== "" && !passes(value)) {
        whole.push({ text: value, name: nameOf(), index: out.parts.length });
      }
      out.parts.push(raw);
      return endLiteral(out, value, end);
    }
    out.parts.push('"');
    come = "";
    const raw = text.slice(inside);
    if (!isName && !cut && passes(raw)) {
      out.parts.push(raw);
      mode = "passing";
      return text.length;
    }
    mode = "literal";
    literal = openLiteral(openStream(escaped, isName ? known.open() : openText(nameOf())));
    come = raw;
    return literal.take(out, text, inside);
  }

  /** The literals that are whole in this piece are looked at together. */
  function maskWhole(out: Out): void {
    if (whole.length === 0) return;
    for (const [at, made] of maskMany(whole).entries()) {
      if (made === undefined) continue;
      found.add(made.counts);
      out.parts[whole[at]?.index ?? 0] = escaped(made.text);
      out.changed = true;
    }
    whole = [];
  }

  const passes = (value: string) => knowledge?.passes(place.name(), value, place.within()) === true;

  function goOnLiteral(out: Out, text: string, at: number): number {
    const end = literal?.take(out, text, at) ?? at;
    // Names are short; what a long text says is not kept.
    if (come.length < 256) come += text.slice(at, end);
    if (end === text.length) return end;
    literal?.close();
    closeStream();
    const said = unescaped(come);
    come = "";
    return endLiteral(out, said, end);
  }

  /** The closing quote. */
  function endLiteral(out: Out, said: string, at: number): number {
    out.parts.push('"');
    place.said(said);
    mode = "between";
    return at + 1;
  }

  /** Media goes on as long as it looks like it. */
  function goOnPassing(out: Out, text: string, at: number): number {
    const { at: end, cut } = insideEnd(text, at);
    const raw = text.slice(at, cut ? text.length : end);
    if (!/^[A-Za-z0-9+/=_-]*$/.test(raw)) {
      mode = "literal";
      literal = openLiteral(openStream(escaped, openText("")));
      return goOnLiteral(out, text, at);
    }
    out.parts.push(raw);
    return end < text.length ? endLiteral(out, "", end) : end;
  }

  /** Numbers, `true`, `false`, `null`. A known secret of digits may come cut, as a number. */
  function takeScalar(out: Out, text: string, at: number): number {
    scalarEnd.lastIndex = at;
    const end = scalarEnd.exec(text)?.index ?? text.length;
    const raw = text.slice(at, end);
    const all = come + raw;
    const ends = end < text.length;
    if (all.length > 64 || !(ends ? scalar : scalarBegun).test(all))
      return turnPlain(out, text, at);
    come = all;
    mode = "scalar";
    const looked = knowledge === undefined && /^\d+$/.test(all);
    if (looked || parts.length > 0) parts.push(partIn(out, raw));
    else out.parts.push(raw);
    if (ends) endScalar();
    return end;
  }

  function endScalar(): void {
    if (parts.length > 0) {
      known.check(come);
      settle({ text: come, parts });
    }
    parts = [];
    come = "";
    place.said("");
    mode = "between";
  }

  /** A member that spells a text: dropped where that is not what is to be seen. */
  function takeSpelled(out: Out, text: string, at: number): number {
    const end = place.endOf(text, at);
    const raw = text.slice(at, end);
    parts.push(partIn(out, raw));
    come += raw;
    if (come.length > spelledLimit) throw new TypeError("a member of the reply is too long");
    if (!place.captured()) endSpelled();
    return end;
  }

  function endSpelled(): void {
    const cell: Cell = { text: come, parts };
    const { text: made, counts } = withoutSpelled(come, maskText, knowledge);
    found.add(counts);
    settle(cell, made === come ? undefined : made);
    parts = [];
    come = "";
    mode = "between";
  }

  /** It is no JSON from here on. */
  function turnPlain(out: Out, text: string, at: number): number {
    mode = "plain";
    const before = parts.length > 0 ? "" : come;
    const cells = openStream((made) => made, openBehind(before, masking.openText()));
    if (parts.length > 0) cells.push({ text: come, parts });
    parts = [];
    come = "";
    return takePlain(out, text, at);
  }

  function takePlain(out: Out, text: string, at: number): number {
    const raw = text.slice(at);
    stream?.push({ text: raw, parts: [partIn(out, raw)] });
    return text.length;
  }

  /** Between values: all up to the next of them stands as it came. */
  function takeBetween(out: Out, text: string, at: number): number {
    const end = place.nextValue(text, at);
    if (end > at) out.parts.push(text.slice(at, end));
    if (end === text.length) return end;
    if (place.broken()) return turnPlain(out, text, end);
    const code = text.charCodeAt(end);
    if (code === 0x22) return beginLiteral(out, text, end);
    if (code === 0x7b || code === 0x5b) {
      if (knowledge?.spells(place.name())) {
        mode = "spelled";
        return takeSpelled(out, text, end);
      }
      out.parts.push(text[end] as string);
      place.enter(code);
      return end + 1;
    }
    return takeScalar(out, text, end);
  }

  const steps: Readonly<Record<Mode, (out: Out, text: string, at: number) => number>> = {
    between: takeBetween,
    literal: goOnLiteral,
    passing: goOnPassing,
    scalar: takeScalar,
    spelled: takeSpelled,
    plain: takePlain,
  };

  return {
    push(piece) {
      if (knowledge === undefined) given += piece;
      const out = newOut(piece);
      outs.push(out);
      for (let at = 0; at < piece.length; ) at = steps[mode](out, piece, at);
      maskWhole(out);
    },
    end() {
      if (mode === "literal") literal?.close();
      else if (mode === "plain") stream?.end();
      else if (mode === "scalar") endScalar();
      else if (mode === "spelled") endSpelled();
      closeStream();
    },
    settled() {
      const pieces = leaving(outs);
      if (knowledge === undefined) gone += pieces.join("");
      return pieces;
    },
    held() {
      return outs.length;
    },
    repeat: (whole) => (whole === given && outs.length === 0 ? gone : maskText(whole, "").text),
    counts() {
      return found.all();
    },
  };
}

const scalarEnd = /[\s,\]}:{["]/g;
const scalar = /^(?:-?\d[\d.eE+-]*|true|false|null)$/;
const scalarBegun = /^(?:-?[\d.eE+-]*|t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|n(?:u(?:ll?)?)?)$/;
