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

/** True for outcomes in which the policy or a person said no, or no person said yes. */
export function isDenial(outcome: Outcome | null): boolean {
  return denials.some((denial) => denial === outcome);
}
