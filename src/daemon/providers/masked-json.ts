/**
 * Masked JSON: findings in a JSON text's strings, replaced string by string,
 * so that it stays the JSON it was: all else keeps its bytes. Two versions
 * come of one pass: what the record may have, and what may leave, in which
 * members that are no prompt (an id, a hosted tool's credential) are as they
 * were. Yields now and then, so that others can run.
 */
import { shortened } from "../model/text-cut.js";
import { atOnce } from "../model/turns.js";
import { type ByteCopy, createByteCopy } from "./byte-copy.js";
import { decoded, type JsonWindow, jsonWindows } from "./json-windows.js";
import {
  createFindingTally,
  type FindingTally,
  type MaskSteps,
  type MaskText,
  markedPieces,
  maskBeside,
} from "./masked-text.js";
import { parsedAtOnce } from "./strict-json.js";

export interface MaskedJson {
  /** The very same bytes where nothing was found. */
  readonly recorded: Buffer;
  readonly sent: Buffer;
  /** All that was found, and that of it which is prompt. */
  readonly found: FindingTally;
  readonly inPrompt: FindingTally;
  /** Where the first finding in the prompt is: `input[2].content`; null where there is none. */
  readonly where: string | null;
}

export interface JsonMembers {
  /** Members whose value is no prompt. */
  readonly noPrompt: ReadonlySet<string>;
  /** What tells whether the value of this member is none that anybody could read; undefined: it is a text. */
  unreadableBy(name: string): UnreadableCheck | undefined;
}

/** Is this value, in its pieces, no text by all of it: a medium? Yields after each piece. */
export type UnreadableCheck = (pieces: Iterable<string>) => Generator<void, boolean>;

interface Level {
  /** The last name in an object, the place in a list. */
  at: string | number;
  readonly list: boolean;
  /** It is, or is in, a member that is no prompt. */
  readonly aside: boolean;
}

/** Masks the strings of a text that is JSON. */
export function* maskJson(
  body: Buffer,
  mask: MaskText,
  { noPrompt, unreadableBy }: JsonMembers,
  steps?: MaskSteps,
): Generator<void, MaskedJson> {
  const found = createFindingTally();
  const inPrompt = createFindingTally();
  const levels: Level[] = [{ at: "", list: false, aside: false }];
  let where: string | null = null;
  let name = "";
  /** Is anything of it found beside the prompt? Else what leaves is what is recorded. */
  let apart = false;

  // Most bodies are short and say nothing: no copy is begun for them.
  if (body.length <= parsedAtOnce) {
    const text = decoded(body);
    const { record, request } = maskStrings(text);
    const bytes = record === text ? body : Buffer.from(record);
    const left = !apart ? bytes : request === text ? body : Buffer.from(request);
    return { recorded: bytes, sent: left, found, inPrompt, where };
  }
  const recorded = createByteCopy(body);
  const sent = createByteCopy(body);
  for (const window of jsonWindows(body)) {
    if (window?.text === undefined) {
      if (window !== undefined) yield* maskLong(window);
    } else {
      const { record, request } = maskStrings(window.text);
      put(recorded, window, record);
      put(sent, window, request);
    }
    yield;
  }
  const bytes = yield* recorded.whole();
  const left = apart ? yield* sent.whole() : bytes;
  return { recorded: bytes, sent: left, found, inPrompt, where };

  /** A stretch, as the record may have it and as it may leave. */
  function maskStrings(text: string): { readonly record: string; readonly request: string } {
    let inRecord: ReturnType<typeof createCopy> | undefined;
    let inRequest: ReturnType<typeof createCopy> | undefined;
    let from = 0;
    for (let start = text.indexOf('"'); start !== -1; start = text.indexOf('"', from)) {
      walk(text, from, start);
      const end = endOf(text, start);
      from = end + 1;
      const raw = text.slice(start + 1, end);
      const value = raw.includes("\\") ? (JSON.parse(`"${raw}"`) as string) : raw;
      const isName = followedByColon(text, from);
      const aside = isAside(isName);
      const unreadable = isName ? undefined : unreadableBy(name);
      if (isName) name = value;
      else if (unreadable !== undefined && atOnce(unreadable([value]))) continue;
      const masked = isName ? mask(value) : maskBeside(name, value, mask);
      if (isName) (levels.at(-1) as Level).at = masked.text;
      if (masked.findings.length === 0) continue;
      const written = JSON.stringify(masked.text);
      inRecord ??= createCopy(text);
      inRecord.replace(start, from, written);
      if (!aside) {
        inRequest ??= createCopy(text);
        inRequest.replace(start, from, written);
      }
      note(masked.findings, aside);
    }
    walk(text, from, text.length);
    return { record: inRecord?.whole() ?? text, request: inRequest?.whole() ?? text };
  }

  function* maskLong(window: JsonWindow): Generator<void> {
    const aside = isAside(false);
    const { start, end, pieces } = window;
    const unreadable = unreadableBy(name);
    const isNoText = unreadable !== undefined && (yield* unreadable(pieces()));
    const findings = isNoText
      ? []
      : steps === undefined
        ? mask([...pieces()].join("")).findings
        : yield* steps(pieces());
    if (findings.length > 0) {
      note(findings, aside);
      for (const copy of aside ? [recorded] : [recorded, sent]) {
        copy.write(quote);
        for (const piece of markedPieces(pieces(), findings)) {
          copy.write(Buffer.from(JSON.stringify(piece).slice(1, -1)));
          yield;
        }
        copy.write(quote);
      }
      if (!aside) return;
    } else recorded.keep(start, end);
    sent.keep(start, end);
  }

  function isAside(isName: boolean): boolean {
    const level = levels.at(-1) as Level;
    return level.aside || (!isName && !level.list && noPrompt.has(name));
  }

  function note(findings: ReturnType<MaskText>["findings"], aside: boolean): void {
    found.add(findings);
    if (aside) apart = true;
    else {
      inPrompt.add(findings);
      where ??= placeOf(levels);
    }
  }

  /** What stands between two strings. */
  function walk(text: string, start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x7b || code === 0x5b) {
        const { aside, list } = levels.at(-1) as Level;
        const inList = code === 0x5b;
        levels.push({
          at: inList ? 0 : "",
          list: inList,
          aside: aside || (!list && noPrompt.has(name)),
        });
      } else if (code === 0x7d || code === 0x5d) {
        if (levels.length > 1) levels.pop();
      } else if (code === 0x2c) {
        const level = levels.at(-1) as Level;
        if (level.list) level.at = (level.at as number) + 1;
      }
    }
  }
}

const quote = Buffer.from('"');

function put(copy: ByteCopy, { start, end, text }: JsonWindow, written: string): void {
  if (written === text) copy.keep(start, end);
  else copy.write(Buffer.from(written));
}

/** A text in which pieces are replaced, in order. */
function createCopy(text: string) {
  const pieces: string[] = [];
  let copied = 0;
  return {
    replace(start: number, end: number, piece: string) {
      pieces.push(text.slice(copied, start), piece);
      copied = end;
    },
    whole: () => (copied === 0 ? text : pieces.join("") + text.slice(copied)),
  };
}

/** Where the string that begins here ends: its closing quote, or the text's end. */
function endOf(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

function followedByColon(text: string, from: number): boolean {
  let at = from;
  let code = text.charCodeAt(at);
  while (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
    at += 1;
    code = text.charCodeAt(at);
  }
  return code === 0x3a;
}

function placeOf(levels: readonly Level[]): string {
  const path = levels
    .slice(1)
    .map(({ at, list }) => (list ? `[${at}]` : `.${at}`))
    .join("");
  const shown = path.replace(/^\./, "").replace(/[^\w.:[\]#-]+/g, "?");
  return shortened(shown, 120) || "the body";
}
