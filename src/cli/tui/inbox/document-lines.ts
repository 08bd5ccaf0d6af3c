/**
 * Document lines: the part of the selected review that is on the screen, with
 * what the search found marked in the margin too, where colour is off.
 */
import type { ChalkInstance } from "chalk";
import { cutTo } from "../../output/width.js";
import { markedText, matchesIn, matchMark } from "../line-matches.js";
import { labelWidth } from "./document.js";
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
    const margin = matchMark(found, state.match);
    const label =
      line.label === "" ? "" : colours.dim(cutTo(line.label, labelWidth - 1).padEnd(labelWidth));
    const paint = paints(colours)[line.style];
    return `${margin} ${label}${markedText(line.text, found, state.match, { colours, paint })}`;
  });
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
