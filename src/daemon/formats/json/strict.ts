/**
 * Strict JSON: bytes → value, or a refusal. Whatever two parsers could read
 * as two requests is refused: bytes that are not UTF-8, a byte order mark, and
 * a key that stands twice in one object, also when an escape disguises it
 * (SECURITY P2). What is said names the place, and never a value.
 *
 * A parser that keeps the last of two keys hides the first, so the members
 * that the text writes are counted against those that the value has: one more
 * pass over the bytes, and a search only where the two differ.
 */
import { isAscii, isUtf8 } from "node:buffer";
import { Refusal } from "../../model/refusal.js";
import { duplicateKeyOf } from "./duplicate-key.js";
import type { GrowingList, ItemEnd } from "./item-ends.js";

/** Nesting no real request comes near. */
export const depthLimit = 512;

/** Bodies up to here are parsed at once, bytes: even a hostile one takes some 10 ms. Larger ones are read in steps (outline.ts). */
export const parsedAtOnce = 1 << 17;

/** Parses the bytes, all at once; throws a refusal. `what` names them in its message, `mostValues` is how many values they may have. */
export function parseStrictJson(
  bytes: Uint8Array,
  what = "the body",
  mostValues = Number.POSITIVE_INFINITY,
): unknown {
  return readStrictJson(bytes, what, mostValues).value;
}

const none: ReadonlySet<string> = new Set();

/** The same, and where the items end of the first list that is a member of the whole and has one of the `growing` names. */
export function readStrictJson(
  bytes: Uint8Array,
  what: string,
  mostValues: number,
  growing = none,
): StrictJson {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ascii = isAscii(buffer);
  if (!ascii) checkEncoding(buffer, what);
  const { members, values, list } = written(buffer, what, growing);
  if (values > mostValues) {
    throw new Refusal("body_too_many_values", `${what} has over ${mostValues} JSON values`);
  }
  const text = buffer.toString(ascii ? "latin1" : "utf8");
  const value = parse(text, what);
  if (membersOf(value) !== members) {
    const path = duplicateKeyOf(text);
    throw new Refusal("body_unreadable", `${what} has the same key twice: ${path}`);
  }
  return { value, values, list };
}

interface StrictJson {
  readonly value: unknown;
  readonly values: number;
  readonly list: GrowingList | undefined;
}

/** Refuses what is not UTF-8, or has a byte order mark. */
export function checkEncoding(buffer: Buffer, what: string): void {
  const [first, second, third] = buffer;
  const utf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (utf16) throw new Refusal("body_unreadable", `${what} is UTF-16, where JSON is UTF-8`);
  if (!isUtf8(buffer)) throw new Refusal("body_unreadable", `${what} is not UTF-8`);
  if (first === 0xef && second === 0xbb && third === 0xbf) {
    throw new Refusal("body_unreadable", `${what} begins with a byte order mark`);
  }
}

/**
 * Counts the colons outside strings, one a member, and commas and opening brackets, as many as
 * there are values. Only true of JSON; of anything else `parse` says so.
 */
function written(bytes: Buffer, what: string, growing: ReadonlySet<string>) {
  const { length } = bytes;
  let members = 0;
  let values = 1;
  let depth = 0;
  let list: { readonly name: string; readonly ends: ItemEnd[] } | undefined;
  /** Items of the growing list so far; zero where it is not open. */
  let items = 0;
  for (let at = 0; at < length; at += 1) {
    switch (bytes[at]) {
      case 0x22: // "
        at += 1;
        for (let byte = bytes[at]; byte !== 0x22 && at < length; byte = bytes[at]) {
          at += byte === 0x5c ? 2 : 1;
        }
        break;
      case 0x3a: // :
        members += 1;
        break;
      case 0x2c: // ,
        values += 1;
        if (depth === 2 && items > 0) items += 1;
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        values += 1;
        if (depth > depthLimit) {
          const where = `${what} is nested more than ${depthLimit} deep at byte ${at}`;
          throw new Refusal("body_unreadable", where);
        }
        if (depth === 2 && list === undefined && bytes[at] === 0x5b && growing.size > 0) {
          const name = nameBefore(bytes, at);
          if (!growing.has(name)) break;
          list = { name, ends: [] };
          items = 1;
        }
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth -= 1;
        if (items === 0 || depth > 2) break;
        if (depth < 2) items = 0;
        else if (bytes[at] === 0x7d) {
          list?.ends.push({ at: at + 1, values, items, kept: 0, noted: 0 });
        }
        break;
    }
  }
  return { members, values, list };
}

/** Longer names are not looked for. */
const longestBefore = 64;

/** The name of the member whose value begins here, as it is written; empty where it is long or has an escape. */
function nameBefore(bytes: Buffer, at: number): string {
  const before = bytes.toString("latin1", Math.max(0, at - longestBefore), at);
  return /[{,\s]"([^"\\]*)"\s*:\s*$/.exec(before)?.[1] ?? "";
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 quotes the text around the error: only its position may be said, and no cause kept.
    const place = /at position (\d+)/.exec(String(error))?.[1];
    const where = place === undefined ? "" : ` at character ${place}`;
    throw new Refusal("body_unreadable", `${what} is not JSON${where}`);
  }
}

/** Members of all objects in a parsed value. */
function membersOf(value: unknown): number {
  let members = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    if (Array.isArray(next)) {
      for (const item of next) if (typeof item === "object") waiting.push(item);
      continue;
    }
    for (const key of Object.keys(next)) {
      members += 1;
      const item = (next as Record<string, unknown>)[key];
      if (typeof item === "object") waiting.push(item);
    }
  }
  return members;
}
