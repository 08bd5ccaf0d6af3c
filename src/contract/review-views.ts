/**
 * Review views: what may be shown of reviews and grants. As in `views.ts`,
 * scripts rely on these keys; add freely, change none.
 */
import type { Outcome } from "./outcome.js";
import type { PolicyLayerName } from "./policy-views.js";
import type { IdentityView, OperationView, ProcessView, TurnView } from "./views.js";

export type ReviewStatus = "pending" | "approved" | "denied" | "expired" | "cancelled";

export interface ApprovalView {
  readonly by: IdentityView;
  readonly at: string;
  readonly comment: string | null;
}

/** One match in any list is enough. */
export interface ReviewersView {
  readonly groups: readonly string[];
  readonly subjects: readonly string[];
  readonly emails: readonly string[];
}

export interface ReviewView {
  readonly id: string;
  readonly sessionId: string;
  readonly exchangeId: string;
  /** A request that waits to be sent, or a tool call that waits in a reply. */
  readonly kind: "request" | "tool-call";
  readonly status: ReviewStatus;
  /** Null while it is pending. */
  readonly outcome: Outcome | null;
  readonly operation: OperationView;
  readonly connection: string;
  /** Secrets in its arguments are masked. */
  readonly toolCall: { readonly name: string; readonly arguments: string } | null;
  readonly identity: IdentityView;
  /** What runs it: the session's. */
  readonly process: ProcessView;
  readonly sessionTitle: string | null;
  readonly rule: string | null;
  /** Where the rule stands; null where that is not known. A project's file is the agent's to write. */
  readonly ruleLayer: PolicyLayerName | "masking" | null;
  readonly ruleFile: string | null;
  /** The other rules that want it, each with its place; absent: none. */
  readonly alsoBy?: readonly {
    readonly rule: string;
    readonly layer: PolicyLayerName | "masking";
    readonly file: string | null;
  }[];
  readonly reason: string;
  /** SHA-256 (hex) of the request's body as it will be sent. */
  readonly requestSha256: string;
  readonly requestBytes: number;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Who may resolve it; null: the person at the keyboard. */
  readonly by: ReviewersView | null;
  /** Further lists that a reviewer has to be in; absent: none. */
  readonly andBy?: readonly ReviewersView[];
  /** May the requester resolve it? */
  readonly self: boolean;
  /** What the rule says of how long an approval may speak for: `once`, `session`, `15m`. */
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

/** A piece of a text that is not shown: a finding, or bytes that are no text. */
export interface HiddenPieceView {
  /** From 1, as `--reveal` takes it. */
  readonly number: number;
  /** Where its mark stands in the shown text, and how long that is. */
  readonly at: number;
  readonly length: number;
  /** Characters that it hides; of bytes that are no text, bytes. */
  readonly characters: number;
  /** What it is: a detector's name, `a value by its name`, `no text` … */
  readonly what: string;
}

/** A hidden piece as it will be sent; base64 where it is no text. */
export interface RevealedPieceView {
  readonly number: number;
  readonly text: string;
  readonly base64: boolean;
}

/** A review with what it is about, for a person to read; secrets hidden. */
export interface ReviewDetailView extends ReviewView {
  /**
   * Pieces that are hidden in what is asked about: in `body`, or in the arguments of the tool call.
   * Each piece in its mark's place: that is exactly what will be sent, or delivered.
   */
  readonly hidden: readonly HiddenPieceView[];
  /** False: it is only there as it was recorded, masked; the hidden pieces cannot be revealed. */
  readonly whole: boolean;
  /** What this request adds to the conversation that was last approved in its session. */
  readonly added: readonly TurnView[];
  /** The whole prompt. */
  readonly prompt: readonly TurnView[];
  /** The request's body, as it is sent but for what is hidden; null where it has none. */
  readonly body: string | null;
}

/** What a grant speaks for: what this very rule wants reviewed, of one action or tool. */
export interface GrantCoverView {
  readonly layer: PolicyLayerName | "masking";
  readonly file: string | null;
  readonly connection: string;
  readonly action: string;
  /** Of tool calls. */
  readonly tool: string | null;
}

export interface GrantView {
  readonly id: string;
  readonly review: string;
  readonly rule: string | null;
  /** What it speaks for; null where that is nothing: a grant of an older version, or of a review that is pruned. */
  readonly covers: GrantCoverView | null;
  readonly scope: "once" | "session" | "time";
  readonly sessionId: string | null;
  /** When the session ended that it is for: it speaks for nothing since. Null: not, or for no session alone. */
  readonly sessionEndedAt: string | null;
  readonly identity: IdentityView;
  readonly createdAt: string;
  /** Null: with its session. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly uses: number;
}
