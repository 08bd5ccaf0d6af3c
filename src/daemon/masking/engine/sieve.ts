/**
 * Sieve: whether anything may be found in bytes that are no text: a picture, a
 * program, an archive. Each byte is a character, and nearly none of them is
 * near a keyword. One pass over pairs of bytes finds what may be one, as it is
 * or once pieces are decoded (escapes.ts, control-sequences.ts); a part around
 * it is looked at by the screen, as far as the rules of that keyword reach. It
 * never says no where reading all of the bytes finds something.
 *
 * Why none is missed: of a keyword that stands in the decoded text and not in
 * the bytes, one piece is the first in it. What stands before and behind that
 * piece is then in a row in a keyword, or is a piece itself; and the same holds
 * for an escape or a run of base64 that is there only once others are decoded.
 */
import { base64Runs, leastRun } from "./base64.js";
import { withoutControlSequences } from "./control-sequences.js";
import { escapes, withoutEscapes } from "./escapes.js";
import type { Finder } from "./finding.js";
import { deepest } from "./reading.js";
import { holdsAny } from "./screen.js";
import {
  isBase64,
  isBehindEscape,
  isInEscape,
  isInSequence,
  isIntroducer,
  longestSequence,
  makesSequence,
  mayBeEscape,
  type Part,
  partAround,
  sequenceEnds,
} from "./sieve-bytes.js";
import { ofKeyword, ofPiece, type SieveKeywords, sieveKeywordSteps } from "./sieve-keywords.js";

/** Whether something may be found in these bytes; yields after some milliseconds. */
export type Sieve = (bytes: Buffer) => Generator<void, boolean>;

/** Bytes between two yields, and characters of parts that are looked at. */
const stride = 1 << 18;
const mostLookedAt = 1 << 16;
/** A longer run of base64 is read in steps. */
const longestRun = 1 << 16;
const longestEscape = 9;

/** Makes the sieve of these finders, in steps; undefined where one of them has no keywords. */
export function* sieveSteps(finders: readonly Finder[]): Generator<void, Sieve | undefined> {
  const lists = finders.map(({ keywords }) => keywords?.());
  if (lists.length === 0 || lists.includes(undefined)) return undefined;
  const keywords = yield* sieveKeywordSteps(lists.flatMap((list) => list ?? []));
  return function* sieve(bytes) {
    const look = openLook(bytes, finders, keywords);
    for (let at = 0; at < bytes.length; ) {
      const next = look(at, Math.min(bytes.length, at + stride));
      if (next === undefined) return true;
      at = next;
      yield;
    }
    return false;
  };
}

/** Looks through bytes from an even place on; says how far it came, undefined where something may be there. */
function openLook(
  bytes: Buffer,
  finders: readonly Finder[],
  { pairs, hasPair, hasThree, hasRarest, reachIn, longest }: SieveKeywords,
) {
  /** Where pieces end that were seen, by the last bits of the place. */
  const ends = new Int32Array(2048).fill(-1);
  let runsTo = 0;
  let lookedAt = 0;
  const plain = createSeen();
  const clean = createSeen();

  return function look(from: number, to: number): number | undefined {
    lookedAt = 0;
    if (mayBeInRuns(to)) return undefined;
    const last = bytes.length - 1;
    // No further than runs were read.
    const end = Math.min(to, Math.max(from, runsTo - (runsTo % 2)) + 2 * leastRun);
    lookedAt = 0;
    for (let at = from; at < end; at += 2) {
      const first = bytes[at] as number;
      const second = at === last ? 0xff : (bytes[at + 1] as number);
      const kind = pairs[(first << 8) | second] as number;
      if (kind === 0) continue;
      if ((kind & ofKeyword) !== 0 && mayBeKeyword(at)) return undefined;
      if ((kind & ofPiece) !== 0) {
        if (first === 0 && second === 0 && bytes[at - 1] === 0) continue;
        if (isIntroducer(first) && mayBeInPiece(at)) return undefined;
        if (isIntroducer(second) && mayBeInPiece(at + 1)) return undefined;
      }
      if (lookedAt > mostLookedAt) return at + 2;
    }
    return end;
  };

  /** Two bytes of a keyword stand here. */
  function mayBeKeyword(at: number): boolean {
    const before = bytes[at - 1] ?? 128;
    const first = bytes[at] as number;
    const second = bytes[at + 1] ?? 128;
    if (!hasRarest(before, first, second) && !hasRarest(first, second, bytes[at + 2] ?? 128)) {
      return false;
    }
    const start = Math.max(0, at - longest);
    const reach = reachIn(textOf({ start, end: Math.min(bytes.length, at + longest) }));
    return reach > 0 && mayHold({ start: at, end: at + 2 }, reach + longest);
  }

  /** Something that may begin a piece stands here. */
  function mayBeInPiece(at: number): boolean {
    const byte = bytes[at] as number;
    if (byte === 0x5c || byte === 0x25 || byte === 0x26) return mayBeInEscape(at);
    if (byte === 0 && at > 0 && bytes[at - 1] === 0) return false;
    let found = false;
    for (let end of sequenceEnds(bytes, at)) {
      if (byte === 0) end = zerosEnd(end);
      ends[end & 2047] = end;
      if (joins(at, end)) found = true;
      if (found && mayBeAround({ start: at, end })) return true;
    }
    return false;
  }

  function zerosEnd(from: number): number {
    let end = from;
    const { length } = zeros;
    while (end + length <= bytes.length && bytes.compare(zeros, 0, length, end, end + length) === 0)
      end += length;
    while (bytes[end] === 0) end += 1;
    return end;
  }

  function mayBeInEscape(at: number): boolean {
    const piece = escapeAt(at);
    if (piece === undefined) return false;
    const end = at + piece.length;
    ends[end & 2047] = end;
    const said = escapes.read(piece).charCodeAt(0);
    const looks = isIntroducer(said) || joins(at, end, said);
    const inSequence = isInSequence(bytes, at, said);
    return (looks || inSequence) && mayBeAround({ start: at, end }, inSequence);
  }

  function escapeAt(at: number): string | undefined {
    // Nearly all of them are seen to be none by the character behind.
    if (!mayBeEscape(bytes[at], bytes[at + 1])) return undefined;
    escapes.pieces.lastIndex = 0;
    const found = escapes.pieces.exec(textOf({ start: at, end: at + longestEscape }));
    return found?.index === 0 ? found[0] : undefined;
  }

  function beginsPiece(at: number): boolean {
    const byte = bytes[at];
    if (!isIntroducer(byte)) return false;
    if (byte === 0x5c || byte === 0x25 || byte === 0x26) return escapeAt(at) !== undefined;
    return sequenceEnds(bytes, at).length > 0;
  }

  /**
   * May what a piece stands for, or nothing in its place, be in the middle of a keyword, of an
   * escape or of a run of base64?
   */
  function joins(start: number, end: number, said?: number): boolean {
    const before = bytes[start - 1];
    const behind = bytes[end];
    if (ends[start & 2047] === start || beginsPiece(end)) return true;
    const left = [bytes[start - 2], before];
    const right = [behind, bytes[end + 1]];
    if (said === undefined) {
      if (hasThree(left[0], before, behind) || hasThree(before, behind, right[1])) return true;
      if (hasPair(before, behind) && beginsPiece(end + 1)) return true;
      if (isInEscape(before) && isInEscape(behind) && isBehindEscape(bytes, start)) return true;
    } else {
      if (hasThree(left[0], before, said) || hasThree(before, said, behind)) return true;
      if (hasThree(said, behind, right[1])) return true;
      if (hasPair(said, behind) && beginsPiece(end + 1)) return true;
      if (isInEscape(said) && isBehindEscape(bytes, start)) return true;
    }
    return isInRun(start, end, said);
  }

  /** Is there a run of base64 once a piece is decoded that is not there in the bytes? */
  function isInRun(start: number, end: number, said: number | undefined): boolean {
    const goesOn = isBase64(bytes[end]);
    const joined = said === undefined ? goesOn && isBase64(bytes[start - 1]) : isBase64(said);
    // The run behind it may have begun with the piece's own last letter.
    if (!joined && !(goesOn && isBase64(bytes[end - 1]))) return false;
    let count = said !== undefined && joined ? 1 : 0;
    if (joined)
      for (let at = start - 1; count < leastRun && isBase64(bytes[at]); at -= 1) count += 1;
    let at = end;
    for (; count < leastRun && isBase64(bytes[at]); at += 1) count += 1;
    return count >= leastRun || beginsPiece(at);
  }

  /** Is there a keyword, or a run of base64, around a piece once all is decoded, and more with it? */
  function mayBeAround(piece: Part, inSequence = false): boolean {
    const least = longest + 3;
    // Behind all that a control sequence may hold a keyword may go on.
    const most = least + longestSequence;
    if (plain.covers(piece, inSequence ? most : least)) return false;
    const stretch = plain.next(piece, bytes.length);
    let near = partAround(bytes, stretch, least);
    const isWide = inSequence || (near !== undefined && makesSequence(textOf(near)));
    if (isWide) near = partAround(bytes, stretch, most);
    if (near === undefined) return true;
    lookedAt += near.end - near.start;
    const needed = reachAround(textOf(near));
    if (needed > 0 && mayHold(near, needed + longest)) return true;
    plain.add(stretch, isWide ? most : least);
    return false;
  }

  function reachAround(text: string, depth = 0, shown = false): number {
    let reach = Math.max(reachIn(text), depth > 0 && longRun.test(text) ? 1 : 0);
    if (depth === deepest) return reach;
    const decoded = withoutEscapes(text);
    if (decoded !== text) reach = Math.max(reach, reachAround(decoded, depth + 1, shown));
    const seen = shown ? text : withoutControlSequences(text);
    if (seen !== text) reach = Math.max(reach, reachAround(seen, depth + 1, true));
    return reach;
  }

  /** What the screen says of the part around a stretch. */
  function mayHold(wanted: Part, reach: number): boolean {
    if (clean.covers(wanted, reach)) return false;
    const stretch = clean.next(wanted, bytes.length);
    const part = partAround(bytes, stretch, reach);
    if (part === undefined) return true;
    lookedAt += part.end - part.start;
    if (holdsAny(finders, textOf(part), 0, false, true)) return true;
    clean.add(stretch, reach);
    return false;
  }

  /** Runs of base64 as they stand in the bytes, up to those that begin before a place. */
  function mayBeInRuns(to: number): boolean {
    while (runsTo < to && runsTo + leastRun <= bytes.length && lookedAt < mostLookedAt) {
      const probe = runsTo + leastRun - 1;
      if (!isBase64(bytes[probe])) {
        runsTo = probe + 1;
        continue;
      }
      let start = probe;
      while (start > runsTo && isBase64(bytes[start - 1])) start -= 1;
      let end = probe;
      while (isBase64(bytes[end]) && end - start <= longestRun) end += 1;
      if (end - start > longestRun) return true;
      runsTo = end;
      if (end - start < leastRun) continue;
      // Each costs as much as some more of it would.
      lookedAt += end - start + leastRun;
      const holds = (run: string) => holdsAny(finders, run, 1);
      if (base64Runs(textOf({ start, end }), holds)) return true;
    }
    return false;
  }

  function textOf({ start, end }: Part): string {
    return bytes.toString("latin1", start, end);
  }
}

/** The last stretch that nothing was around, as far as the reach says. */
function createSeen() {
  let seen: Part = { start: 0, end: 0 };
  let seenReach = 0;
  let more = 0;
  return {
    covers: ({ start, end }: Part, reach: number): boolean =>
      start >= seen.start && end <= seen.end && reach <= seenReach,
    /** What to look at: more and more at once where one thing is right behind the other. */
    next({ start, end }: Part, most: number): Part {
      more = start <= seen.end + leastApart ? Math.min(mostAtOnce, 2 * more + leastApart) : 0;
      return { start, end: Math.min(most, end + more) };
    },
    add(stretch: Part, reach: number): void {
      seen = stretch;
      seenReach = reach;
    },
  };
}

const zeros = Buffer.alloc(4096);
const leastApart = 128;
const mostAtOnce = 1 << 15;
const longRun = new RegExp(`[A-Za-z0-9+/_-]{${leastRun}}`);
