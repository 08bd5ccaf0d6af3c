/**
 * Line matches: where lines that were wrapped have a text, whatever its case:
 * one that is broken over lines is found too, and marked on each of them.
 */
import type { ChalkInstance } from "chalk";

export interface WrappedLine {
  readonly text: string;
  /** Where its text begins in the unwrapped line that it is a piece of. */
  readonly offset: number;
}

/** A found text, or the piece of it on one line. */
export interface LineMatch {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** Counted from 0; pieces of one have the same. */
  readonly number: number;
}

/** Where the lines have this text. */
export function matchesIn(lines: readonly WrappedLine[], search: string): readonly LineMatch[] {
  const wanted = search.toLowerCase();
  if (wanted === "") return [];
  const found: LineMatch[] = [];
  let number = 0;
  for (let first = 0; first < lines.length; ) {
    let end = first + 1;
    while ((lines[end]?.offset ?? 0) > 0) end += 1;
    const whole = lines.slice(first, end);
    const text = whole
      .map((line) => line.text)
      .join("")
      .toLowerCase();
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
      whole.forEach((line, index) => {
        const from = Math.max(0, at - line.offset);
        const to = Math.min(line.text.length, at + wanted.length - line.offset);
        if (from < to) found.push({ line: first + index, from, to, number });
      });
      number += 1;
    }
    first = end;
  }
  return found;
}

/** In the margin: `›` where the match is that is looked at, `·` where another is. */
export function matchMark(found: readonly LineMatch[], current: number | null): string {
  if (found.some(({ number }) => number === current)) return "›";
  return found.length > 0 ? "·" : " ";
}

/** A line's text, painted, with its matches marked. */
export function markedText(
  text: string,
  found: readonly LineMatch[],
  current: number | null,
  { colours, paint }: { readonly colours: ChalkInstance; readonly paint: (text: string) => string },
): string {
  let at = 0;
  let painted = "";
  for (const { from, to, number } of found) {
    const mark = number === current ? colours.inverse : colours.underline;
    painted += paint(text.slice(at, from)) + mark(text.slice(from, to));
    at = to;
  }
  return painted + paint(text.slice(at));
}
