/**
 * Review records: reviews and grants for tests, each a little other than the
 * last.
 */
import { type Grant, newGrantId, newReviewId, type Review } from "../../src/daemon/model/review.js";
import { sessionOf, start } from "./records.js";

export function reviewOf(change: Partial<Review> = {}): Review {
  const { identity } = sessionOf();
  return {
    id: newReviewId(),
    sessionId: "ses_1111111111111111",
    exchange: (BigInt(start) << 22n) + 4_194_303n,
    kind: "request",
    status: "pending",
    operation: {
      provider: "openai",
      action: "files.create",
      class: "write",
      mintsCredential: false,
      method: "POST",
      path: "/v1/files",
      model: null,
      tools: ["search"],
      stream: false,
    },
    connection: "openai",
    toolCall: { name: "delete_file", arguments: '{"path":"/"}', kind: "function" },
    identity,
    rule: "writes-need-a-human",
    origin: { layer: "user", file: "/etc/policy.yaml", hash: "d3".repeat(32) },
    reason: "because",
    terms: {
      by: { groups: ["leads"], subjects: [], emails: ["boss@example.com"] },
      self: false,
      timeoutMs: 600_000,
      remember: { kind: "time", ms: 900_000 },
      approvals: 2,
    },
    binding: "b1".repeat(32),
    likeness: "a4".repeat(32),
    requestSha256: "c2".repeat(32),
    createdAt: new Date(start),
    expiresAt: new Date(start + 600_000),
    approvals: [],
    decidedBy: null,
    decidedAt: null,
    grant: null,
    comment: null,
    ...change,
  };
}

export function grantFor(review: Review, change: Partial<Grant> = {}): Grant {
  return {
    id: newGrantId(),
    review: review.id,
    rule: review.rule,
    scope: { kind: "once" },
    sessionId: review.sessionId,
    identity: review.identity,
    binding: change.scope === undefined ? review.binding : review.likeness,
    createdAt: new Date(start),
    expiresAt: new Date(start + 600_000),
    revokedAt: null,
    uses: 0,
    ...change,
  };
}
