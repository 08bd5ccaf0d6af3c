/**
 * What happened: the facts of an exchange that formats tell in words: when it
 * was, which reviews were about it.
 */
import type { ReviewView } from "../../contract/review-views.js";
import type { ExchangeView } from "../../contract/views.js";
import { personName } from "../output/person.js";
import { lasting } from "../output/time.js";
import { tokensInAndOut } from "../output/tokens.js";

/** Reviews by the exchange that opened them. */
export function byExchange(
  reviews: readonly ReviewView[],
): ReadonlyMap<string, readonly ReviewView[]> {
  const found = new Map<string, ReviewView[]>();
  for (const review of reviews) {
    found.set(review.exchangeId, [...(found.get(review.exchangeId) ?? []), review]);
  }
  return found;
}

/** `2026-11-24T09:00:01.000Z, 1.3 s, 1,204 tokens in, 96 out`. */
export function momentOf({ startedAt, durationMs, tokens }: ExchangeView): string {
  const lasted = durationMs === null ? [] : [lasting(durationMs)];
  const used = tokens === null ? [] : [tokensInAndOut(tokens)];
  return [startedAt, ...lasted, ...used].join(", ");
}

/** Who settled a review; undefined where no person did. */
export function settledBy({ decidedBy }: ReviewView): string | undefined {
  return decidedBy === null ? undefined : personName(decidedBy);
}

/** `review rev_… of a call of shell (rule deletes): denied by grace: not today`. */
export function reviewText(review: ReviewView): string {
  const what = review.toolCall === null ? "" : ` of a call of ${review.toolCall.name}`;
  const rule = review.rule === null ? "" : ` (rule ${review.rule})`;
  const who = settledBy(review);
  const by = who === undefined ? "" : ` by ${who}`;
  const comment = review.comment === null ? "" : `: ${review.comment}`;
  return `review ${review.id}${what}${rule}: ${review.status}${by}${comment}`;
}
