/**
 * Document lines: the part of the selected review that is on the screen, with
 * what the search found marked in the margin too, where colour is off.
 */
import type { ChalkInstance } from "chalk";
import { cutTo } from "../../output/width.js";
import { type DocumentLine, labelWidth, type Match, matchesIn } from "./document.js";
import type { InboxState } from "./inbox-state.js";

/** `room` lines from the line `first` on. */
export function documentLines(
  state: InboxState,
  colours: ChalkInstance,
  first: number,
  room: number,
): readonly string[] {
  const lines = state.document?.lines ?? [];
  const matches = state.open ? matchesIn(lines, state.search) : [];
  return lines.slice(first, first + room).map((line, index) => {
    const found = matches.filter((match) => match.line === first + index);
    const looked = found.some(({ number }) => number === state.match);
    const margin = looked ? "›" : found.length > 0 ? "·" : " ";
    const label =
      line.label === "" ? "" : colours.dim(cutTo(line.label, labelWidth - 1).padEnd(labelWidth));
    return `${margin} ${label}${marked(line, found, state.match, colours)}`;
  });
}

function marked(
  line: DocumentLine,
  found: readonly Match[],
  current: number,
  colours: ChalkInstance,
): string {
  const paint = paints(colours)[line.style];
  let at = 0;
  let text = "";
  for (const { from, to, number } of found) {
    const mark = number === current ? colours.inverse : colours.underline;
    text += paint(line.text.slice(at, from)) + mark(line.text.slice(from, to));
    at = to;
  }
  return text + paint(line.text.slice(at));
}

function paints(colours: ChalkInstance) {
  return {
    plain: String,
    strong: colours.bold,
    faint: colours.dim,
    heading: colours.cyan,
    alert: colours.red,
    good: colours.green,
  } as const;
}
