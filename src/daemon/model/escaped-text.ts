/**
 * Escaped text: what arguments of a tool say to a program that parses them. A
 * parser may take the first or the last of two equal keys, may forgive a broken
 * end, or may parse a string within a string; so no parser is asked here.
 * Instead all escapes of the text are resolved, those that are left in what
 * comes out are resolved next, and each string is also given on lines of its
 * own. The work is linear in the text, in pieces between which others can run.
 */
import type { PromptPiece } from "./prompt.js";

/** Strings of JSON in strings of JSON are resolved as deep as this. */
export const deepestEscapes = 5;

/** Characters of a piece. */
const pieceLength = 1 << 15;

/** The text, and what it says at each depth. */
export function* escapedTexts(text: string): Generator<PromptPiece> {
  yield* asOneText(cut(text));
  let level = text;
  for (let depth = 0; depth < deepestEscapes; depth += 1) {
    const escaped = level.includes("\\");
    // A quote that no backslash stands before is the beginning or the end of a string.
    if (level.includes('"')) yield* asOneText(resolved(level, lineEnd));
    if (!escaped) return;
    const parts: string[] = [];
    yield* asOneText(resolved(level, quoteMark), parts);
    level = parts.join("");
  }
}

function* cut(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength);
}

/** The parts as pieces of one text; in a long one, an empty piece after each part lets others run. */
function* asOneText(parts: Iterable<string>, kept: string[] = []): Generator<PromptPiece> {
  let before: string | undefined;
  for (const part of parts) {
    kept.push(part);
    if (before !== undefined) {
      yield { part: before };
      yield { part: "" };
    }
    before = part;
  }
  yield before ?? "";
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
function* resolved(text: string, quote: number): Generator<string> {
  const bytes = Buffer.allocUnsafe(2 * Math.min(text.length, pieceLength));
  let length = 0;
  for (let at = 0; at < text.length; ) {
    let unit = text.charCodeAt(at);
    at += 1;
    if (unit === quoteMark) unit = quote;
    else if (unit === backslash && at < text.length) {
      unit = text.charCodeAt(at);
      at += 1;
      const code = unit === letterU ? hexAt(text, at) : undefined;
      if (code !== undefined) at += 4;
      unit = code ?? simple.get(unit) ?? unit;
    }
    bytes[length] = unit & 0xff;
    bytes[length + 1] = unit >> 8;
    length += 2;
    if (length < bytes.length) continue;
    yield bytes.toString("utf16le", 0, length);
    length = 0;
  }
  if (length > 0) yield bytes.toString("utf16le", 0, length);
}

/** The code that four hexadecimal digits name; undefined where there are none. */
function hexAt(text: string, at: number): number | undefined {
  const digits = text.slice(at, at + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
