/**
 * Screen: the player as lines for the terminal, as many as it has and none
 * wider. What was written by strangers is escaped, and nothing is said by
 * colour alone.
 */
import type { ChalkInstance } from "chalk";
import { escapeLine } from "../../output/escape.js";
import { cutTo, widthOf } from "../../output/width.js";
import { conversationLines } from "./conversation-lines.js";
import { helpLines } from "./help.js";
import { layoutOf, leastColumns, leastLines } from "./layout.js";
import { atEnd, exchangeNow, type PlayerState } from "./player-state.js";
import { rawPage } from "./raw-lines.js";
import { begunAt } from "./script.js";

/** The lines of the whole screen. */
export function screenOf(state: PlayerState, colours: ChalkInstance): readonly string[] {
  const { columns, lines } = state;
  const { fits, page } = layoutOf(columns, lines);
  if (!fits) {
    const least = `hoopx replay needs ${leastColumns}×${leastLines}, this is ${columns}×${lines}`;
    return filled(
      ["too small", least, "q quits"].map((text) => cutTo(text, columns)),
      lines,
    );
  }
  const middle = state.help
    ? helpLines(columns, colours)
    : state.raw !== null
      ? rawPage(state.raw, page, columns, colours)
      : conversationLines(state, colours);
  return [
    heading(state, colours),
    placeLine(state, colours),
    ...filled(middle, page),
    noteLine(state, colours),
    colours.dim(cutTo(keysOf(state), columns)),
  ];
}

function filled(lines: readonly string[], length: number): readonly string[] {
  return [...lines, ...Array<string>(Math.max(0, length - lines.length)).fill("")].slice(0, length);
}

/** The session, and how the player stands. */
function heading(state: PlayerState, colours: ChalkInstance): string {
  const { columns, session, speed } = state;
  const mark = standing(state);
  const right = `${mark}  ${speed}×`;
  const title = session.title === null ? session.process.command : session.title;
  const left = cutTo(
    `hoopx replay · ${escapeLine(session.id)} · ${escapeLine(title)}`,
    Math.max(0, columns - widthOf(right) - 2),
  );
  const gap = " ".repeat(Math.max(1, columns - widthOf(left) - widthOf(right)));
  return `${colours.bold(left)}${gap}${colours.bold(right)}`;
}

function standing(state: PlayerState): string {
  if (state.wanted !== null) return "reading";
  if (!state.playing) return atEnd(state) && !state.loading ? "■ end" : "⏸ paused";
  if (!atEnd(state)) return "▶ playing";
  if (state.loading) return "reading";
  return state.live ? "● live" : "■ end";
}

/** Where one is: exchange, turn, clock, and how much of it is over. */
function placeLine(state: PlayerState, colours: ChalkInstance): string {
  const { columns, script, position, raw } = state;
  const index = exchangeNow(state);
  const all = Math.max(script.exchanges.length, state.session.counts.exchanges);
  const exchange = script.exchanges[index];
  if (exchange === undefined)
    return colours.dim(state.loading ? "reading …" : "nothing was recorded");
  const turn = begunAt(script, position) - exchange.first;
  const next = script.exchanges[index + 1]?.first ?? script.blocks.length;
  const where = `exchange ${exchange.view.seq} of ${all}`;
  const turns = raw === null ? ` · turn ${turn} of ${next - exchange.first - 1}` : " · raw frames";
  const clock = `${clockOf(position)} / ${clockOf(script.end)}${state.loading ? "+" : ""}`;
  const left = `${where}${turns}`;
  const room = columns - widthOf(left) - widthOf(clock) - 4;
  const bar = room < 8 ? "" : barOf(script.end === 0 ? 1 : position / script.end, room);
  return colours.dim(cutTo(`${left}  ${bar}  ${clock}`, columns));
}

/** `━━━━────`. */
function barOf(share: number, width: number): string {
  const done = Math.max(0, Math.min(width, Math.round(share * width)));
  return "━".repeat(done) + "─".repeat(width - done);
}

/** `0:07`, `12:30`, `1:02:30`. */
function clockOf(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (part: number) => String(part).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** What is being typed first, then what the last key led to, then what stands in the way. */
function noteLine(state: PlayerState, colours: ChalkInstance): string {
  const { columns, prompt, note, failure, raw } = state;
  const cut = (text: string) => cutTo(escapeLine(text), columns);
  if (prompt !== null) {
    const label = prompt.kind === "search" ? "search" : "exchange";
    const text = tailOf(escapeLine(prompt.text), columns - label.length - 3);
    return `${colours.bold(label)}: ${text}${colours.inverse("▏")}`;
  }
  if (note !== null) return colours.bold(cut(note));
  if (failure !== null) return colours.red(cut(`no more can be read: ${failure}`));
  if (raw !== null && raw.state === "read") {
    const { page } = layoutOf(columns, state.lines);
    const last = Math.min(raw.lines.length, raw.scroll + page);
    return colours.dim(
      cut(`lines ${Math.min(raw.scroll + 1, last)}–${last} of ${raw.lines.length}`),
    );
  }
  if (!state.follow) return colours.dim(cut("scrolled away: ↓ to what plays, End shows all"));
  return "";
}

/** The end of a text that is being typed, where it is too long. */
function tailOf(text: string, width: number): string {
  const characters = [...text];
  while (characters.length > 0 && widthOf(characters.join("")) > width) characters.shift();
  return characters.join("");
}

function keysOf({ prompt, raw, help, columns }: PlayerState): string {
  if (prompt !== null) return "Enter · Esc";
  if (help) return "any key goes back";
  if (raw !== null)
    return "↑ ↓ scroll · / n N search · [ ] exchange · r back · ? help · Ctrl-C quits";
  if (columns < 76) return "Space · ← → · [ ] · + - · / · r raw · ? help · q";
  return "Space play · ← → turn · [ ] exchange · + - speed · / search · r raw · ? · q";
}
