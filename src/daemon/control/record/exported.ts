/**
 * Exported: records as the lines of an export. Like views they are built from
 * named fields, in one order, so that the same record gives the same bytes
 * wherever it is; of a session's token not even the digest leaves.
 */
import type {
  EndingLine,
  ExchangeLine,
  ExportedOperation,
  FrameLine,
  GrantLine,
  ReviewLine,
  ScopeOfGrant,
  SessionLine,
} from "../../../contract/export-lines.js";
import type { GrantScope } from "../../model/decision.js";
import { exchangeIdOf } from "../../model/exchange.js";
import type { Operation } from "../../model/operation.js";
import type { Grant, Review } from "../../model/review.js";
import type { Session } from "../../model/session.js";
import type { Ending, Frame } from "../../model/transcript.js";
import type { ExchangeRecord } from "../../store/store.js";
import { presentIdentity, presentOperation, presentProcess, presentTokens } from "../present.js";
import { presentReviewers } from "../reviews/present-review.js";

/** The first line. */
export function exportedSession(session: Session): SessionLine {
  const { process } = session;
  return {
    line: "session",
    format: 1,
    id: session.id,
    title: session.title,
    labels: session.labels,
    identity: presentIdentity(session.identity),
    process: {
      ...presentProcess(process),
      pidStart: process.pidStart,
      runnerPid: process.runnerPid,
      runnerStart: process.runnerStart,
    },
    processCheck: session.processCheck,
    connections: session.connections,
    credentials: session.credentials.map(({ connection, kind, lifetime, expiresAt }) => ({
      ...{ connection, kind, lifetime },
      expiresAt: expiresAt?.toISOString() ?? null,
    })),
    startedAt: session.startedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    policyHash: session.policyHash,
    status: session.status,
    endedAt: session.endedAt?.toISOString() ?? null,
    exitCode: session.exitCode,
  };
}

/** An exchange as it was opened. */
export function exportedExchange(record: ExchangeRecord): ExchangeLine {
  const { process, decision } = record;
  return {
    line: "exchange",
    id: exchangeIdOf(record.key),
    seq: record.seq,
    connection: record.connection,
    process: process && {
      pid: process.pid,
      executable: process.executable,
      startedAt: process.startedAt.toISOString(),
    },
    startedAt: record.startedAt.toISOString(),
    requestBytes: record.requestBytes,
    operation: record.operation && exportedOperation(record.operation),
    decision: decision && {
      effect: decision.effect,
      rule: decision.rule,
      ...(decision.origin && {
        layer: decision.origin.layer,
        file: decision.origin.file,
        ruleHash: decision.origin.hash,
      }),
      reason: decision.reason,
      decidedAt: decision.decidedAt.toISOString(),
    },
    review: record.review,
  };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A frame, as text where that says the same bytes. */
export function exportedFrame(exchange: string, { kind, at, data }: Frame): FrameLine {
  const head = { line: "frame", exchange, kind, at } as const;
  try {
    return { ...head, text: decoder.decode(data) };
  } catch {
    // No UTF-8, or a character cut in two by the end of the frame.
    return { ...head, base64: Buffer.from(data).toString("base64") };
  }
}

/** How an exchange ended. */
export function exportedEnding(exchange: string, ending: Ending): EndingLine {
  const { tokens } = ending;
  return {
    line: "ending",
    exchange,
    status: ending.status,
    firstByteAt: ending.firstByteAt,
    endedAt: ending.endedAt,
    responseBytes: ending.responseBytes,
    tokens: tokens && presentTokens(tokens),
    error: ending.error,
    masked: ending.masked.map(({ detector, count, place }) => ({
      ...{ detector, count },
      ...(place && { place }),
    })),
    ...(ending.outcome && { outcome: ending.outcome }),
  };
}

/** A review, settled or not. */
export function exportedReview(review: Review): ReviewLine {
  const { terms, toolCall, decidedBy } = review;
  return {
    line: "review",
    id: review.id,
    exchange: exchangeIdOf(review.exchange),
    kind: review.kind,
    status: review.status,
    operation: exportedOperation(review.operation),
    connection: review.connection,
    toolCall: toolCall && {
      name: toolCall.name,
      arguments: toolCall.arguments,
      kind: toolCall.kind,
    },
    identity: presentIdentity(review.identity),
    rule: review.rule,
    reason: review.reason,
    terms: {
      by: terms.by && presentReviewers(terms.by),
      ...(terms.andBy && { andBy: terms.andBy.map(presentReviewers) }),
      self: terms.self,
      timeoutMs: terms.timeoutMs,
      remember: scopeOf(terms.remember),
      ...(terms.atMost && { atMost: scopeOf(terms.atMost) }),
      approvals: terms.approvals,
    },
    binding: review.binding,
    requestSha256: review.requestSha256,
    createdAt: review.createdAt.toISOString(),
    expiresAt: review.expiresAt.toISOString(),
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

/** A grant that an approval in the session left. */
export function exportedGrant(grant: Grant): GrantLine {
  return {
    line: "grant",
    id: grant.id,
    review: grant.review,
    rule: grant.rule,
    scope: scopeOf(grant.scope),
    session: grant.sessionId,
    identity: presentIdentity(grant.identity),
    binding: grant.binding,
    createdAt: grant.createdAt.toISOString(),
    expiresAt: grant.expiresAt?.toISOString() ?? null,
    revokedAt: grant.revokedAt?.toISOString() ?? null,
    uses: grant.uses,
  };
}

function exportedOperation(operation: Operation): ExportedOperation {
  const { hostedTools, store, background } = operation;
  return {
    ...presentOperation(operation),
    mintsCredential: operation.mintsCredential,
    ...(hostedTools && { hostedTools }),
    ...(store !== undefined && { store }),
    ...(background !== undefined && { background }),
  };
}

function scopeOf(scope: GrantScope): ScopeOfGrant {
  return scope.kind === "time" ? { kind: "time", ms: scope.ms } : { kind: scope.kind };
}
