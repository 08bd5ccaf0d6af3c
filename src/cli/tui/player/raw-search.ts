/** Raw search: a text looked for in an exchange's frames, as they are wrapped now. */
import { matchesIn } from "../line-matches.js";
import type { PlayerState, Raw } from "./player-state.js";

/** The raw view with these matches of what is looked for, after its lines changed. */
export function withMatches(raw: Raw, wanted: string): Raw {
  return { ...raw, wanted, matches: matchesIn(raw.lines, wanted) };
}

/** Looks for a text and goes to the first place below the top of the page; empty: ends the search. */
export function rawSearched(state: PlayerState, raw: Raw, wanted: string): PlayerState {
  const found = { ...withMatches(raw, wanted), match: null };
  if (wanted === "") return { ...state, raw: found, note: null };
  const next = found.matches.find(({ line }) => line >= raw.scroll)?.number ?? 0;
  return toRawMatch(state, found, next);
}

/** To a match, round the end; its line stands a little below the top. */
export function toRawMatch(state: PlayerState, raw: Raw, wanted: number): PlayerState {
  if (raw.wanted === "") return { ...state, note: "/ searches" };
  const count = (raw.matches.at(-1)?.number ?? -1) + 1;
  if (count === 0) {
    const word = raw.state === "loading" ? "searching" : "not found";
    return { ...state, raw, note: `${word}: ${raw.wanted}` };
  }
  const match = ((wanted % count) + count) % count;
  const line = raw.matches.find(({ number }) => number === match)?.line ?? 0;
  return {
    ...state,
    raw: { ...raw, match, scroll: Math.max(0, line - 3) },
    note: `match ${match + 1} of ${count}`,
  };
}
