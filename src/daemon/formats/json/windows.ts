/**
 * JSON windows: a JSON text in stretches of some KB, for code that goes through
 * its strings. A stretch ends between two tokens; a string that is longer than
 * one comes by itself, and is decoded in pieces. A small text is one stretch.
 */
import { isAscii } from "node:buffer";
import { parsedAtOnce } from "./strict.js";
import { stringPieces } from "./text-pieces.js";
import { JsonError, openJsonTokens } from "./tokens.js";

export interface JsonWindow {
  /** Where it stands in the bytes. */
  readonly start: number;
  readonly end: number;
  /** Decoded; undefined for a long string. */
  readonly text: string | undefined;
  /** What a long string says, its escapes read. */
  readonly pieces: () => Iterable<string>;
}

/** What is masked between two yields: some milliseconds. */
const windowBytes = 1 << 14;
/** Much deeper than strict JSON may be: here nothing is refused. */
const depth = 1 << 20;
const limits = { depth, values: Number.POSITIVE_INFINITY };

/**
 * The stretches of a text that is JSON; undefined now and then, where others may run. `begin`: they
 * begin there, behind an item of a list that is a member of the whole.
 */
export function* jsonWindows(body: Buffer, begin = 0): Generator<JsonWindow | undefined> {
  const tokens = openJsonTokens(body, limits, begin);
  let from = begin;
  for (;;) {
    const token = tokens.next();
    if (token === "end") break;
    if (token === "pause") {
      yield undefined;
      continue;
    }
    const { start, end, escaped } = tokens;
    if (token === "string" && end - start > windowBytes) {
      yield windowOf(body, from, start - 1);
      const pieces = () => stringPieces(body, start, end, escaped);
      yield { start: start - 1, end: end + 1, text: undefined, pieces };
      from = end + 1;
    } else if (token !== "name" && end - from > windowBytes) {
      const to = token === "string" ? end + 1 : end;
      yield windowOf(body, from, to);
      from = to;
    }
  }
  yield windowOf(body, from, body.length);
}

function windowOf(body: Buffer, start: number, end: number): JsonWindow {
  const text = decoded(body.subarray(start, end));
  return { start, end, text, pieces: () => [text] };
}

/** Bytes of UTF-8 as text; fast where they are ASCII. */
export function decoded(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
}

/** Is it JSON? Found out in steps where it is large. */
export function* isJson(body: Buffer): Generator<void, boolean> {
  // Only of JSON that may hold strings does it matter.
  if (!/^[ \t\r\n]*[[{"]/.test(body.toString("latin1", 0, 1024))) return false;
  try {
    if (body.length <= parsedAtOnce) {
      JSON.parse(body.toString());
      return true;
    }
    const tokens = openJsonTokens(body, limits);
    for (let token = tokens.next(); token !== "end"; token = tokens.next()) {
      if (token === "pause") yield;
    }
    return true;
  } catch (error) {
    if (error instanceof JsonError || error instanceof SyntaxError) return false;
    throw error;
  }
}
