/**
 * Strictest terms: what a review is like that several rules want of the same
 * request. Each rule was written without the others in mind, and one of them
 * may be an agent's own, so the terms keep what every one of them asks.
 */
import type { GrantScope, Reviewers, ReviewTerms } from "../model/decision.js";

/** The terms of a review that meets all of these. */
export function strictestTerms(first: ReviewTerms, others: readonly ReviewTerms[]): ReviewTerms {
  return others.reduce(stricter, first);
}

function stricter(one: ReviewTerms, other: ReviewTerms): ReviewTerms {
  const [by = null, ...andBy] = listsOf([one, other]);
  const remember = shorter(one.remember, other.remember);
  const atMost = shorter(one.atMost ?? one.remember, other.atMost ?? other.remember);
  return {
    by,
    ...(andBy.length > 0 && { andBy }),
    self: one.self && other.self,
    timeoutMs: Math.min(one.timeoutMs, other.timeoutMs),
    remember,
    ...(!isSame(atMost, remember) && { atMost }),
    approvals: Math.max(one.approvals, other.approvals),
  };
}

/** Each list of reviewers once: a reviewer has to be in all of them. */
function listsOf(terms: readonly ReviewTerms[]): readonly Reviewers[] {
  const lists = terms.flatMap(({ by, andBy = [] }) => (by === null ? andBy : [by, ...andBy]));
  return lists.filter((list, at) => lists.findIndex((each) => isSame(each, list)) === at);
}

/** A session and a time: neither is always the shorter, so an approval is for once. */
function shorter(one: GrantScope, other: GrantScope): GrantScope {
  if (one.kind !== other.kind) return { kind: "once" };
  return one.kind === "time" && other.kind === "time" && other.ms < one.ms ? other : one;
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
