/**
 * Search terms: what a person typed, taken apart: words, "phrases" and
 * beginnings*. Nothing in it is syntax of SQLite's: each term goes to the index
 * as a quoted string, so no text can be an error there.
 */
import { apart } from "./search-runs.js";

export interface SearchTerm {
  /** Lower case. */
  readonly text: string;
  /** As the full-text index is asked for it. */
  readonly match: string;
}

/** More of them narrow nothing down that these do not. */
const mostTerms = 12;

/** Takes a search apart; a quote that nothing closes is closed by the end. */
export function searchTerms(search: string): readonly SearchTerm[] {
  const terms: SearchTerm[] = [];
  for (const [, phrase, word] of search.matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const beginning = word !== undefined && word.length > 1 && word.endsWith("*");
    const text = (beginning ? word.slice(0, -1) : (word ?? phrase ?? "")).trim();
    if (text === "") continue;
    // A NUL would end the string for SQLite.
    const quoted = `"${apart(text.replaceAll("\0", " ")).replaceAll('"', '""')}"`;
    terms.push({ text: text.toLowerCase(), match: beginning ? `${quoted} *` : quoted });
  }
  return terms.slice(0, mostTerms);
}
