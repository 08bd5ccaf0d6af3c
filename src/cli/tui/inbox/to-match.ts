/**
 * To match: moves the open document to what the search found in it.
 */
import { matchesIn } from "../line-matches.js";
import type { InboxState } from "./inbox-state.js";

/** To a match, round the end; the line stands a little below the top. */
export function toMatch(state: InboxState, wanted: number): InboxState {
  if (state.search === "") return { ...state, note: "/ searches" };
  const matches = matchesIn(state.document?.lines ?? [], state.search);
  const count = (matches.at(-1)?.number ?? -1) + 1;
  const loading = state.document?.reading?.state === "loading";
  if (count === 0) {
    return { ...state, match: 0, note: `${loading ? "searching" : "not found"}: ${state.search}` };
  }
  const match = ((wanted % count) + count) % count;
  const line = matches.find(({ number }) => number === match)?.line ?? 0;
  return {
    ...state,
    match,
    scroll: Math.max(0, line - 3),
    note: `match ${match + 1} of ${count} (Tab shows the next)`,
  };
}
