/**
 * Logical text: masks a text whose kind is not known. One that begins
 * as JSON does is masked within its literals, however deep JSON stands in
 * JSON; every other as plain text.
 */

import type { JsonKnowledge } from "../../model/json-knowledge.js";
import type { FindingCount } from "../../model/masking-terms.js";
import type { SessionMasking, TextStream } from "../masking.js";
import { openJsonText } from "./json-text.js";
import { contextOf, maskBehind, openBehind } from "./name-prefix.js";
import { type KnownStructure, nothingKnown } from "./structure-guard.js";

export interface LogicalText {
  readonly text: string;
  readonly counts: readonly FindingCount[];
}

export interface NamedText {
  readonly text: string;
  /** What it is the value of, where that may say something. */
  readonly name: string;
}

export interface LogicalMasking {
  /** A name that stands in the reply beside its texts. Throws where a known secret stands in it. */
  checkName(name: string): void;
  /** A text that is whole, and the name that it is the value of, where that may say something. */
  mask(text: string, name: string): LogicalText;
  /** The same of several; undefined for each in which nothing was found. */
  maskMany(texts: readonly NamedText[]): readonly (LogicalText | undefined)[];
  /** The same of one that comes in pieces. */
  open(name: string): TextStream;
  /** The same for what is known to be a body of JSON. */
  openBody(knowledge: JsonKnowledge): TextStream;
}

/** JSON in JSON in JSON: deeper it is plain text. */
const depthLimit = 4;

type Finders = Pick<SessionMasking, "mask" | "openText">;

/** Creates the masking of one reply's texts; `known` looks at what may not be changed. */
export function createLogicalMasking(
  masking: Finders,
  known: KnownStructure = nothingKnown,
  depth = 0,
): LogicalMasking {
  const inner = () => createLogicalMasking(masking, known, depth + 1);
  const openJson = (knowledge?: JsonKnowledge) => {
    const { open: openText, mask: maskText, maskMany } = inner();
    const given = { masking, known, openText, maskText, maskMany };
    return openJsonText({ ...given, ...(knowledge && { knowledge }) });
  };

  return { checkName: known.check, mask, maskMany, open, openBody: openJson };

  function maskMany(texts: readonly NamedText[]): readonly (LogicalText | undefined)[] {
    return texts.map((one) => {
      const made = mask(one.text, one.name);
      return made.text === one.text ? undefined : made;
    });
  }

  function mask(text: string, name: string): LogicalText {
    if (depth < depthLimit && beginsJson.test(text)) return throughout(openJson(), text);
    const { text: masked, findings } = maskBehind(contextOf(name), text, masking);
    return { text: masked, counts: findings.map(({ detector }) => ({ detector, count: 1 })) };
  }

  function open(name: string): TextStream {
    const openPlain = () => openBehind(contextOf(name), masking.openText());
    return depth < depthLimit ? openEither(openPlain, openJson) : openPlain();
  }
}

const beginsJson = /^\s{0,256}[{[]/;

function throughout(stream: TextStream, text: string): LogicalText {
  stream.push(text);
  stream.end();
  return { text: stream.settled().join(""), counts: stream.counts() };
}

/** The first character that is no space tells which it is. */
function openEither(openPlain: () => TextStream, openJson: () => TextStream): TextStream {
  let chosen: TextStream | undefined;
  let blank: string[] = [];
  return {
    push(piece) {
      if (chosen === undefined && piece.trim() === "") blank.push(piece);
      else {
        chosen ??= beginsJson.test(piece) ? openJson() : openPlain();
        chosen.push(piece);
      }
    },
    end: () => chosen?.end(),
    settled() {
      const before = blank;
      blank = [];
      return chosen === undefined ? before : [...before, ...chosen.settled()];
    },
    held() {
      return blank.length + (chosen?.held() ?? 0);
    },
    repeat: (whole) => (chosen ?? openPlain()).repeat(whole),
    counts() {
      return chosen?.counts() ?? [];
    },
  };
}
