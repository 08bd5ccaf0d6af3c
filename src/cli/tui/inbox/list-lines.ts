/**
 * List lines: the window of the list that is shown, a review a line: how it
 * stands, how long it has waited, who asks with which program, for what, by
 * which rule, and how long there is. Columns that find no room go.
 */
import type { ChalkInstance } from "chalk";
import type { ReviewView } from "../../../contract/review-views.js";
import { escapeLine } from "../../output/escape.js";
import { subjectText } from "../../output/operation.js";
import { personName } from "../../output/person.js";
import { ruleNames } from "../../output/review.js";
import { cutTo, widthOf } from "../../output/width.js";
import { outcomeOf } from "./document.js";
import { type InboxState, listed } from "./inbox-state.js";

interface Cell {
  readonly title: string;
  /** Cells on a screen of this width; 0: it is left out. */
  readonly width: (columns: number) => number;
  readonly text: (review: ReviewView, state: InboxState) => string;
  readonly right?: true;
}

/** `what` takes what the others leave. */
const cells: readonly Cell[] = [
  {
    title: "AGE",
    width: () => 4,
    text: ({ createdAt }, { now }) => brief(now - Date.parse(createdAt)),
    right: true,
  },
  {
    title: "WHO",
    width: (columns) => (columns < 70 ? 8 : columns < 100 ? 11 : 20),
    text: ({ identity }) => personName(identity),
  },
  {
    title: "COMMAND",
    width: (columns) => (columns < 100 ? 0 : 22),
    text: ({ process }) => process.command,
  },
  { title: "WHAT", width: () => 0, text: whatOf },
  {
    title: "RULE",
    width: (columns) => (columns < 60 ? 0 : columns < 100 ? 14 : 22),
    text: (review) => (review.rule === null ? "-" : ruleNames(review)),
  },
  {
    title: "LEFT",
    width: () => 4,
    text: ({ status, expiresAt }, { now }) =>
      status === "pending" ? brief(Date.parse(expiresAt) - now) : "",
    right: true,
  },
];

/** Titles, then as many rows as there is room for. */
export function listLines(
  state: InboxState,
  colours: ChalkInstance,
  room: number,
): readonly string[] {
  const { columns, top, selected } = state;
  const shown = listed(state);
  const fitted = fitCells(columns - 4);
  const titles = colours.dim(`    ${lineOf(fitted, ({ title }) => title)}`);
  if (shown.length === 0) return [titles, "", cutTo(`    ${emptyText(state)}`, columns)];
  const rows = shown.slice(top, top + room).map((review) => {
    const line = `${review.id === selected ? "›" : " "} ${markOf(state, review)} ${lineOf(
      fitted,
      (cell) => (cell.title === "WHAT" ? situation(state, review) : cell.text(review, state)),
    )}`;
    if (review.id === selected) return colours.inverse(line);
    return review.status === "pending" ? line : colours.dim(line);
  });
  return [titles, ...rows];
}

function emptyText({ reviews, link, filter }: InboxState): string {
  if (reviews.length > 0) return `none matches ${escapeLine(filter)} (Esc shows all)`;
  if (link === "connecting") return "asking the daemon …";
  return "no review is pending; new ones show here by themselves";
}

interface Fitted {
  readonly cell: Cell;
  readonly width: number;
}

function fitCells(columns: number): readonly Fitted[] {
  const sized = cells.map((cell) => ({ cell, width: cell.width(columns + 4) }));
  const kept = sized.filter(({ cell, width }) => width > 0 || cell.title === "WHAT");
  const taken = kept.reduce((sum, { width }) => sum + width + 2, -2);
  return kept.map(({ cell, width }) => ({
    cell,
    width: cell.title === "WHAT" ? Math.max(8, columns - taken) : width,
  }));
}

function lineOf(fitted: readonly Fitted[], textOf: (cell: Cell) => string): string {
  return fitted
    .map(({ cell, width }) => {
      const text = cutTo(escapeLine(textOf(cell)), width);
      const gap = " ".repeat(Math.max(0, width - widthOf(text)));
      return cell.right ? gap + text : text + gap;
    })
    .join("  ");
}

/** `…` an answer is on its way, `!` it was not taken; else how the review stands. */
function markOf(state: InboxState, { id, status, approvals }: ReviewView): string {
  if (state.answers.some((answer) => answer.id === id)) return "…";
  if (status === "pending") return state.refusals.has(id) ? "!" : approvals.length > 0 ? "+" : " ";
  return status === "approved" ? "✓" : "✗";
}

function situation(state: InboxState, review: ReviewView): string {
  const answer = state.answers.find(({ id }) => id === review.id);
  if (answer) return `${answer.kind === "approve" ? "approving" : "denying"}: ${whatOf(review)}`;
  return review.status === "pending" ? whatOf(review) : outcomeOf(review);
}

function whatOf({ toolCall, operation }: ReviewView): string {
  if (toolCall) return `calls ${toolCall.name} ${toolCall.arguments}`;
  return subjectText(operation, " ");
}

/** `42s`, `9m`, `3h`, `2d`. */
function brief(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
