/**
 * New review: what a request for one becomes, pending.
 */
import { newReviewId, type Review } from "../model/review.js";
import type { ReviewRequest } from "./desk.js";

/** The review that waits from now on. */
export function newReview(request: ReviewRequest, createdAt: Date): Review {
  const { session, verdict, toolCall } = request;
  const { review: terms } = verdict;
  if (terms === undefined) throw new Error("a verdict of review comes with its terms");
  return {
    id: newReviewId(),
    sessionId: session.id,
    exchange: request.exchange,
    kind: toolCall === undefined ? "request" : "tool-call",
    status: "pending",
    operation: request.operation,
    connection: request.connection,
    toolCall: toolCall ?? null,
    identity: session.identity,
    rule: verdict.rule,
    origin: verdict.origin ?? null,
    ...(verdict.also && { also: verdict.also }),
    reason: verdict.reason,
    terms,
    binding: request.binding,
    likeness: request.likeness,
    requestSha256: request.requestSha256,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + terms.timeoutMs),
    approvals: [],
    decidedBy: null,
    decidedAt: null,
    grant: null,
    comment: null,
  };
}
