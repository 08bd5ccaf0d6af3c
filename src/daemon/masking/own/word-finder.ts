/**
 * Word finder: a list of words of the user's own, many thousand of them, each
 * found in any case and as a whole word only. The text is cut into words once,
 * and each is looked up: the work does not grow with the list.
 */
import type { Finder, Finding } from "../engine/finding.js";

export interface WordList {
  /** The detector's name. */
  readonly name: string;
  /** Words, and phrases of several. */
  readonly words: readonly string[];
}

/** A character of a script that puts no space between words is a word of its own. */
const token =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{M}\p{N}_])+/gu;

/** Phrases with the same first word. */
interface Family {
  /** Characters before the first word: the `@` of `@acme`. */
  readonly before: number;
  readonly phrases: Set<string>;
  readonly lengths: Set<number>;
}

/** Creates the finder of a list; words without a letter or digit are not found. */
export function createWordFinder(list: WordList): Finder {
  const families = new Map<string, Family[]>();
  const phrases = list.words.map((word) => lowered(word.trim()));
  for (const phrase of phrases) note(phrase);
  const sorted = [...new Set(phrases)].filter((phrase) => phrase !== "").sort();
  const longest = phrases.reduce((most, { length }) => Math.max(most, length), 0);

  return {
    // What stands before the first word and the characters beside a phrase are looked at too.
    reach: 2 * longest + 2,
    find(text) {
      const low = lowered(text);
      const findings: Finding[] = [];
      for (const { 0: word, index } of low.matchAll(token)) {
        const place = longestAt(low, word, index);
        if (place !== undefined) findings.push({ detector: list.name, ...place });
      }
      return findings;
    },
    pending(text) {
      const from = Math.max(0, text.length - longest - 1);
      const low = lowered(text.slice(from));
      for (const start of startsIn(low)) {
        // From the first character on: who lists words wants none of them seen in part.
        if (isBeginning(low.slice(start))) return from + start;
      }
      return text.length;
    },
  };

  function note(phrase: string): void {
    const first = phrase.match(token)?.[0];
    if (first === undefined) return;
    const before = phrase.indexOf(first);
    const known = families.get(first) ?? [];
    families.set(first, known);
    let family = known.find((one) => one.before === before);
    if (family === undefined) {
      family = { before, phrases: new Set(), lengths: new Set() };
      known.push(family);
    }
    family.phrases.add(phrase);
    family.lengths.add(phrase.length);
  }

  function longestAt(low: string, word: string, index: number) {
    let found: { start: number; end: number } | undefined;
    for (const { before, phrases: some, lengths } of families.get(word) ?? []) {
      const start = index - before;
      if (start < 0) continue;
      for (const length of lengths) {
        const end = start + length;
        if (found !== undefined && end <= found.end) continue;
        if (some.has(low.slice(start, end)) && isCut(low, end)) found = { start, end };
      }
    }
    return found;
  }

  function isBeginning(rest: string): boolean {
    return sorted[placeOf(rest)]?.startsWith(rest) === true;
  }

  /** Where it stands in the list or would. */
  function placeOf(phrase: string): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as string) < phrase) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Where a phrase may begin: at every word, and at every sign that is no part of one. */
function* startsIn(low: string): Generator<number> {
  let at = 0;
  for (const { 0: word, index } of low.matchAll(token)) {
    for (; at < index; at += 1) yield at;
    yield index;
    at = index + word.length;
  }
  for (; at < low.length; at += 1) yield at;
}

/** Whether no word goes on over this place. */
function isCut(low: string, at: number): boolean {
  const around = low.slice(Math.max(0, at - 2), at + 2);
  const middle = Math.min(2, at);
  for (const { 0: word, index } of around.matchAll(token)) {
    if (index < middle && index + word.length > middle) return false;
  }
  return true;
}

/** In lower case, at the same length: letters whose small form is longer stay. */
function lowered(text: string): string {
  const low = text.toLowerCase();
  if (low.length === text.length) return low;
  return Array.from(text, (char) => {
    const small = char.toLowerCase();
    return small.length === char.length ? small : char;
  }).join("");
}
