/**
 * Seek: to a turn, an exchange, a match. While it plays, a turn begins; while
 * it pauses, each step shows one whole. Nothing is sought that is not there.
 */
import { findAll } from "./found.js";
import { layoutOf } from "./layout.js";
import { above, lastPage, moved } from "./place.js";
import { exchangeNow, type PlayerState, sceneOf } from "./player-state.js";
import { begunAt, lastWhere } from "./script.js";

const top = { block: 0, line: 0 };
/** So soon after a turn began, the one before it is meant. */
const restartMs = 1_000;

/** To the end of this turn, or on to the next one. */
export function toNextTurn(state: PlayerState): PlayerState {
  const { script, position, playing } = state;
  const current = begunAt(script, position);
  const block = script.blocks[current];
  const next = script.blocks[current + 1];
  if (block !== undefined && position < block.end) {
    return { ...state, position: block.end, follow: true };
  }
  if (next === undefined) return atLast(state);
  return { ...state, position: playing ? next.start : next.end, follow: true };
}

/** To the beginning of this turn, or back to the one before. */
export function toTurnBefore(state: PlayerState): PlayerState {
  const { script, position, playing } = state;
  const current = Math.max(0, begunAt(script, position));
  const block = script.blocks[current];
  const before = script.blocks[current - 1];
  if (block === undefined) return state;
  const again = playing && position - block.start > restartMs * state.speed;
  const goal = again || before === undefined ? block : before;
  const at = playing || before === undefined ? goal.start : goal.end;
  return { ...state, position: at, follow: true, top };
}

/** To an exchange by its index; its heading is the first line of the page. */
export function toExchange(state: PlayerState, index: number): PlayerState {
  const { exchanges } = state.script;
  const wanted = exchanges[Math.max(0, Math.min(index, exchanges.length - 1))];
  if (wanted === undefined) return { ...state, note: "there is no exchange yet" };
  if (index >= exchanges.length) return atLast(state);
  return {
    ...state,
    position: wanted.asked,
    top: { block: wanted.first, line: 0 },
    follow: true,
    note: index < 0 ? "this is the first exchange" : state.note,
  };
}

/** To the exchange with this number. */
export function toNumber(state: PlayerState, seq: number): PlayerState {
  const index = state.script.exchanges.findIndex(({ view }) => view.seq === seq);
  if (index === -1) return { ...state, note: `there is no exchange ${seq}` };
  return toExchange(state, index);
}

/** To the exchange before: to the beginning of this one, where more of it was seen. */
export function toExchangeBefore(state: PlayerState): PlayerState {
  const now = exchangeNow(state);
  const seen = state.position > (state.script.exchanges[now]?.asked ?? 0) + restartMs * state.speed;
  return toExchange(state, seen ? now : now - 1);
}

/** To where all that is there is shown. */
export function toEnd(state: PlayerState): PlayerState {
  return { ...state, position: state.script.end, follow: true, top };
}

function atLast(state: PlayerState): PlayerState {
  return { ...toEnd(state), note: state.loading ? "more is being read" : "this is the end" };
}

/** So many lines up or down; at the end of what is there, the page moves on with it again. */
export function scrolled(state: PlayerState, by: number): PlayerState {
  const scene = sceneOf(state);
  const last = lastPage(scene, layoutOf(state.columns, state.lines).page);
  const there = moved(scene, state.top, by);
  const follow = by > 0 && !above(there, last);
  return { ...state, top: follow ? last : there, follow };
}

/** Looks for a text and goes to the first place below the top of the page. */
export function searched(state: PlayerState, wanted: string): PlayerState {
  const found = findAll(state.script, wanted);
  if (wanted === "") return { ...state, found, match: null, note: null };
  const next = found.matches.findIndex(({ block }) => block >= state.top.block);
  return toMatch({ ...state, found, match: null }, Math.max(0, next));
}

/** To a match, round the end; it is shown whole, and the player waits there. */
export function toMatch(state: PlayerState, wanted: number): PlayerState {
  const { found, script } = state;
  const { length } = found.matches;
  if (found.wanted === "") return { ...state, note: "/ searches" };
  if (length === 0) return { ...state, note: `not found: ${found.wanted}` };
  const number = ((wanted % length) + length) % length;
  const match = found.matches[number];
  const block = match && script.blocks[match.block];
  if (match === undefined || block === undefined) return state;
  const there = {
    ...state,
    match: number,
    playing: false,
    position: Math.max(state.position, block.end),
    note: `match ${number + 1} of ${length}`,
  };
  const scene = sceneOf(there);
  const { lines, head } = scene.laying(block, scene.width);
  const line = lastWhere(lines.length, (at) => at < head || (lines[at]?.from ?? 0) <= match.from);
  const shown = match.to === 0 ? 0 : Math.max(0, line);
  const wantedTop = moved(scene, { block: match.block, line: shown }, -3);
  // Near the end the page is full rather than begun again.
  const last = lastPage(scene, layoutOf(state.columns, state.lines).page);
  return { ...there, top: above(last, wantedTop) ? last : wantedTop, follow: false };
}
