/** Tail events: a session in which each kind of outcome happens, as the daemon tells it live. */
import type { LiveEvent } from "../../../src/contract/events.js";
import type { ExchangeView } from "../../../src/contract/views.js";
import { reviewView } from "./review-views.js";
import { countsView, decisionView, exchangeView, sessionView } from "./views.js";

const at = "2026-11-24T09:00:02.000Z";
const review = "rev_4k2m9x7q1c3v5b8n";
const asks = decisionView("review", "large-models", "ask before a large model");
const project = { layer: "project", file: "/home/ada/weather/.hoopx/policy.yaml" };
const ended = (seq: number, view: Partial<ExchangeView>): LiveEvent => ({
  ...{ type: "exchange.ended", at },
  exchange: exchangeView({ id: `exc_01kb7x2m9q4c${seq}`, seq, ...view }),
});

export const tailEvents: readonly LiveEvent[] = [
  {
    ...{ type: "session.started", at },
    session: sessionView({ status: "active", endedAt: null, exitCode: null }),
  },
  ended(1, {}),
  { type: "review.opened", at, review: reviewView({ id: review, rule: "large-models" }) },
  ended(2, { decision: asks, review }),
  ended(3, {
    ...{ status: 400, error: "policy_denied", tokens: null, durationMs: 4 },
    decision: { ...decisionView("deny", "no-files", "files are not for agents"), ...project },
  }),
  ended(4, {
    ...{ review, outcome: "denied-by-reviewer" },
    call: {
      ...{ name: "shell", outcome: "denied-by-reviewer", rule: "shell-needs-a-human", review },
      ...{ ...project, layer: "user" },
      reason: `tool call shell denied by grace@example.com at 2026-11-24T09:00:02.000Z, review ${review}`,
    },
  }),
  ended(5, { status: 429, tokens: null }),
  ended(6, { error: "client_left" }),
  ended(7, { decision: null, operation: null, status: 401, error: "session_over", tokens: null }),
  {
    ...{ type: "session.ended", at },
    session: sessionView({
      counts: countsView({
        ...{ allowed: 1, approved: 1, denied: 1, "denied-by-reviewer": 1 },
        ...{ failed: 1, cut: 1, refused: 1 },
      }),
    }),
  },
];
