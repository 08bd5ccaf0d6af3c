/**
 * Search runs: text of scripts that put no spaces between words (Chinese,
 * Japanese, Thai …; Korean, whose particles stand at the words' ends) as single
 * letters, each a word of the index. What is typed is taken apart likewise and
 * looked for as a phrase, so a text is found wherever in a run it stands.
 */

/** Nothing below is of those scripts: most texts need no closer look. */
const likely = /[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\uffff]/;

const scripts = ["Han", "Hira", "Kana", "Bopo", "Hang", "Thai", "Laoo", "Khmr", "Mymr"];
/** A letter and the marks on it. */
const letter = new RegExp(
  `(?:(?=\\p{L}|\\p{N})[${scripts.map((script) => `\\p{scx=${script}}`).join("")}])\\p{M}*`,
  "gu",
);

/** The text with spaces around each such letter. */
export function apart(text: string): string {
  // One spelling of each letter: a mark of its own would not be part of it in the index.
  return likely.test(text) ? text.normalize("NFC").replaceAll(letter, " $& ") : text;
}
