/**
 * Search words: a text as the index takes words out of it. Where a script puts
 * no space between words, each of its characters becomes one, so that a piece
 * of a run is found as the phrase of its characters, wherever it stands.
 */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const ascii = /^[\0-\x7f]*$/;

/** The text with spaces around such characters; for the index and for what it is asked. */
export function searchWords(text: string): string {
  return ascii.test(text) ? text : text.replace(unspaced, " $& ");
}
