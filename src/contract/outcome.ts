/**
 * Outcome: how an exchange, a tool call or a review went, in one word. The list
 * is closed, and every screen, count, export and JSON document uses these words.
 */
export const outcomes = [
  /** The policy allowed it, and it was answered. */
  "allowed",
  /** A rule wants a review; an approval that was given earlier covers it. */
  "granted",
  /** A rule wants a review; a person approved it. */
  "approved",
  /** The policy denied it. */
  "denied",
  /** A person denied it. */
  "denied-by-reviewer",
  /** A rule wants a review; the wait ended without an answer. */
  "expired",
  /** It could not be let through: not readable, over a limit, no valid token, no record. */
  "refused",
  /** The upstream answered with an error, or could not be reached. */
  "failed",
  /** The client, the upstream or the session ended it before its last event. */
  "cut",
] as const;
export type Outcome = (typeof outcomes)[number];

/** Outcomes in which the policy or a person said no, or no person said yes. */
export const denials = ["denied", "denied-by-reviewer", "expired"] as const satisfies Outcome[];

/** Outcomes that a review led to. */
const reviewOutcomes: readonly Outcome[] = ["granted", "approved", "denied-by-reviewer", "expired"];

/** True for an outcome that a review led to, of the request or of a tool call in its reply. */
export function tellsOfReview(outcome: Outcome | null): boolean {
  return outcome !== null && reviewOutcomes.includes(outcome);
}

/** A tool call as its frame in the record says it, of this program or of an earlier one. */
export interface RecordedCall {
  readonly outcome: string;
  readonly effect: "allow" | "review" | "deny";
}

/** How a tool call went, by what the record says of it. */
export function callOutcome({ outcome, effect }: RecordedCall): Outcome {
  const word = outcomes.find((each) => each === outcome);
  if (word !== undefined) return word;
  // Written before the words were one list: `delivered`, `told-to-model`.
  if (outcome === "delivered") return effect === "review" ? "approved" : "allowed";
  return effect === "review" ? "denied-by-reviewer" : "denied";
}

/** True for outcomes in which the policy or a person said no, or no person said yes. */
export function isDenial(outcome: Outcome | null): boolean {
  return denials.some((denial) => denial === outcome);
}
