/**
 * Desk: where what needs a review waits for a person. It finds a grant, joins
 * the review that waits for the same thing already, takes the answer that came
 * while no client waited, or opens a review.
 */
import type { Verdict } from "../model/decision.js";
import type { Operation } from "../model/operation.js";
import type { Review, ToolCall } from "../model/review.js";
import type { Session } from "../model/session.js";

export interface ReviewRequest {
  readonly session: Session;
  /** Key of the exchange. */
  readonly exchange: bigint;
  readonly connection: string;
  readonly operation: Operation;
  /** The verdict that wants the review. */
  readonly verdict: Verdict;
  readonly toolCall?: ToolCall;
  /** SHA-256 (hex): what is approved, and nothing else (model/review.ts). */
  readonly binding: string;
  /** SHA-256 (hex): what an approval for longer speaks for; null: for nothing. */
  readonly likeness: string | null;
  readonly requestSha256: string;
  /** Absent: the reviewer reads the record, where findings are masked. */
  readonly content?: AskedContent;
}

/** What is asked about, byte for byte as it will be sent or delivered: in memory alone, while it waits. */
export interface AskedContent {
  readonly bytes: Buffer;
  /** What is to be hidden in a text of it; in the order of their start. */
  findIn(text: string): Promise<readonly ContentFinding[]>;
}

export interface ContentFinding {
  readonly detector: string;
  readonly start: number;
  readonly end: number;
}

export interface Settlement {
  readonly outcome: /** An earlier approval speaks for it; `review` is that one. */
    | "granted"
    | "approved"
    | "denied"
    | "expired"
    /** The wait ended before an answer: the review stays open, the next attempt finds its answer. */
    | "pending";
  readonly review: Review;
}

export interface Desk {
  /**
   * Resolves when it is settled, at the latest after `patienceMs` with "pending". Rejects with
   * the signal's reason where the client leaves (the review stays open), and where the store fails.
   */
  ask(request: ReviewRequest, signal: AbortSignal, patienceMs: number): Promise<Settlement>;
}
