/** A desk over a store in memory, with what it told, and a clock that stands still. */
import type { ReviewTerms, RuleOrigin } from "../../../src/daemon/model/decision.js";
import type { Identity } from "../../../src/daemon/model/identity.js";
import type { Review } from "../../../src/daemon/model/review.js";
import type { ReviewRequest } from "../../../src/daemon/reviews/desk.js";
import { createReviewDesk } from "../../../src/daemon/reviews/review-desk.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import type { Store } from "../../../src/daemon/store/store.js";
import { sessionOf, start } from "../../contracts/records.js";
import { reviewOf } from "../../contracts/review-records.js";

export const session = sessionOf({ id: "ses_1111111111111111" });
export const person = (subject: string, change: Partial<Identity> = {}): Identity => ({
  issuer: "https://id.example",
  subject,
  email: `${subject}@example.com`,
  groups: [],
  profile: "work",
  ...change,
});
export const bob = person("bob");
export const soon = 60_000;
export const never = new AbortController().signal;

/** Which rule asks. */
export const writes: RuleOrigin = { layer: "user", file: "/policy.yaml", hash: "d3" };

export const plain: ReviewTerms = {
  by: null,
  self: true,
  timeoutMs: 600_000,
  remember: { kind: "once" },
  approvals: 1,
};

let nextExchange = BigInt(start) << 22n;

export function requestOf(
  change: Partial<ReviewRequest> = {},
  terms: Partial<ReviewTerms> = {},
): ReviewRequest {
  nextExchange += 1n;
  return {
    session,
    exchange: nextExchange,
    connection: "openai",
    operation: reviewOf().operation,
    verdict: {
      effect: "review",
      rule: "writes",
      origin: writes,
      reason: "because",
      review: { ...plain, ...terms },
    },
    binding: "b1",
    likeness: "a4",
    requestSha256: "c2",
    ...change,
  };
}

export async function deskRoom(given?: Store) {
  const store = given ?? (await openStore({ file: ":memory:", warn: () => {} }));
  const told: string[] = [];
  const waiting: ((review: Review) => void)[] = [];
  let live = true;
  let clock = start;
  const desk = createReviewDesk({
    ...store,
    now: () => new Date(clock),
    sessionLives: () => live,
  });
  desk.observe({
    opened(review) {
      told.push(`opened ${review.id}`);
      for (const wake of waiting.splice(0)) wake(review);
    },
    changed: (review) => void told.push(`${review.status} ${review.id}`),
    fault(_review, error) {
      throw error;
    },
  });
  return {
    desk,
    store,
    told,
    /** The next review that is opened. */
    opened: () => new Promise<Review>((resolve) => waiting.push(resolve)),
    endSession() {
      live = false;
      desk.sessionOver(session.id);
    },
    pass(ms: number) {
      clock += ms;
    },
  };
}
