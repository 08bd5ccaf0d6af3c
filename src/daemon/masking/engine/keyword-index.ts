/**
 * Keyword index: finds which of many keywords stand in a text that is whole.
 * Of each keyword its three rarest characters in a row are looked for, all at
 * once in a table of bits; what is around them is compared only where they
 * are. That is several times as fast as an automaton, which can stop anywhere.
 */
import { stepwise } from "./steps.js";

export interface IndexedKeyword {
  /** ASCII, three characters or more; without capitals unless `exact`. */
  readonly text: string;
  /** Found in the case it is written in only. */
  readonly exact: boolean;
}

export interface KeywordIndex {
  /**
   * Tells of each keyword by its number and where it begins, in about that order, until `found`
   * says that this was enough; whether it did.
   */
  search(text: string, found: (keyword: number, start: number) => boolean): boolean;
}

interface Entry {
  readonly number: number;
  readonly text: string;
  readonly exact: boolean;
  /** From the keyword's beginning to its rarest characters' last. */
  readonly offset: number;
}

/** ASCII with its capitals as small letters. */
const folded = Uint8Array.from({ length: 128 }, (_, code) =>
  code >= 0x41 && code <= 0x5a ? code + 32 : code,
);

/** Keywords of one step. */
const stride = 500;

/** Creates the index. */
export function createKeywordIndex(keywords: readonly IndexedKeyword[]): KeywordIndex {
  return stepwise(() => keywordIndexSteps(keywords)).result();
}

/** The same in steps, for callers that must not hold up others. */
export function* keywordIndexSteps(
  keywords: readonly IndexedKeyword[],
): Generator<void, KeywordIndex> {
  const byCode = new Map<number, Entry[]>();
  for (const [number, { text, exact }] of keywords.entries()) {
    if (number % stride === 0) yield;
    const at = rarest(text, exact);
    const entry = { number, text, exact, offset: at + 2 };
    for (const code of codesOf(text.slice(at, at + 3), exact)) {
      const those = byCode.get(code);
      if (those === undefined) byCode.set(code, [entry]);
      else those.push(entry);
    }
  }
  yield;
  const entries = [...byCode.values()];
  const bits = new Uint8Array(1 << 18);
  const earlier = Int32Array.from(entries, earlierOf);
  const { codes, places } = tableOf([...byCode.keys()]);
  for (const code of byCode.keys()) {
    bits[code >>> 3] = (bits[code >>> 3] as number) | (1 << (code & 7));
  }

  return {
    search(text, found) {
      let code = 0;
      const length = text.length;
      for (let at = 0; at < length; at += 1) {
        const next = text.charCodeAt(at);
        // What is not ASCII is in no keyword, and neither is a zero.
        code = ((code << 7) | (next < 128 ? next : 0)) & 0x1f_ffff;
        if (((bits[code >>> 3] as number) & (1 << (code & 7))) === 0) continue;
        let slot = slotOf(code);
        while (codes[slot] !== code) slot = (slot + 1) & slotMask;
        const place = places[slot] as number;
        // Most of them are seen to be none by the character before.
        if (((earlier[place] as number) & (1 << (text.charCodeAt(at - 3) & 31))) === 0) continue;
        const here = entries[place] as readonly Entry[];
        for (let index = 0; index < here.length; index += 1) {
          const entry = here[index] as Entry;
          const start = at - entry.offset;
          if (start >= 0 && stands(entry, text, start) && found(entry.number, start)) return true;
        }
      }
      return false;
    },
  };
}

/** By their last five bits, the characters that may stand before these; all where none has to. */
function earlierOf(entries: readonly Entry[]): number {
  return entries.reduce(
    (mask, { text, offset }) =>
      offset === 2 ? -1 : mask | (1 << (text.charCodeAt(offset - 3) & 31)),
    0,
  );
}

const slotMask = 0x3fff;
const slotOf = (code: number) => (Math.imul(code, 0x9e37_79b1) >>> 18) & slotMask;

/** Where each code is in the list, found without a `Map`: it is asked for very often. */
function tableOf(list: readonly number[]) {
  if (list.length > slotMask / 2) throw new Error("there are too many keywords");
  const codes = new Int32Array(slotMask + 1).fill(-1);
  const places = new Uint16Array(slotMask + 1);
  list.forEach((code, place) => {
    let slot = slotOf(code);
    while (codes[slot] !== -1) slot = (slot + 1) & slotMask;
    codes[slot] = code;
    places[slot] = place;
  });
  return { codes, places };
}

function stands({ text: keyword, exact }: Entry, text: string, start: number): boolean {
  if (exact) return text.startsWith(keyword, start);
  for (let at = 0; at < keyword.length; at += 1) {
    // Behind the text's end it is no number, and nothing it could be equal to.
    if (folded[text.charCodeAt(start + at)] !== keyword.charCodeAt(at)) return false;
  }
  return true;
}

/** Where a keyword's three rarest characters in a row begin. */
export function rarest(text: string, exact: boolean): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let first = commonness(text, 0, exact);
  for (let at = 0; at + 3 <= text.length; at += 1) {
    const second = commonness(text, at + 1, exact);
    if (first * second < least) {
      best = at;
      least = first * second;
    }
    first = second;
  }
  return best;
}

/** Letters as they are common in prose and code, the commonest first; and so pairs of them. */
const letters = "etaoinsrhldcumfpgwybvkxjqz";
const pairs =
  "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi " +
  "ri ro ic ne ea ra ce li ch ll be ma si om ur ct et ta ex po pe na cr tr un mo op ty yp ss us fi lo el ut";
const commonPairs = new Set(pairs.split(" "));

/** About how often two characters stand in a row. */
function commonness(text: string, at: number, exact: boolean): number {
  const alone =
    commonnessOf(text.charCodeAt(at), exact) * commonnessOf(text.charCodeAt(at + 1), exact);
  return commonPairs.has(text.slice(at, at + 2)) ? alone * 4 : alone;
}

function commonnessOf(code: number, exact: boolean): number {
  if (code >= 0x61 && code <= 0x7a) return 28 - letters.indexOf(String.fromCharCode(code));
  return code === 0x20 && !exact ? 24 : 5;
}

/** The three characters as numbers, in either case where that makes no difference. */
export function codesOf(three: string, exact: boolean): readonly number[] {
  let codes = [0];
  for (let at = 0; at < three.length; at += 1) {
    const one = three.charCodeAt(at);
    const other = exact || one < 0x61 || one > 0x7a ? one : one - 32;
    const next = codes.map((code) => (code << 7) | one);
    if (other !== one) next.push(...codes.map((code) => (code << 7) | other));
    codes = next;
  }
  return codes;
}
