/**
 * Sieve bytes: what the sieve knows of single bytes and of places between them.
 * A part of a text may be looked at by itself where it is cut at a place that
 * no run of base64, no escape and no control sequence goes over, and where so
 * much is around what is looked at as an expression may reach: in characters
 * that stay when everything is decoded.
 */
import { withoutEscapes } from "./escapes.js";
import { deepest } from "./reading.js";

const bell = 0x07;
const escapeByte = 0x1b;
const stringEnd = 0x9c;

/** A byte may be in base64. */
const base64 = 1;
/** A byte may begin a control sequence, but for those that are one by themselves. */
const introduces = 2;
/** A byte may begin an escape. */
const escapes = 4;
/** A zero, a bell or an ST: by itself it stands for nothing. */
const alone = 8;
/** A byte ends what a control sequence may hold. */
const stops = 16;
/** A byte may stand in an escape behind its first. */
const inEscape = 32;

const kinds = new Uint8Array(256);
const mark = (characters: string, kind: number) => {
  for (const one of characters) kinds[one.charCodeAt(0)] = (kinds[one.charCodeAt(0)] ?? 0) | kind;
};
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
mark(`${letters}+/-_`, base64);
mark("\u001b\u009b\u009d", introduces);
mark("\\%&", escapes);
mark("\u0000\u0007\u009c", alone);
mark("\u0000\u0007\u001b\u009b\u009c\u009d\r\n", stops);
mark(`${letters}"\\/#;[%&`, inEscape);

/** A control sequence with what ends it; and so long where all of it is written in escapes. */
export const longestSequence = 1030;
const longestWritten = 9 * longestSequence;
const longestEscape = 9;
/** What an escape may be made of where escapes are in escapes, three deep. */
const longestNested = 32;
/** No part is larger than so many bytes on either side. */
const mostAround = 1 << 16;

type Bytes = Uint8Array;

const is = (byte: number | undefined, kind: number) =>
  byte !== undefined && ((kinds[byte] as number) & kind) !== 0;

export const isBase64 = (byte: number | undefined) => is(byte, base64);
export const isInEscape = (byte: number | undefined) => is(byte, inEscape);
/** May a piece that is decoded begin with it? */
export const isIntroducer = (byte: number | undefined) => is(byte, introduces | escapes | alone);

/** May an escape begin with these two? */
export function mayBeEscape(first: number | undefined, second: number | undefined): boolean {
  if (second === undefined) return false;
  if (first === 0x25) return within(second, 0x30, 0x37);
  return (
    is(first, escapes) &&
    (first === 0x5c ? '"\\/bfnrtux0e' : "#aqlg").includes(String.fromCharCode(second))
  );
}

/** Does an escape begin shortly before this place? */
export function isBehindEscape(bytes: Bytes, at: number): boolean {
  return escapeBefore(bytes, at) !== -1;
}

function escapeBefore(bytes: Bytes, at: number): number {
  for (let place = Math.max(0, at - longestEscape); place < at; place += 1) {
    if (is(bytes[place], escapes)) return place;
  }
  return -1;
}

/** Where the control sequence may begin that this place is in; -1 where it is in none. */
function sequenceAround(bytes: Bytes, at: number): number {
  for (let place = at - 1; place >= 0 && place > at - longestWritten; place -= 1) {
    if (is(bytes[place], stops)) return is(bytes[place], introduces) ? place : -1;
  }
  return -1;
}

/** May an escape that stands for this change where a control sequence around it ends? */
export function isInSequence(bytes: Bytes, at: number, said: number): boolean {
  const start = sequenceAround(bytes, at);
  if (start === -1) return false;
  const isString = bytes[start] === 0x9d || (at > start + 1 && isStringKind(bytes[start + 1]));
  if (isString && bytes[start] !== 0x9b) return is(said, stops | escapes);
  for (let place = start + 1; place < at; place += 1) {
    const isOpening = place === start + 1 && bytes[place] === 0x5b;
    if (!isOpening && !within(bytes[place], 0x20, 0x3f)) return false;
  }
  return true;
}

const isStringKind = (byte: number | undefined) =>
  byte !== undefined && "]PX^_".includes(String.fromCharCode(byte));

/** Behind all that a control sequence may hold which is begun before this place. */
function sequenceEnd(bytes: Bytes, from: number): number {
  const most = Math.min(bytes.length, from + longestWritten);
  for (let at = from; at < most; at += 1) {
    if (is(bytes[at], stops)) return is(bytes[at], introduces) ? at : at + 1;
  }
  return most;
}

/** Do escapes in a text, or escapes in these, write what begins or ends a control sequence? */
export function makesSequence(text: string): boolean {
  let decoded = text;
  for (let depth = 0; depth < deepest; depth += 1) {
    const before = decoded;
    decoded = withoutEscapes(before);
    if (decoded === before) return false;
    if (beginnings(decoded) > beginnings(text)) return true;
  }
  return false;
}

const beginnings = (text: string) => text.split(/[\u0000\u0007\u001b\u009b-\u009d]/).length;

/** Where a control sequence may end that begins here; nothing where it is none. */
export function sequenceEnds(bytes: Bytes, at: number): readonly number[] {
  const ends: number[] = [];
  const first = bytes[at] as number;
  const second = bytes[at + 1];
  if (is(first, alone)) return [at + 1];
  if (first === 0x9b || (first === escapeByte && second === 0x5b)) {
    let end = at + (first === escapeByte ? 2 : 1);
    while (within(bytes[end], 0x20, 0x3f)) end += 1;
    if (within(bytes[end], 0x40, 0x7e)) ends.push(end + 1);
  }
  if (first === 0x9d || (first === escapeByte && isStringKind(second))) {
    let end = at + 1;
    while (end < bytes.length && end < at + longestWritten && !is(bytes[end], stops)) end += 1;
    if (bytes[end] === bell || bytes[end] === stringEnd) ends.push(end + 1);
    if (bytes[end] === escapeByte && bytes[end + 1] === 0x5c) ends.push(end + 2);
  }
  if (first === escapeByte) {
    let end = at + 1;
    while (within(bytes[end], 0x20, 0x2f)) end += 1;
    if (within(bytes[end], 0x30, 0x7e)) ends.push(end + 1);
  }
  return ends;
}

const within = (byte: number | undefined, least: number, most: number) =>
  byte !== undefined && byte >= least && byte <= most;

/** A part that may be looked at by itself. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * The part around a stretch with so many characters on either side that stay when all is decoded;
 * undefined where it would be too large.
 */
export function partAround(bytes: Bytes, stretch: Part, reach: number): Part | undefined {
  if (stretch.end - stretch.start > mostAround) return undefined;
  const start = sideOf(stretch.start, reach, (wanted) => {
    const at = leftCut(bytes, Math.max(0, stretch.start - wanted));
    return at === 0 || at === undefined || staying(bytes, at, stretch.start) >= reach ? at : null;
  });
  const end = sideOf(bytes.length - stretch.end, reach, (wanted) => {
    const at = rightCut(bytes, Math.min(bytes.length, stretch.end + wanted));
    // From its beginning: it may end within an escape or a control sequence.
    const isEnough =
      at === bytes.length ||
      at === undefined ||
      staying(bytes, stretch.start, at, stretch.end) >= reach;
    return isEnough ? at : null;
  });
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** Tries more and more, up to all that is there; null: it was not enough. */
function sideOf(
  all: number,
  reach: number,
  cut: (wanted: number) => number | undefined | null,
): number | undefined {
  for (let wanted = reach + (reach >> 2) + longestNested; ; wanted *= 2) {
    if (wanted > mostAround && wanted / 2 < all) return undefined;
    const at = cut(wanted);
    if (at !== null) return at;
  }
}

/** A place at or before this one where the text may be cut; undefined where there is none nearby. */
function leftCut(bytes: Bytes, from: number): number | undefined {
  const least = Math.max(0, from - mostAround);
  let at = from;
  while (at > least) {
    const before = bytes[at - 1];
    if (is(before, base64 | alone | introduces)) at -= 1;
    else {
      const escaped = escapeBefore(bytes, at);
      const around = escaped === -1 ? sequenceAround(bytes, at) : escaped;
      if (around === -1) return at;
      at = around;
    }
  }
  return at <= 0 ? 0 : undefined;
}

/** The same at or behind it. */
function rightCut(bytes: Bytes, from: number): number | undefined {
  const most = Math.min(bytes.length, from + mostAround);
  let at = from;
  while (at < most) {
    if (is(bytes[at], base64 | alone | introduces | escapes)) {
      at += 1;
      continue;
    }
    const escaped = escapeBefore(bytes, at);
    if (escaped !== -1) at += 1;
    else if (sequenceAround(bytes, at) !== -1) at = Math.max(at + 1, sequenceEnd(bytes, at));
    else return at;
  }
  return at >= bytes.length ? bytes.length : undefined;
}

/**
 * How many bytes between two places are in nothing that may be decoded to something shorter; of
 * those alone that stand at or behind `counted`.
 */
function staying(bytes: Bytes, from: number, to: number, counted = from): number {
  let count = 0;
  for (let at = from; at < to; ) {
    const byte = bytes[at];
    if (is(byte, introduces)) at = sequenceEnd(bytes, at + 1);
    else if (is(byte, escapes)) {
      const end = nestedEnd(bytes, at);
      const near = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at);
      at = makesSequence(near.toString("latin1")) ? sequenceEnd(bytes, end) : end;
    } else {
      if (at >= counted && !is(byte, alone)) count += 1;
      at += 1;
    }
  }
  return count;
}

/** Behind all that may be written by escapes from here on, before a control sequence that is written as it is. */
function nestedEnd(bytes: Bytes, from: number): number {
  const most = Math.min(bytes.length, from + longestWritten);
  let end = Math.min(most, from + longestNested);
  for (let at = from + 1; at < end; at += 1) {
    if (is(bytes[at], introduces)) return at;
    // An escape's own characters may be escapes.
    if (is(bytes[at], escapes)) end = Math.min(most, at + longestNested);
  }
  return end;
}
