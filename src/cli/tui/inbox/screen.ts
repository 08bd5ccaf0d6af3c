/**
 * Screen: the inbox as lines for the terminal, as many as it has and none
 * wider. What was written by strangers is escaped, what is selected or found
 * shows without colour too, and only what is on the screen is drawn.
 */
import type { ChalkInstance } from "chalk";
import type { ReviewView } from "../../../contract/review-views.js";

import { escapeLine } from "../../output/escape.js";
import { coverText } from "../../output/review.js";
import { counted } from "../../output/time.js";
import { cutTo, widthOf } from "../../output/width.js";
import { wrapWords } from "../../output/words.js";
import { isOffered } from "./answering.js";
import { outcomeOf } from "./document.js";
import { documentLines } from "./document-lines.js";
import { helpLines } from "./help.js";
import { type InboxState, listed, selectedReview } from "./inbox-state.js";
import { layoutOf, leastColumns, leastLines } from "./layout.js";
import { listLines } from "./list-lines.js";

/** The lines of the whole screen. */
export function screenOf(state: InboxState, colours: ChalkInstance): readonly string[] {
  const { columns, lines } = state;
  const layout = layoutOf(columns, lines);
  if (!layout.fits) {
    const least = `hoopx approve needs ${leastColumns}×${leastLines}, this is ${columns}×${lines}`;
    const note = state.note === null ? [] : [escapeLine(state.note)];
    return filled(
      ["too small", least, "q quits", ...note].map((text) => cutTo(text, columns)),
      lines,
    );
  }
  const middle = state.help
    ? helpLines(columns, colours)
    : state.open
      ? documentLines(state, colours, state.scroll, layout.page)
      : listAndPreview(state, colours);
  const notes = noteLines(state, colours);
  return [
    heading(state, colours),
    ...filled([...middle], lines - 2 - notes.length),
    ...notes,
    keysLine(state, colours),
  ];
}

function listAndPreview(state: InboxState, colours: ChalkInstance): readonly string[] {
  const { list, preview } = layoutOf(state.columns, state.lines);
  const rows = filled([...listLines(state, colours, list)], list + 1);
  if (preview === 0 || state.document === null) return rows;
  const rule = colours.dim("─".repeat(state.columns));
  return [...rows, rule, ...documentLines(state, colours, 0, preview)];
}

function filled(lines: readonly string[], length: number): readonly string[] {
  return [...lines, ...Array<string>(Math.max(0, length - lines.length)).fill("")].slice(0, length);
}

/** Left and right text on one line; the left one is cut. */
function beside(left: string, right: string, columns: number, paint: (text: string) => string) {
  const room = Math.max(0, columns - widthOf(right) - 2);
  const text = cutTo(left, room);
  const gap = " ".repeat(Math.max(1, columns - widthOf(text) - widthOf(right)));
  return `${paint(text)}${gap}${right}`;
}

function heading(state: InboxState, colours: ChalkInstance): string {
  const { columns, reviews, filter } = state;
  const pending = reviews.filter(({ status }) => status === "pending").length;
  const shown =
    filter.trim() === "" ? "" : ` · filter ${escapeLine(filter)}: ${listed(state).length}`;
  const title = state.open
    ? titleOf(selectedReview(state))
    : `${counted(pending, "review")} pending${shown}`;
  const link = { connecting: "connecting …", live: "live", lost: "not connected" }[state.link];
  const line = beside(`hoopx approve · ${title}`, link, columns, colours.bold);
  if (state.link === "live") return line;
  return `${line.slice(0, line.length - link.length)}${colours.red(link)}`;
}

function titleOf(review: ReviewView | undefined): string {
  return review === undefined ? "" : `${review.id} · ${outcomeOf({ ...review, comment: null })}`;
}

/** One line, but for what a person has to read to its end before they answer. */
function noteLines(state: InboxState, colours: ChalkInstance): readonly string[] {
  const { prompt, columns, reviews } = state;
  if (prompt?.kind !== "confirm") return [noteLine(state, colours)];
  const review = reviews.find(({ id }) => id === prompt.id);
  const settled = review === undefined || review.status !== "pending";
  const text = settled
    ? `already ${review === undefined ? "settled" : outcomeOf(review)} (Esc)`
    : `approve this${coverText(review, prompt.body)}?`;
  const paint = settled ? colours.red : colours.bold;
  return wrapWords(escapeLine(text), columns)
    .slice(0, 6)
    .map(({ piece }) => paint(piece));
}

/** What stands in the way first, then what the last key led to, then where one is. */
function noteLine(state: InboxState, colours: ChalkInstance): string {
  const { columns, prompt, selected, answers, note } = state;
  if (prompt !== null) return promptLine(state, colours);
  const cut = (text: string) => cutTo(escapeLine(text), columns);
  if (state.quitting)
    return cut(`ending: ${counted(answers.length, "answer")} on the way (Ctrl-C again leaves)`);
  if (note !== null) return colours.bold(cut(note));
  const refusal = selected === null ? undefined : state.refusals.get(selected);
  if (refusal !== undefined) return colours.red(cut(`refused: ${refusal}`));
  if (state.link === "lost")
    return colours.red(cut(`${state.linkNote ?? "the daemon is gone"}; trying again`));
  if (answers.length > 0) return cut(`${counted(answers.length, "answer")} on the way`);
  if (!state.open) return "";
  const { page } = layoutOf(columns, state.lines);
  const all = state.document?.lines.length ?? 0;
  return colours.dim(
    cut(`lines ${state.scroll + 1}–${Math.min(all, state.scroll + page)} of ${all}`),
  );
}

function promptLine(state: InboxState, colours: ChalkInstance): string {
  const { prompt, columns, reviews } = state;
  if (prompt === null) return "";
  if (prompt.kind === "refused") {
    return colours.red(cutTo(`${escapeLine(prompt.why)}: nothing is typed (Esc)`, columns));
  }
  const review = prompt.kind === "deny" ? reviews.find(({ id }) => id === prompt.id) : undefined;
  const settled = review !== undefined && review.status !== "pending";
  const label =
    prompt.kind === "deny"
      ? settled
        ? `already ${outcomeOf({ ...review, comment: null })} (Esc)`
        : "deny, comment"
      : prompt.kind;
  const shown = escapeLine(prompt.text);
  const name = cutTo(escapeLine(label), Math.floor(columns / 2));
  const room = columns - widthOf(name) - 3;
  return `${settled ? colours.red(name) : colours.bold(name)}: ${tailOf(shown, room)}${colours.inverse("▏")}`;
}

/** The end of a text that is being typed, where it is too long. */
function tailOf(text: string, width: number): string {
  const characters = [...text];
  while (characters.length > 0 && widthOf(characters.join("")) > width) characters.shift();
  return characters.join("");
}

const promptKeys = {
  deny: "Enter denies · Esc does not",
  confirm: "y approves · Esc does not",
  refused: "Esc",
  filter: "Enter · Esc",
  search: "Enter · Esc",
} as const;

function keysLine(state: InboxState, colours: ChalkInstance): string {
  const { prompt, columns } = state;
  const keys = prompt === null ? commandKeys(state) : promptKeys[prompt.kind];
  return colours.dim(cutTo(keys, columns));
}

/** What can be done with the selected review: what its rule forbids is not offered. */
function commandKeys(state: InboxState): string {
  const review = selectedReview(state);
  const pending = review?.status === "pending";
  const keys = [
    pending ? "a once" : "",
    pending && isOffered(review, "session") ? "s session" : "",
    pending && isOffered(review, "time") ? "t 15 min" : "",
    pending ? "d deny" : "",
    "n next",
    ...(state.open ? ["/ search", "q back", "? help"] : ["⏎ open", "f filter", "?", "q"]),
  ];
  return keys.filter((key) => key !== "").join(" · ");
}
