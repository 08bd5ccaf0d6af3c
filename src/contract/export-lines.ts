/**
 * Export lines: what each line of `hoopx sessions export --format jsonl` holds
 * (docs/exports.md). Keys stand in the order they have here, and each line has
 * one more after them, `hash`. Times are ISO 8601; `at` of frames and times of
 * endings are microseconds since the exchange began.
 */
import type { Outcome } from "./outcome.js";
import type { Problem } from "./problem.js";
import type { ApprovalView, ReviewersView, ReviewStatus } from "./review-views.js";
import type {
  CallingProcessView,
  DecisionView,
  IdentityView,
  OperationView,
  ProcessView,
  SessionCredentialView,
  SessionStatus,
  TokensView,
} from "./views.js";

export interface SessionLine {
  readonly line: "session";
  /** Of this form; another one gets another number. */
  readonly format: 1;
  readonly id: string;
  readonly title: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly identity: IdentityView;
  readonly process: ProcessView & {
    readonly pidStart: string | null;
    readonly runnerPid: number;
    readonly runnerStart: string | null;
  };
  readonly processCheck: "tree" | "unavailable";
  readonly connections: readonly string[];
  readonly credentials: readonly SessionCredentialView[];
  readonly startedAt: string;
  readonly expiresAt: string;
  readonly policyHash: string;
  readonly status: SessionStatus;
  readonly endedAt: string | null;
  readonly exitCode: number | null;
}

export interface ExportedOperation extends OperationView {
  readonly mintsCredential: boolean;
  /** Absent where it was not looked at, as below. */
  readonly hostedTools?: readonly string[];
  readonly store?: boolean;
  readonly background?: boolean;
}

export interface ExportedDecision extends Omit<DecisionView, "layer" | "file"> {
  /** Absent where no rule decided, and in records from before it was kept. */
  readonly layer?: string;
  readonly file?: string | null;
  /** SHA-256 of all that the rule says, hex. */
  readonly ruleHash?: string;
  readonly decidedAt: string;
}

export interface ExchangeLine {
  readonly line: "exchange";
  readonly id: string;
  readonly seq: number;
  readonly connection: string | null;
  readonly process: CallingProcessView | null;
  readonly startedAt: string;
  readonly requestBytes: number;
  readonly operation: ExportedOperation | null;
  readonly decision: ExportedDecision | null;
  /** The review that it waited for. */
  readonly review: string | null;
}

/** Of the exchange before it. Exactly one of `text` and `base64`: text where the bytes are UTF-8. */
export interface FrameLine {
  readonly line: "frame";
  readonly exchange: string;
  readonly kind: "request-head" | "request-body" | "reply-head" | "reply-body" | "tool-call";
  readonly at: number;
  readonly text?: string;
  readonly base64?: string;
}

/** Of the exchange before it. */
export interface EndingLine {
  readonly line: "ending";
  readonly exchange: string;
  readonly status: number | null;
  readonly firstByteAt: number | null;
  readonly endedAt: number;
  readonly responseBytes: number;
  readonly tokens: TokensView | null;
  readonly error: string | null;
  readonly masked: readonly {
    readonly detector: string;
    readonly count: number;
    readonly place?: "request" | "reply";
  }[];
  /** Absent in records from before it was kept. */
  readonly outcome?: Outcome;
}

export type ScopeOfGrant =
  | { readonly kind: "once" }
  | { readonly kind: "session" }
  | { readonly kind: "time"; readonly ms: number };

export interface ReviewLine {
  readonly line: "review";
  readonly id: string;
  readonly exchange: string;
  readonly kind: "request" | "tool-call";
  readonly status: ReviewStatus;
  readonly operation: ExportedOperation;
  readonly connection: string;
  readonly toolCall: {
    readonly name: string;
    readonly arguments: string;
    readonly kind: "function" | "custom" | "hosted";
  } | null;
  readonly identity: IdentityView;
  readonly rule: string | null;
  readonly reason: string;
  readonly terms: {
    readonly by: ReviewersView | null;
    readonly andBy?: readonly ReviewersView[];
    readonly self: boolean;
    readonly timeoutMs: number;
    readonly remember: ScopeOfGrant;
    readonly atMost?: ScopeOfGrant;
    readonly approvals: number;
  };
  readonly binding: string;
  readonly requestSha256: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly approvals: readonly ApprovalView[];
  readonly decidedBy: IdentityView | null;
  readonly decidedAt: string | null;
  readonly grant: string | null;
  readonly comment: string | null;
}

export interface GrantLine {
  readonly line: "grant";
  readonly id: string;
  readonly review: string;
  readonly rule: string | null;
  readonly scope: ScopeOfGrant;
  readonly session: string | null;
  readonly identity: IdentityView;
  readonly binding: string | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly uses: number;
}

/** The last one. */
export interface SealLine {
  readonly line: "seal";
  readonly session: string;
  /** The session was not over, or something of it was not: it cannot be imported. */
  readonly partial: boolean;
  /** Before this one. */
  readonly lines: number;
  readonly exchanges: number;
  readonly frames: number;
  /** Of frames. */
  readonly bytes: number;
  readonly reviews: number;
  readonly grants: number;
  /** The hash of the line before this one. */
  readonly head: string;
  readonly at: string;
  /** Raw Ed25519 public key, hex; null where there was no key to sign with. */
  readonly key: string | null;
  readonly signature: string | null;
}

export type ExportLine =
  | SessionLine
  | ExchangeLine
  | FrameLine
  | EndingLine
  | ReviewLine
  | GrantLine
  | SealLine;

/** What became of an import: its one line of answer. */
export type ImportOutcome =
  | {
      readonly session: string;
      readonly exchanges: number;
      readonly frames: number;
      readonly reviews: number;
      /** Kept with the session; they permit nothing here. */
      readonly grants: number;
      readonly head: string;
      readonly signedBy: {
        /** Raw Ed25519 public key, hex. */
        readonly key: string;
        readonly at: string;
        /** Is it this installation's? */
        readonly own: boolean;
      } | null;
    }
  | { readonly problem: Pick<Problem, "code" | "title"> & { readonly hint: string | null } };
