/**
 * What may be shown: the JSON that the control API answers and that `--json`
 * prints unchanged. Scripts rely on these keys; add freely, change none.
 * Times are ISO 8601 in UTC, durations milliseconds, sizes bytes. A key that
 * has no value yet is null, never missing.
 */

import type { Outcome } from "./outcome.js";
import type { CallView } from "./record-views.js";

export interface IdentityView {
  /** OIDC issuer, or `os:HOST` for the operating system's user. */
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly groups: readonly string[];
  /** The login's profile; null for the operating system's user. */
  readonly profile: string | null;
}

/** Where in which repository a run was started. */
export interface GitView {
  /** URL of the remote, without any credential. */
  readonly remote: string | null;
  readonly branch: string | null;
  readonly commit: string | null;
}

/** The CI job that a run belongs to. */
export interface CiView {
  /** `github-actions`, `gitlab`, `circleci` … */
  readonly system: string;
  readonly job: string | null;
  readonly run: string | null;
  readonly url: string | null;
}

export interface ProcessView {
  /** Process id of `hoopx run`'s child; null until it was started. */
  readonly pid: number | null;
  /** The command and its arguments, as one line for people. */
  readonly command: string;
  readonly cwd: string;
  readonly host: string;
  readonly user: string;
  /** Null outside a git repository. */
  readonly git: GitView | null;
  /** Null outside CI. */
  readonly ci: CiView | null;
}

/** How a connection's credential was got when the session started. */
export interface SessionCredentialView {
  readonly connection: string;
  readonly kind: string;
  /** `permanent key`, or `short-lived, 59 min`. */
  readonly lifetime: string;
  readonly expiresAt: string | null;
}

/** The process that opened the socket an exchange came on. */
export interface CallingProcessView {
  readonly pid: number;
  readonly executable: string;
  readonly startedAt: string;
}

export type SessionStatus = "active" | "ended" | "revoked" | "expired";

export interface CountsView {
  readonly exchanges: number;
  /** Outcome `allowed`. */
  readonly allowed: number;
  /** Outcomes `denied`, `denied-by-reviewer` and `expired`. */
  readonly denied: number;
  /** A rule wanted a review of the request, or of a tool call in its reply. */
  readonly reviewed: number;
  /** Findings, not exchanges. */
  readonly masked: number;
  /** Outcomes `failed` and `cut`. */
  readonly errors: number;
  /** Each exchange that is over, once, by how it went. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

export interface TokensView {
  readonly input: number;
  readonly output: number;
  /** The reply, or one of the session's replies, stated no usage: it is estimated from what flowed. */
  readonly estimated?: true;
}

export interface SessionView {
  readonly id: string;
  readonly title: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: SessionStatus;
  readonly identity: IdentityView;
  readonly process: ProcessView;
  /** `tree`: its token works only inside the run's process tree; `unavailable`: this system cannot tell. */
  readonly processCheck: "tree" | "unavailable";
  readonly connections: readonly string[];
  readonly credentials: readonly SessionCredentialView[];
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly exitCode: number | null;
  readonly expiresAt: string;
  /** SHA-256 of the policy in force when the session started, hex. */
  readonly policyHash: string;
  readonly counts: CountsView;
  readonly tokens: TokensView;
}

export type OperationClass = "read" | "inference" | "write" | "admin" | "unknown";

export interface OperationView {
  readonly provider: string;
  /** `responses.create`; `unknown` where the provider names no such operation. */
  readonly action: string;
  readonly class: OperationClass;
  readonly method: string;
  /** Path and query as the upstream has them, credentials in the query masked. */
  readonly path: string;
  readonly model: string | null;
  /** Names of the functions and hosted tools that the request declares. */
  readonly tools: readonly string[];
  readonly stream: boolean;
}

export interface DecisionView {
  readonly effect: "allow" | "review" | "deny";
  /** Name of the deciding rule; null where none matched. */
  readonly rule: string | null;
  /** `organisation`, `user`, `project` or `built-in`; null where no rule matched. */
  readonly layer: string | null;
  /** The file that the rule stands in; null for built-in rules. */
  readonly file: string | null;
  readonly reason: string;
}

/** A person's answer to a review. */
export interface AnswerView {
  readonly outcome: Extract<Outcome, "approved" | "denied-by-reviewer">;
  readonly by: IdentityView;
  readonly at: string;
  readonly comment: string | null;
}

export interface ExchangeView {
  readonly id: string;
  /** Null for a request that no session could be found for. */
  readonly sessionId: string | null;
  /** Place in the session, from 1; 0 where there is no session. */
  readonly seq: number;
  readonly connection: string | null;
  /** Null where the system cannot tell, or the request belongs to no session. */
  readonly process: CallingProcessView | null;
  /** Null in records of an older version: for a request that was refused before it was read. */
  readonly operation: OperationView | null;
  readonly decision: DecisionView | null;
  /** How it went; null while it runs. */
  readonly outcome: Outcome | null;
  /** The tool call in its reply that has this outcome; null where the outcome is the request's own. */
  readonly call: CallView | null;
  readonly review: string | null;
  /** What a person answered to that review; null where there is none, or no person answered. */
  readonly answer: AnswerView | null;
  /** HTTP status the client got; null while it waits or if it left first. */
  readonly status: number | null;
  readonly startedAt: string;
  readonly firstByteMs: number | null;
  readonly durationMs: number | null;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Place: absent in records from before requests were looked at, which means the reply. */
  readonly masked: readonly {
    readonly detector: string;
    readonly count: number;
    readonly place?: "request" | "reply";
  }[];
  readonly tokens: TokensView | null;
  /** A code of docs/errors.md: why it was refused, failed or was cut short. */
  readonly error: string | null;
}

/** Something that `hoopx mask` hides: where it stands and what it is, never itself. */
export interface MaskFindingView {
  /** From 1. */
  readonly line: number;
  /** In UTF-16 units, from 1. */
  readonly column: number;
  readonly detector: string;
  /** What stands in its place. */
  readonly mark: string;
  /** What the detector looks for, in words. */
  readonly about: string;
}

export interface ConnectionView {
  readonly name: string;
  /** True for the one that a session of its provider gets which names none. */
  readonly default: boolean;
  readonly provider: string;
  readonly baseUrl: string;
  readonly credential: {
    /** `static-key`, `openai-workload` …: credential-kinds.ts has them all. */
    readonly kind: string;
    /** `permanent key`, or `short-lived, 59 min` from what was really had, said honestly. */
    readonly lifetime: string;
    /** End of what was last had; null for a permanent key, and before anything was. */
    readonly expiresAt: string | null;
    /** Where its secret is; null for kinds that have none. */
    readonly secretStore: "keychain" | "file" | null;
    /** Its kind's settings by name. */
    readonly settings: Readonly<Record<string, string>>;
  };
  readonly allowPrivateNetwork: boolean;
  readonly createdAt: string;
  readonly rotatedAt: string | null;
}

export interface ConnectionTestView {
  readonly connection: string;
  readonly ok: boolean;
  /** What was asked: `GET /v1/models`. */
  readonly request: string;
  readonly status: number | null;
  readonly durationMs: number;
  /** One sentence on what came back. */
  readonly message: string;
  /** The credential it was asked with. */
  readonly credential: {
    readonly kind: string;
    /** `permanent key`, `short-lived, 59 min`. */
    readonly lifetime: string;
    readonly expiresAt: string | null;
  };
  /** Whom the provider sees, as far as the credential's issuer said; null where it said nothing. */
  readonly seenAs: string | null;
  /** How far this machine's clock is ahead of the upstream's; null where that did not say. */
  readonly clockAheadMs: number | null;
}

/** One piece of an exchange as a conversation, in the order it happened. */
export type TurnView =
  /** A message the model read: system, developer, user, assistant (earlier) or tool. */
  | { readonly kind: "message"; readonly role: string; readonly text: string }
  /** A call made in an earlier exchange, repeated in this request. */
  | {
      readonly kind: "tool-call";
      readonly id: string | null;
      readonly name: string;
      readonly arguments: string;
    }
  /** What the agent's tool answered. */
  | { readonly kind: "tool-result"; readonly id: string | null; readonly text: string }
  /** Anything else, said in a few words: `image`, `file upload of 3,201 bytes`. */
  | { readonly kind: "note"; readonly text: string };

/** A turn of the reply, with the pace at which its pieces came. */
export type ReplyTurnView = TurnView & {
  /** Pieces in order; `at` is milliseconds since the exchange began. Joined they are the turn's text or arguments. */
  readonly deltas: readonly { readonly at: number; readonly text: string }[];
};

/** What `replay` draws for one exchange, and one line of `replay --json`. */
export interface ConversationView {
  readonly exchange: ExchangeView;
  /** What this request added to the conversation since the session's exchange before it. */
  readonly prompt: readonly TurnView[];
  readonly reply: readonly ReplyTurnView[];
  /** False where the transcript ends before the reply did. */
  readonly complete: boolean;
}
