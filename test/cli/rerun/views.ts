/**
 * Views of re-runs, as the daemon would answer them.
 */
import type {
  ReplayedExchangeView,
  ReplayMissView,
  ReplayView,
} from "../../../src/contract/replay-views.js";

export const exchange = (
  seq: number,
  outcome: ReplayedExchangeView["outcome"] = "answered",
): ReplayedExchangeView => ({
  exchange: `exc_000000000000${seq}`,
  seq,
  connection: "openai",
  action: "responses.create",
  method: "POST",
  path: "/v1/responses",
  status: 200,
  outcome,
  times: outcome === "unasked" ? 0 : 1,
});

export const miss = (changes: Partial<ReplayMissView> = {}): ReplayMissView => ({
  seq: 2,
  action: "responses.create",
  nearest: 2,
  differences: [
    { place: "$.input", kind: "changed", recorded: '"a<b>&"', now: '"c\\u{202e}"' },
    { place: "$.tools", kind: "removed", recorded: "[]", now: null },
    { place: "$.top_p", kind: "added", recorded: null, now: "1" },
  ],
  answeredBy: "nobody",
  ...changes,
});

export const replayView = (changes: Partial<ReplayView> = {}): ReplayView => ({
  of: "ses_recorded00000000",
  session: "ses_again00000000000",
  from: null,
  onMiss: "fail",
  pace: "none",
  exchanges: [exchange(1), exchange(2)],
  misses: [],
  live: 0,
  ...changes,
});
