/**
 * Store: the record. Sessions, exchanges, decisions and frames, durable before
 * anything that depends on them goes on (DESIGN: the path's promises 1 and 5).
 *
 * Writes on the data path are grouped: all that arrive in one turn of the
 * event loop share one transaction, and each learns when it is durable. A
 * write that fails fails every waiter of its group with the same error.
 */
import type { Outcome } from "../../contract/outcome.js";
import type { CallingProcess } from "../model/calling-process.js";
import type { Decision } from "../model/decision.js";
import type { Operation } from "../model/operation.js";
import type { ReviewId } from "../model/review.js";
import type { Session, SessionId, SessionStatus } from "../model/session.js";
import type { Ending, Frame, TokenUsage } from "../model/transcript.js";
import type { Durable } from "./group-commit.js";
import type { RecordLog } from "./record-log.js";
import type { GrantLog, ReviewLog } from "./review-log.js";

/** What is written of an exchange before anything leaves. */
export interface Opening {
  readonly key: bigint;
  /** Null for a request that no session could be found for. */
  readonly sessionId: SessionId | null;
  readonly seq: number;
  readonly connection: string | null;
  /** Null where the system cannot tell, or the request belongs to no session. */
  readonly process: CallingProcess | null;
  readonly startedAt: Date;
  readonly operation: Operation | null;
  readonly decision: Decision | null;
  readonly requestBytes: number;
  readonly frames: readonly Frame[];
}

export interface ExchangeRecord {
  readonly key: bigint;
  readonly sessionId: SessionId | null;
  readonly seq: number;
  readonly connection: string | null;
  readonly process: CallingProcess | null;
  readonly startedAt: Date;
  readonly operation: Operation | null;
  readonly decision: Decision | null;
  readonly requestBytes: number;
  /** The review that it waited for, or whose answer it goes by; the last where there were several. */
  readonly review: ReviewId | null;
  /** Null while it runs; an exchange the daemon died in is ended as `truncated` by the next start. */
  readonly ending: Ending | null;
}

export interface SessionTotals {
  readonly exchanges: number;
  /** Those with the outcome `allowed`. */
  readonly allowed: number;
  /** By the policy or a person, or no person answered in time; a tool call of the reply among them. */
  readonly denied: number;
  /** A rule wanted a review of them, or of a tool call in their reply. */
  readonly reviewed: number;
  readonly masked: number;
  /** Those that failed or were cut. */
  readonly errors: number;
  /** Each exchange that is over, once. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly tokens: TokenUsage;
}

export interface SessionFilter {
  readonly limit: number;
  readonly since?: Date;
  readonly status?: SessionStatus;
  /** Part of the subject or e-mail, any case. */
  readonly identity?: string;
  /**
   * Words, "phrases" and beginnings*, any case: each is part of the id, title, command or a label,
   * or was said in an exchange of the session (search-terms.ts).
   */
  readonly search?: string;
  /** A glob that a model of the session's matches, any case. */
  readonly model?: string;
  /** A tool that a request declares, or that a reply calls. */
  readonly tool?: string;
  /** An exchange of it went in one of these ways. */
  readonly outcomes?: readonly Outcome[];
  /** Something in it was masked. */
  readonly masked?: true;
  /** What it used cost more, as far as prices are known. */
  readonly costOver?: {
    readonly usd: number;
    readonly costOf: (model: string | null, tokens: TokenUsage) => number | null;
  };
}

export interface SessionChange {
  readonly status: SessionStatus;
  readonly endedAt: Date;
  readonly exitCode: number | null;
}

export type SessionChild = Pick<Session["process"], "pid" | "pidStart" | "command">;

export interface SessionLog {
  add(session: Session): Promise<void>;
  /** The run told its child: which process it is, and what it was started as. */
  setChild(id: SessionId, child: SessionChild): Promise<void>;
  end(id: SessionId, change: SessionChange): Promise<void>;
  /** By id, by the beginning of one, or `last`: the newest that is no re-run. */
  find(id: string): Promise<readonly Session[]>;
  /** Newest first. */
  list(filter: SessionFilter): Promise<readonly Session[]>;
  /** The last session of each runner whose process had one of these numbers, the oldest first. */
  ofRunners(pids: readonly number[]): Promise<readonly Session[]>;
  /** Exchanges that are over and that no search finds yet. */
  unindexed(): number;
  totals(ids: readonly SessionId[]): Promise<ReadonlyMap<SessionId, SessionTotals>>;
}

export interface TranscriptLog {
  /** Writes a whole exchange that is over in one transaction. */
  record(opening: Opening, frames: readonly Frame[], ending: Ending): Promise<void>;
  /** Writes exchange, decision and request frames in one transaction. */
  open(opening: Opening): Promise<void>;
  append(key: bigint, frame: Frame, durable: Durable): void;
  close(key: bigint, ending: Ending, durable: Durable): void;
}

export interface ExchangeLog {
  find(key: bigint): Promise<ExchangeRecord | undefined>;
  /** In order of their place in the session. */
  ofSession(id: SessionId): Promise<readonly ExchangeRecord[]>;
  /** Those of no session, newest first: tests of connections, and requests without a session's token. */
  ofNoSession(limit: number): Promise<readonly ExchangeRecord[]>;
  /** Greatest place used in the session; 0 where it has none. */
  lastSeq(id: SessionId): Promise<number>;
  /** Frames of one exchange, in order. */
  frames(key: bigint): Promise<readonly Frame[]>;
  /** The frames of its request; those of its reply are read only where they lie in between. */
  requestFrames(key: bigint): Promise<readonly Frame[]>;
  /** Those of all sessions with a greater key, in order: the next page, that is, of the record. */
  after(key: bigint, limit: number): Promise<readonly ExchangeRecord[]>;
}

/** What a session has used of one model. */
export interface RecordedUsage {
  readonly session: {
    readonly id: SessionId;
    readonly identity: { readonly issuer: string; readonly subject: string };
  };
  readonly model: string | null;
  /** Those that were not denied. */
  readonly requests: number;
  readonly tokens: TokenUsage;
}

export interface UsageLog {
  /** By all sessions, in exchanges that began since then. */
  since(time: Date): Promise<readonly RecordedUsage[]>;
  ofSessions(ids: readonly SessionId[]): Promise<readonly RecordedUsage[]>;
}

export interface Import {
  readonly session: SessionId;
  readonly at: Date;
  /** SHA-256 of the origin's lines, hex. */
  readonly head: string;
  /** Its last line, as it came. */
  readonly seal: string;
  /** Lines of grants, as they came. */
  readonly grants: readonly string[];
  /** False while it is written, and where the daemon died in it: the same file finishes it. */
  readonly complete: boolean;
}

export interface ImportLog {
  /** Writes the session, and that it comes from elsewhere; `first` is the least key of its exchanges. */
  begin(
    session: Session,
    origin: Omit<Import, "session" | "complete">,
    first: bigint | undefined,
  ): Promise<void>;
  finish(id: SessionId): Promise<void>;
  find(id: SessionId): Promise<Import | undefined>;
}

export interface Store {
  readonly sessions: SessionLog;
  readonly exchanges: ExchangeLog;
  readonly transcripts: TranscriptLog;
  readonly usage: UsageLog;
  readonly reviews: ReviewLog;
  readonly grants: GrantLog;
  readonly imports: ImportLog;
  readonly record: RecordLog;
  /** Resolves once what is over is kept small: for who measures. */
  compacted(): Promise<void>;
  /** Resolves once what is over can be searched: for who measures. */
  indexed(): Promise<void>;
  /** Writes what waits, then lets go of the files. */
  close(): Promise<void>;
}
