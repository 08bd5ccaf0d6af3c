/**
 * Transcript: the masked record of an exchange, frame by frame. A frame is
 * stored before it is delivered.
 */
import type { Outcome } from "../../contract/outcome.js";
import type { RuleOrigin } from "./decision.js";
import type { FindingCount } from "./masking-terms.js";

export type FrameKind =
  /** Request line and header lines as HTTP/1.1 writes them, credentials masked. */
  | "request-head"
  | "request-body"
  /** Status line and header lines of the reply, masked. */
  | "reply-head"
  /** Bytes of the reply as they were delivered. */
  | "reply-body"
  /** What was decided on a tool call of the reply, before any of it was delivered: a CallRecord as JSON. */
  | "tool-call";

export interface Frame {
  readonly kind: FrameKind;
  /** Microseconds since the exchange began. */
  readonly at: number;
  readonly data: Uint8Array;
}

/** A call as it may stand in the record, from this program or an earlier one. */
export interface StoredCall extends Omit<CallRecord, "outcome"> {
  readonly outcome: string;
}

/** What is written down of a tool call: its arguments stand in the reply, where it was delivered. */
export interface CallRecord {
  readonly name: string;
  readonly kind: "function" | "custom" | "hosted";
  readonly effect: "allow" | "review" | "deny";
  readonly rule: string | null;
  /** Where the rule stands; absent where no rule decided, and in records from before it was kept. */
  readonly layer?: RuleOrigin["layer"];
  readonly file?: string | null;
  /** The rule's; of a denied call, the sentence that its agent was told. */
  readonly reason: string;
  /** `allowed`, `granted` and `approved` calls were delivered. */
  readonly outcome: Outcome;
  /** It was not delivered, and the model was told so in its place; absent: it was, or the reply ended with an error. */
  readonly toldToModel?: true;
  /** Id of the review that settled it. */
  readonly review: string | null;
}

export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  /** The reply did not state it: estimated from what flowed. */
  readonly estimated?: true;
}

/** How an exchange ended. */
export interface Ending {
  /** Status the client got; null where it left before one was sent. */
  readonly status: number | null;
  /** Microseconds since the exchange began; null where no byte was delivered. */
  readonly firstByteAt: number | null;
  readonly endedAt: number;
  readonly responseBytes: number;
  readonly tokens: TokenUsage | null;
  /** A refusal's or ending's code (docs/errors.md); null for a reply delivered in full. */
  readonly error: string | null;
  readonly masked: readonly FindingCount[];
  /** Absent in records from before it was kept. */
  readonly outcome?: Outcome;
}
