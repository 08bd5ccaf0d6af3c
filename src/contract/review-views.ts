/**
 * Review views: what may be shown of reviews and grants. As in `views.ts`,
 * scripts rely on these keys; add freely, change none.
 */
import type { IdentityView, OperationView, ProcessView, TurnView } from "./views.js";

export type ReviewStatus = "pending" | "approved" | "denied" | "expired" | "cancelled";

export interface ApprovalView {
  readonly by: IdentityView;
  readonly at: string;
  readonly comment: string | null;
}

export interface ReviewView {
  readonly id: string;
  readonly sessionId: string;
  readonly exchangeId: string;
  /** A request that waits to be sent, or a tool call that waits in a reply. */
  readonly kind: "request" | "tool-call";
  readonly status: ReviewStatus;
  readonly operation: OperationView;
  readonly connection: string;
  /** Secrets in its arguments are masked. */
  readonly toolCall: { readonly name: string; readonly arguments: string } | null;
  readonly identity: IdentityView;
  /** What runs it: the session's. */
  readonly process: ProcessView;
  readonly sessionTitle: string | null;
  readonly rule: string | null;
  readonly reason: string;
  /** SHA-256 (hex) of the request's body as it will be sent. */
  readonly requestSha256: string;
  readonly requestBytes: number;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Who may resolve it; null: whoever is at the keyboard. */
  readonly by: {
    readonly groups: readonly string[];
    readonly subjects: readonly string[];
    readonly emails: readonly string[];
  } | null;
  /** May the requester resolve it? */
  readonly self: boolean;
  /** What an approval is remembered as unless its reviewer says otherwise: `once`, `session`, `15m`. */
  readonly remember: string;
  /** The most that a reviewer may say. */
  readonly atMost: string;
  readonly approvalsNeeded: number;
  readonly approvals: readonly ApprovalView[];
  readonly decidedBy: IdentityView | null;
  readonly decidedAt: string | null;
  /** The grant that its approval left. */
  readonly grant: string | null;
  readonly comment: string | null;
}

/** A review with what it is about, for a person to read; secrets masked. */
export interface ReviewDetailView extends ReviewView {
  /** What this request adds to the conversation that was last approved in its session. */
  readonly added: readonly TurnView[];
  /** The whole prompt. */
  readonly prompt: readonly TurnView[];
  /** The request's body as text, pretty where it is JSON; null where it is none that can be shown. */
  readonly body: string | null;
}

export interface GrantView {
  readonly id: string;
  readonly review: string;
  readonly rule: string | null;
  readonly scope: "once" | "session" | "time";
  readonly sessionId: string | null;
  readonly identity: IdentityView;
  readonly createdAt: string;
  /** Null: with its session. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly uses: number;
}
