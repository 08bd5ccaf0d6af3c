/**
 * Outcome: the one place where a record is read as an outcome
 * (contract/outcome.ts has the words): one function for exchanges and one for
 * reviews (callOutcome, for tool calls, stands beside the words). All views, counts
 * and exports use them.
 */
import { isDenial, type Outcome } from "../../contract/outcome.js";
import type { Decision } from "./decision.js";
import { outcomeOfCode } from "./refusal.js";
import type { Review, ReviewId, ReviewStatus } from "./review.js";
import type { Ending } from "./transcript.js";

/** What an exchange's outcome is derived from. */
export interface ExchangeFacts {
  readonly decision: Pick<Decision, "effect"> | null;
  /** How the request's own review let it through. */
  readonly settled?: "granted" | "approved" | undefined;
  /** Of the tool calls in its reply, the outcome that says most. */
  readonly calls?: Outcome | undefined;
  /** Status that the client got. */
  readonly status: number | null;
  /** Code of its refusal or ending. */
  readonly error: string | null;
}

/**
 * How an exchange that is over went. A denial, of the request or of a tool call
 * in its reply, is told before anything else that happened to it.
 */
export function endedOutcome(facts: ExchangeFacts): Outcome {
  const { decision, settled = "allowed", calls = "allowed", status, error } = facts;
  if (decision?.effect === "deny") return "denied";
  if (isDenial(calls)) return calls;
  if (error !== null) return outcomeOfCode(error);
  if (status !== null && status >= 400) return "failed";
  return strictest(settled, calls);
}

/** How a recorded exchange went; null while it runs. */
export function exchangeOutcome({ decision, review, ending }: RecordedFacts): Outcome | null {
  if (ending === null) return null;
  if (ending.outcome !== undefined) return ending.outcome;
  const settled = decision?.effect === "review" && review !== null ? "approved" : undefined;
  return endedOutcome({ decision, settled, status: ending.status, error: ending.error });
}

interface RecordedFacts {
  readonly decision: Pick<Decision, "effect"> | null;
  readonly review: ReviewId | null;
  readonly ending: Pick<Ending, "status" | "error" | "outcome"> | null;
}

/** How a review went; null while it is pending. */
export function reviewOutcome({ status }: Pick<Review, "status">): Outcome | null {
  return ofReviews[status];
}

/** How what was asked for went, by what the desk said of it. */
export function settlementOutcome(
  settled: "granted" | "approved" | "denied" | "expired" | "pending",
): Outcome {
  if (settled === "granted" || settled === "approved") return settled;
  // A review that is still open when the client can wait no longer: for this attempt it is over.
  return settled === "denied" ? "denied-by-reviewer" : "expired";
}

const ofReviews: Readonly<Record<ReviewStatus, Outcome | null>> = {
  pending: null,
  approved: "approved",
  denied: "denied-by-reviewer",
  expired: "expired",
  // Its session ended while it waited.
  cancelled: "cut",
};

/** The outcome that says more: of several calls in a reply, or of a request and its calls. */
export function strictest(one: Outcome, other: Outcome): Outcome {
  return rank.indexOf(one) > rank.indexOf(other) ? one : other;
}

const rank: readonly Outcome[] = [
  ...(["allowed", "granted", "approved", "cut", "failed"] as const),
  ...(["refused", "expired", "denied", "denied-by-reviewer"] as const),
];
