/**
 * Grant scope: what an approval is remembered as: once, unless the reviewer
 * says more. The rule has the last word: a reviewer may say less than it
 * allows, never more, and what lies across (a time under a rule that allows one
 * session) is bounded by both.
 */
import type { GrantScope, ReviewTerms } from "../model/decision.js";
import { type Grant, newGrantId, type Review } from "../model/review.js";
import { DeskError } from "./desk-error.js";

/** The grant of an approval; throws where more is asked than the rule allows. */
export function grantOf(review: Review, asked: GrantScope | undefined, now: Date): Grant {
  const { terms } = review;
  const scope = asked ?? { kind: "once" };
  const most = terms.atMost ?? terms.remember;
  checkScope(scope, most);
  const lasts = lifetimeOf(scope, most, terms);
  return {
    id: newGrantId(),
    review: review.id,
    rule: review.rule,
    scope,
    sessionId: scope.kind !== "time" || most.kind === "session" ? review.sessionId : null,
    identity: review.identity,
    binding: scope.kind === "once" ? review.binding : review.likeness,
    createdAt: now,
    expiresAt: lasts === null ? null : new Date(now.getTime() + lasts),
    revokedAt: null,
    uses: 0,
  };
}

/** `once`, `the session`, `15m`: for people. */
function scopeText(scope: GrantScope): string {
  if (scope.kind === "once") return "once";
  return scope.kind === "session" ? "the session" : durationText(scope.ms);
}

function checkScope(scope: GrantScope, most: GrantScope): void {
  const tooMuch =
    (most.kind === "once" && scope.kind !== "once") ||
    (most.kind === "time" && scope.kind === "time" && scope.ms > most.ms);
  if (!tooMuch) return;
  throw new DeskError(
    "bad_request",
    `the rule lets an approval speak for ${scopeText(most)} at most`,
    most.kind === "once" ? "approve it without --for" : `approve it --for ${scopeText(most)}`,
  );
}

/** Milliseconds; null: with its session. An answer kept for the next attempt is kept as long as a question is. */
function lifetimeOf(scope: GrantScope, most: GrantScope, terms: ReviewTerms): number | null {
  if (scope.kind === "once") return terms.timeoutMs;
  if (scope.kind === "time") return scope.ms;
  return most.kind === "time" ? most.ms : null;
}

function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
