/**
 * Escaped text: what arguments of a tool say to a program that parses them. A
 * parser may take the first or the last of two equal keys, may forgive a broken
 * end, or may parse a string within a string; so no parser is asked here.
 * Instead all escapes of the text are resolved, those that are left in what
 * comes out are resolved next, and each string is also given on lines of its
 * own. The work is linear in the text, in pieces between which others can run,
 * and a long text is never joined: of two levels the pieces are kept.
 */
import type { PromptPiece } from "./prompt.js";

/** Strings of JSON in strings of JSON are resolved as deep as this. */
export const deepestEscapes = 5;

/** Characters of a piece. */
const pieceLength = 1 << 15;

/** The text, and what it says at each depth. */
export function escapedTexts(text: string): Generator<PromptPiece> {
  return escapedPieces(() => cut(text));
}

/** The same of a text that comes in pieces; they are read several times. */
export function* escapedPieces(pieces: () => Iterable<string>): Generator<PromptPiece> {
  let level = pieces;
  let holds = yield* asOneText(level());
  for (let depth = 0; depth < deepestEscapes; depth += 1) {
    // A quote that no backslash stands before is the beginning or the end of a string.
    if (holds.quotes) yield* asOneText(resolved(level(), lineEnd));
    if (!holds.escapes) return;
    const parts: string[] = [];
    holds = yield* asOneText(resolved(level(), quoteMark), parts);
    level = () => parts;
  }
}

function* cut(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength);
}

/**
 * The parts as pieces of one text, and whether it holds a quote or an escape; in a long text, an
 * empty piece after each part lets others run.
 */
function* asOneText(
  parts: Iterable<string>,
  kept?: string[],
): Generator<PromptPiece, { readonly quotes: boolean; readonly escapes: boolean }> {
  let before: string | undefined;
  let quotes = false;
  let escapes = false;
  for (const part of parts) {
    kept?.push(part);
    quotes ||= part.includes('"');
    escapes ||= part.includes("\\");
    if (before !== undefined) {
      yield { part: before };
      yield { part: "" };
    }
    before = part;
  }
  yield before ?? "";
  return { quotes, escapes };
}

const quoteMark = 0x22;
const backslash = 0x5c;
const lineEnd = 0x0a;
const letterU = 0x75;
/** What stands behind a backslash, and what it stands for; any other character stands for itself. */
const simple = new Map(
  [..."bfnrt"].map((letter, at) => [letter.charCodeAt(0), "\b\f\n\r\t".charCodeAt(at)]),
);

/** The text with its escapes resolved once, and its other quotes replaced. */
function* resolved(parts: Iterable<string>, quote: number): Generator<string> {
  let out: UnitBuffer | undefined;
  /** The beginning of an escape that goes on in the next part. */
  let rest = "";
  for (const part of parts) {
    out ??= createUnitBuffer(Math.min(Math.max(part.length, 64), pieceLength));
    yield* resolve(rest + part, false, out);
  }
  if (out === undefined) return;
  yield* resolve(rest, true, out);
  if (out.length > 0) yield out.take();

  function* resolve(text: string, last: boolean, out: UnitBuffer): Generator<string> {
    rest = "";
    for (let at = 0; at < text.length; ) {
      let unit = text.charCodeAt(at);
      at += 1;
      if (unit === quoteMark) unit = quote;
      else if (unit === backslash) {
        const whole = text.charCodeAt(at) === letterU ? at + 5 : at + 1;
        if (whole > text.length && !last) {
          rest = text.slice(at - 1);
          return;
        }
        if (at < text.length) {
          unit = text.charCodeAt(at);
          at += 1;
          const code = unit === letterU ? hexAt(text, at) : undefined;
          if (code !== undefined) at += 4;
          unit = code ?? simple.get(unit) ?? unit;
        }
      }
      if (out.add(unit)) yield out.take();
    }
  }
}

interface UnitBuffer {
  /** Adds a UTF-16 unit; true where the buffer is full. */
  add(unit: number): boolean;
  /** The text of all that was added, and empties it. */
  take(): string;
  readonly length: number;
}

/** Characters below 256 are kept in a byte each: most texts take half of the memory so. */
function createUnitBuffer(most: number): UnitBuffer {
  const narrow = Buffer.allocUnsafe(most);
  const wide = Buffer.allocUnsafe(2 * most);
  let length = 0;
  let seen = 0;
  return {
    add(unit) {
      narrow[length] = unit;
      wide[2 * length] = unit;
      wide[2 * length + 1] = unit >> 8;
      seen |= unit;
      length += 1;
      return length === most;
    },
    take() {
      const text =
        seen < 0x100
          ? narrow.toString("latin1", 0, length)
          : wide.toString("utf16le", 0, 2 * length);
      length = 0;
      seen = 0;
      return text;
    },
    get length() {
      return length;
    },
  };
}

/** The code that four hexadecimal digits name; undefined where there are none. */
function hexAt(text: string, at: number): number | undefined {
  const digits = text.slice(at, at + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
