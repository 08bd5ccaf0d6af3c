/**
 * Sieve keywords: the keywords of all finders as the sieve looks for them: two
 * bytes at a time in a table, then three, then as they are written.
 */
import type { FinderKeyword } from "./finding.js";
import { codesOf, keywordIndexSteps, rarest } from "./keyword-index.js";
import { isIntroducer } from "./sieve-bytes.js";

export interface SieveKeywords {
  /** By two bytes in a row, the first one higher: what may be there; 0 for nearly all. */
  readonly pairs: Uint8Array;
  /** Do these two stand beside each other in a keyword? */
  hasPair(first: number | undefined, second: number | undefined): boolean;
  /** The same of three. */
  hasThree(...three: readonly (number | undefined)[]): boolean;
  /** Are these the three that one of the keywords is looked for by? */
  hasRarest(first: number, second: number, third: number): boolean;
  /** How far around a keyword in a text its finders look; 0 where there is none. */
  reachIn(text: string): number;
  /** The longest of them. */
  readonly longest: number;
}

/** In `pairs`: of the three that a keyword is looked for by; and what may be decoded. */
export const ofKeyword = 1;
export const ofPiece = 2;

/** Makes the tables, in steps. */
export function* sieveKeywordSteps(
  given: readonly FinderKeyword[],
): Generator<void, SieveKeywords> {
  const keywords = eachOnce(given);
  const pairs = new Uint8Array(1 << 16);
  const inRow = new Uint8Array(1 << 14);
  const threes = createCodes();
  const rare = createCodes();
  for (const [number, { text, exact }] of keywords.entries()) {
    if (number % 100 === 0) yield;
    const found = rarest(text, exact);
    for (let at = 0; at + 3 <= text.length; at += 1) {
      for (const code of codesOf(text.slice(at, at + 3), exact)) {
        threes.add(code);
        inRow[code >>> 7] = 1;
        inRow[code & 0x3fff] = 1;
        if (at !== found) continue;
        rare.add(code);
        for (const two of [code >>> 7, code & 0x3fff]) {
          pairs[((two >>> 7) << 8) | (two & 0x7f)] = ofKeyword;
        }
      }
    }
  }
  for (let byte = 0; byte < 256; byte += 1) {
    if (!isIntroducer(byte)) continue;
    for (let other = 0; other < 256; other += 1) {
      for (const pair of [(byte << 8) | other, (other << 8) | byte]) {
        pairs[pair] = (pairs[pair] as number) | ofPiece;
      }
    }
  }
  const index = yield* keywordIndexSteps(keywords);

  return {
    pairs,
    hasPair: (first = 128, second = 128) =>
      first < 128 && second < 128 && inRow[(first << 7) | second] === 1,
    hasThree: (first = 128, second = 128, third = 128) =>
      first < 128 &&
      second < 128 &&
      third < 128 &&
      threes.has((first << 14) | (second << 7) | third),
    hasRarest: (first, second, third) =>
      first < 128 && second < 128 && third < 128 && rare.has((first << 14) | (second << 7) | third),
    reachIn(text) {
      let reach = 0;
      index.search(text, (keyword) => {
        reach = Math.max(reach, keywords[keyword]?.reach ?? 0);
        return false;
      });
      return reach;
    },
    longest: keywords.reduce((most, { text }) => Math.max(most, text.length), 0),
  };
}

/** Each keyword with the farthest reach that it has. */
function eachOnce(keywords: readonly FinderKeyword[]): readonly FinderKeyword[] {
  const byText = new Map<string, FinderKeyword>();
  for (const keyword of keywords) {
    const key = `${keyword.exact} ${keyword.text}`;
    const known = byText.get(key);
    if (known === undefined || known.reach < keyword.reach) byText.set(key, keyword);
  }
  return [...byText.values()];
}

/** A set of numbers of 21 bits. */
function createCodes() {
  const bits = new Uint8Array(1 << 18);
  return {
    add(code: number) {
      bits[code >>> 3] = (bits[code >>> 3] as number) | (1 << (code & 7));
    },
    has: (code: number) => ((bits[code >>> 3] as number) & (1 << (code & 7))) !== 0,
  };
}
