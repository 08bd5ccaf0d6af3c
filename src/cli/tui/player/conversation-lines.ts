/**
 * Conversation lines: the page of the conversation that is on the screen. What
 * is masked and what a search found shows without colour too: a masked spot by
 * its own words, a match by a mark in the margin.
 */
import type { ChalkInstance } from "chalk";
import { widthOf } from "../../output/width.js";
import { indentOf, type LaidLine } from "./laying.js";
import { layoutOf } from "./layout.js";
import { type Seen, seenAt } from "./place.js";
import { type PlayerState, sceneOf } from "./player-state.js";
import { lastWhere } from "./script.js";

type Paint = (text: string) => string;

/** As many lines as there are from the top of the page on, a page at most. */
export function conversationLines(state: PlayerState, colours: ChalkInstance): readonly string[] {
  const { page } = layoutOf(state.columns, state.lines);
  const scene = sceneOf(state);
  const drawn: string[] = [];
  let { block, line } = state.top;
  for (let seen = seenAt(scene, block); seen !== undefined && drawn.length < page; ) {
    for (; line < seen.lines && drawn.length < page; line += 1) {
      const laid = seen.laid.lines[line];
      if (laid !== undefined) drawn.push(lineOf(state, seen, laid, line, colours));
    }
    block += 1;
    line = 0;
    seen = seenAt(scene, block);
  }
  return drawn;
}

function lineOf(
  state: PlayerState,
  seen: Seen,
  line: LaidLine,
  at: number,
  colours: ChalkInstance,
): string {
  const { block, laid } = seen;
  const paint = paintOf(seen, line, colours);
  if (line.part === "gap") return "";
  const matches = state.found.byBlock.get(seen.index) ?? [];
  const text = line.text;
  if (line.part !== "text") {
    const title = matches.find(({ to }) => to === 0);
    const mark = line.part === "head" && title ? (title.number === state.match ? "›" : "·") : " ";
    return `${mark} ${laid.box > 0 ? "  " : ""}${paint(text)}`;
  }
  const end = line.from + text.length;
  const here = within(matches, line.from, end);
  const mark = here.some(({ number }) => number === state.match)
    ? "›"
    : here.length > 0
      ? "·"
      : " ";
  const shown = cutAt(text, seen.shown - line.from);
  const spans: Span[] = [
    ...within(laid.masked, line.from, end).map((spot) => ({
      ...spot,
      paint: (each: string) => colours.inverse.dim(each),
    })),
    ...here.map(({ from, to, number }) => ({
      from,
      to,
      paint: number === state.match ? colours.inverse : colours.underline,
    })),
  ];
  const painted = spanned(shown, line.from, spans, paint);
  if (laid.box > 0) {
    const rest = " ".repeat(Math.max(0, laid.box - 2 - widthOf(shown)));
    return `${mark}   ${colours.dim("│")} ${painted}${rest} ${colours.dim("│")}`;
  }
  const first = at === laid.head;
  return `${mark} ${" ".repeat(indentOf(block))}${signOf(seen, first, colours)}${painted}`;
}

/** Those of an ordered list that touch a piece of the text; there may be thousands of others. */
function within<Range extends { readonly from: number; readonly to: number }>(
  ranges: readonly Range[],
  from: number,
  to: number,
): readonly Range[] {
  const first = lastWhere(ranges.length, (index) => (ranges[index]?.to ?? 0) <= from) + 1;
  const last = lastWhere(ranges.length, (index) => (ranges[index]?.from ?? 0) < to);
  return ranges.slice(first, last + 1);
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly paint: Paint;
}

/** A piece that begins at `offset` of its block, each span painted its own way; later spans win. */
function spanned(text: string, offset: number, spans: readonly Span[], paint: Paint): string {
  if (spans.length === 0) return paint(text);
  const clip = (at: number) => Math.max(0, Math.min(text.length, at - offset));
  const cuts = [0, text.length, ...spans.flatMap(({ from, to }) => [clip(from), clip(to)])];
  const edges = [...new Set(cuts)].sort((one, other) => one - other);
  let painted = "";
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const to = edges[index + 1] ?? text.length;
    const span = spans.findLast((each) => clip(each.from) <= from && clip(each.to) >= to);
    painted += (span?.paint ?? paint)(text.slice(from, to));
  }
  return painted;
}

/** The beginning of a text; half a character is none. */
function cutAt(text: string, length: number): string {
  if (length >= text.length) return text;
  return text.slice(0, Math.max(0, length)).replace(/[\ud800-\udbff]$/, "");
}

/** What stands before the first line of notes, reviews and stops. */
function signOf({ block }: Seen, first: boolean, colours: ChalkInstance): string {
  const sign = { note: "◆", approved: "✓", stop: "✗" }[block.kind as string];
  if (sign === undefined) return "";
  if (!first) return "  ";
  const paint = { note: colours.cyan, approved: colours.green, stop: colours.red }[
    block.kind as "note"
  ];
  return `${paint(sign)} `;
}

function paintOf({ block }: Seen, line: LaidLine, colours: ChalkInstance): Paint {
  switch (block.kind) {
    case "heading":
      return line.part === "head" ? colours.bold : colours.dim;
    case "message":
      return line.part === "head" ? roleOf(block.title, colours) : String;
    case "tool-call":
    case "tool-result":
      return line.part === "text" ? String : colours.dim;
    case "note":
      return String;
    case "approved":
      return colours.green;
    case "stop":
      return colours.red;
  }
}

function roleOf(role: string, colours: ChalkInstance): Paint {
  if (role === "assistant") return colours.bold.green;
  if (role === "user") return colours.bold.cyan;
  return colours.bold;
}
