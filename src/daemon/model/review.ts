/**
 * Review: a request, or a tool call in a reply, that waits for a person; and
 * the grant that an approval leaves behind. A review is bound to exactly what
 * was asked (SECURITY A1): what is sent after an approval has its binding.
 */
import type { GrantScope, NamedRule, ReviewTerms, RuleOrigin } from "./decision.js";
import type { Identity } from "./identity.js";
import type { Operation } from "./operation.js";
import { randomId } from "./random-id.js";

/** `rev_` and letters, as people and scripts name it. */
export type ReviewId = string;
/** `gra_` and letters. */
export type GrantId = string;

export type ReviewStatus = "pending" | "approved" | "denied" | "expired" | "cancelled";

/** A function the model wants the agent to run. */
export interface ToolCall {
  readonly name: string;
  /** As the model wrote them: JSON for functions, free text for custom tools. */
  readonly arguments: string;
  readonly kind: "function" | "custom" | "hosted";
}

/** One reviewer's yes. */
export interface Approval {
  readonly by: Identity;
  readonly at: Date;
  readonly comment: string | null;
}

export interface Review {
  readonly id: ReviewId;
  readonly sessionId: string;
  /** Key of the exchange that opened it. */
  readonly exchange: bigint;
  readonly kind: "request" | "tool-call";
  readonly status: ReviewStatus;
  readonly operation: Operation;
  readonly connection: string;
  /** For a tool call: which, arguments masked. */
  readonly toolCall: ToolCall | null;
  /** Who asks. */
  readonly identity: Identity;
  readonly rule: string | null;
  /** Which rule of that name; null in a review of an older version. */
  readonly origin: RuleOrigin | null;
  /** The other rules that want it: its terms are the strictest of all; absent: none. */
  readonly also?: readonly NamedRule[];
  readonly reason: string;
  readonly terms: ReviewTerms;
  /** SHA-256 (hex) over method, origin, path, query, body hash, policy hash, rule and credential's name. */
  readonly binding: string;
  /** SHA-256 (hex) of what a longer approval speaks for (path/request/binding.ts); null: for nothing. */
  readonly likeness: string | null;
  /** SHA-256 (hex) of the request's body as it is sent. */
  readonly requestSha256: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly approvals: readonly Approval[];
  /** Who settled it; null while pending, and where no person did. */
  readonly decidedBy: Identity | null;
  readonly decidedAt: Date | null;
  /** The grant that the approval left. */
  readonly grant: GrantId | null;
  readonly comment: string | null;
}

export interface Grant {
  readonly id: GrantId;
  readonly review: ReviewId;
  readonly rule: string | null;
  readonly scope: GrantScope;
  /** For a scope of `session`, and of `once`. */
  readonly sessionId: string | null;
  /** For whom. */
  readonly identity: Identity;
  /**
   * SHA-256 (hex) of what it speaks for. Of a scope of `once`: the review's binding. Of a longer
   * one: its likeness, which holds layer, file and hash of its rule, the connection, and the action
   * or the tool. Null: for nothing. Grants of older versions, which named their rule only, have
   * no hash that a request could have.
   */
  readonly binding: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly uses: number;
}

export function newReviewId(): ReviewId {
  return randomId("rev");
}

export function newGrantId(): GrantId {
  return randomId("gra");
}
