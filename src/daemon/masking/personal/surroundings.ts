/**
 * Surroundings: what stands near a number and says what it is. A bare nine
 * digits are anything; behind `passport no.` they are a passport's, and where
 * a line says nothing else they were asked for.
 */

/** Characters before and after a value in which a word is near. */
const wordsBefore = 64;
const wordsAfter = 32;
/** The longest line that is looked at. */
export const lineReach = 96;

export type Verdict = "yes" | "no" | "open";

/** A value with what stands before and after it, as much of both as a line may have. */
export interface Surroundings {
  readonly before: string;
  readonly written: string;
  readonly after: string;
  /** Whether more text may follow. */
  readonly goesOn: boolean;
}

/** The surroundings of a value in a text. */
export function surroundingsOf(
  text: string,
  start: number,
  end: number,
  whole: boolean,
): Surroundings {
  return {
    before: text.slice(Math.max(0, start - lineReach), start),
    written: text.slice(start, end),
    after: text.slice(end, end + lineReach),
    goesOn: !whole && text.length - end < lineReach,
  };
}

/** Compiles words to a look for one of them. */
export function wordsPattern(words: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\d])(?:${words})(?![\\p{L}])`, "u");
}

/** Whether one of the words is near; `open` where more text may bring it. */
export function isNear(words: RegExp, text: string, start: number, end: number, whole: boolean) {
  if (words.test(text.slice(Math.max(0, start - wordsBefore), start).toLowerCase())) return "yes";
  const after = text.slice(end, end + wordsAfter);
  const sentence = /[\n\r]/.exec(after)?.index ?? after.length;
  if (words.test(after.slice(0, sentence).toLowerCase())) return "yes";
  return whole || sentence < after.length || after.length === wordsAfter ? "no" : "open";
}

/** The name of a value in JSON that says no more of it than that it is one. */
const plainName =
  /^"(?:args?|arguments?|answer|body|content|data|input|message|note|output|params?|query|reply|result|string|text|values?)":"/i;
const conjunctions = /(?<!\p{L})(?:and|or|und|oder|y|o|e|et|ou|ve|och|ja)(?!\p{L})/gu;
/** Words with a digit in them: values themselves. */
const values = /[\p{L}-]{0,8}\d[\p{L}\d.-]{0,40}/gu;

/** Whether a line says nothing but values; `open` where it may go on. */
export function isAlone(text: string, start: number, end: number, whole: boolean): Verdict {
  const from = Math.max(0, start - lineReach);
  const before = text.slice(from, start);
  const line = before.slice(before.search(/[^\n\r]*$/));
  const said = line.replace(plainName, "");
  if (line.length === before.length && from > 0) return "no";
  const after = text.slice(end, end + lineReach);
  const stop = after.search(/[\n\r]/);
  if (stop === -1 && after.length === lineReach) return "no";
  const rest = `${said} ${stop === -1 ? after : after.slice(0, stop)}`.toLowerCase();
  if (/[\p{L}=]/u.test(rest.replace(values, " ").replace(conjunctions, " "))) return "no";
  return whole || stop !== -1 ? "yes" : "open";
}
