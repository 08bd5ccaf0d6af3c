/**
 * Present review: reviews and grants become views, from named fields like all
 * others. Texts of strangers come as `review-text.ts` shows them.
 */
import type { GrantView, ReviewersView, ReviewView } from "../../../contract/review-views.js";
import type { GrantScope, Reviewers } from "../../model/decision.js";
import { exchangeIdOf } from "../../model/exchange.js";
import { reviewOutcome } from "../../model/outcome.js";
import type { Grant, Review } from "../../model/review.js";
import type { Session } from "../../model/session.js";
import { presentIdentity, presentOperation, presentProcess } from "../present.js";

/** A review, with the session it is of, and its tool call's arguments as they are shown. */
export function presentReview(
  review: Review,
  session: Session,
  requestBytes: number,
  shownArguments: string,
): ReviewView {
  const { terms, toolCall, decidedBy } = review;
  return {
    id: review.id,
    sessionId: review.sessionId,
    exchangeId: exchangeIdOf(review.exchange),
    kind: review.kind,
    status: review.status,
    outcome: reviewOutcome(review),
    operation: presentOperation(review.operation),
    connection: review.connection,
    toolCall: toolCall && { name: toolCall.name, arguments: shownArguments },
    identity: presentIdentity(review.identity),
    process: presentProcess(session.process),
    sessionTitle: session.title,
    rule: review.rule,
    ruleLayer: review.origin?.layer ?? null,
    ruleFile: review.origin?.file ?? null,
    ...(review.also && {
      alsoBy: review.also.map(({ name, layer, file }) => ({ rule: name, layer, file })),
    }),
    reason: review.reason,
    requestSha256: review.requestSha256,
    requestBytes,
    createdAt: review.createdAt.toISOString(),
    expiresAt: review.expiresAt.toISOString(),
    by: terms.by && presentReviewers(terms.by),
    ...(terms.andBy && { andBy: terms.andBy.map(presentReviewers) }),
    self: terms.self,
    remember: scopeText(terms.remember),
    atMost: scopeText(terms.atMost ?? terms.remember),
    approvalsNeeded: terms.approvals,
    approvals: review.approvals.map(({ by, at, comment }) => ({
      by: presentIdentity(by),
      at: at.toISOString(),
      comment,
    })),
    decidedBy: decidedBy && presentIdentity(decidedBy),
    decidedAt: review.decidedAt?.toISOString() ?? null,
    grant: review.grant,
    comment: review.comment,
  };
}

/** A grant, without what it is bound to, with what its review was of and its session's end. */
export function presentGrant(
  grant: Grant,
  review: Review | undefined,
  session: Pick<Session, "endedAt"> | undefined,
): GrantView {
  const { origin, connection, operation, toolCall } = review ?? {};
  const speaks = origin && connection && operation && grant.binding !== null;
  return {
    id: grant.id,
    review: grant.review,
    rule: grant.rule,
    covers: speaks
      ? {
          layer: origin.layer,
          file: origin.file,
          connection,
          action: operation.action,
          tool: toolCall?.name ?? null,
        }
      : null,
    scope: grant.scope.kind,
    sessionId: grant.sessionId,
    sessionEndedAt: session?.endedAt?.toISOString() ?? null,
    identity: presentIdentity(grant.identity),
    createdAt: grant.createdAt.toISOString(),
    expiresAt: grant.expiresAt?.toISOString() ?? null,
    revokedAt: grant.revokedAt?.toISOString() ?? null,
    uses: grant.uses,
  };
}

/** A list of reviewers, from named fields. */
export function presentReviewers({ groups, subjects, emails }: Reviewers): ReviewersView {
  return { groups, subjects, emails };
}

/** As `--for` takes it. */
function scopeText(scope: GrantScope): string {
  if (scope.kind !== "time") return scope.kind;
  const seconds = Math.round(scope.ms / 1000);
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
