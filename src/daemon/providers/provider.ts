/**
 * Provider: an LLM vendor's adapter. It says what a request means, how its
 * errors look and how its transcripts read as a conversation. Everything here
 * is a pure function of bytes; only `path/request/forward.ts` talks to upstreams.
 */

import type { BegunReading, JsonReading } from "../formats/json/reading.js";
import type { JsonKnowledge } from "../model/json-knowledge.js";
import type { Action, Operation } from "../model/operation.js";
import type { PromptPiece } from "../model/prompt.js";
import type { Frame, TokenUsage } from "../model/transcript.js";
import type { MaskedRequest } from "./masked-request.js";
import type { MaskSteps, MaskText } from "./masked-text.js";
import type { BegunMasking } from "./masking-progress.js";
import type { RefusalNotice, TextReader } from "./text-reader.js";
import type { ToolCallReader } from "./tool-call-reader.js";

export interface RequestHead {
  readonly method: string;
  /** Path below the connection's base path, without the query: `/responses`. */
  readonly path: string;
  /** Path as the upstream has it, for showing: `/v1/responses`. */
  readonly fullPath: string;
  /** Query string without its question mark; empty where there is none. */
  readonly query: string;
  /** Value of content-type as it was sent (a boundary has its case); empty where there is none. */
  readonly contentType: string;
}

/** An action that the provider's API has, and the route that asks for it. */
export interface KnownAction {
  readonly method: string;
  /** `/files/{file_id}`, below the base path. */
  readonly template: string;
  readonly action: Action;
}

/** Looks at a reply as it streams by, to count what it cost. Never holds more than a few KB. */
export interface UsageMeter {
  push(chunk: Uint8Array): void;
  /** What was found so far: the last usage the reply stated. */
  usage(): TokenUsage | null;
  /** Tokens of the reply so far, estimated from what flowed: for a reply that states none. */
  estimate(): number;
  /** Did the reply tell of an error of the upstream's, whatever its status? */
  failed(): boolean;
}

export interface Turn {
  readonly kind: "message" | "tool-call" | "tool-result" | "note";
  readonly role?: string;
  readonly id?: string | null;
  readonly name?: string;
  /** The text of a message, result or note; the arguments of a tool call. */
  readonly text: string;
}

export interface ReplyTurn extends Turn {
  /** Pieces as they came, `at` in microseconds since the exchange began. */
  readonly deltas: readonly { readonly at: number; readonly text: string }[];
}

/** A piece of a reply as it comes. */
export interface Delta extends Turn {
  /** Tells the reply's turns apart. */
  readonly turn: string;
}

/** Reads a streamed reply as it comes, for who watches; never throws. */
export interface DeltaReader {
  push(chunk: Uint8Array): readonly Delta[];
}

export interface Conversation {
  /** All that the model read, in order. */
  readonly prompt: readonly Turn[];
  readonly reply: readonly ReplyTurn[];
}

/** What a request means, and what the model will read of it. */
export interface Described {
  readonly operation: Operation;
  /** All text the model will read, in the request's order; walks what was parsed already. */
  readonly prompt: () => Iterable<PromptPiece>;
  /** The most tokens that the reply may have, as the request says, 0 where it is no text; null where it says nothing. */
  readonly mostOutput: number | null;
  /** Of a body that is JSON: what a later body that begins alike is read on from. */
  readonly reading: JsonReading | undefined;
}

export interface Provider {
  readonly name: string;
  /** Base URL where the user names none. */
  readonly defaultBaseUrl: string;
  /** One cheap read for `connections test`, below the base path. */
  readonly probe: { readonly method: "GET"; readonly path: string };
  /** All that there are, for files that name one. */
  readonly actions: readonly KnownAction[];
  /** Which action this is; undefined for an operation the provider's API does not have. */
  recognise(head: RequestHead): Action | undefined;
  /** What a WebSocket at this path is opened for; undefined where the API has none there. */
  recogniseSocket(head: RequestHead): Action | undefined;
  /**
   * What the request means. Rejects with the refusal `body_unreadable` where the body is not
   * what the action takes: not UTF-8, not JSON, a key twice (SECURITY.md P2), not multipart; with
   * `body_too_many_values` where it has more than `limits` permit. A large body is read in turns
   * of the event loop, and its bytes have to stay as they are for as long as `prompt` is asked.
   * `begun`: the body has its first bytes in common with one that was read.
   */
  describe(
    action: Action,
    head: RequestHead,
    body: Uint8Array,
    limits?: { readonly jsonValues: number },
    begun?: BegunReading,
  ): Promise<Described>;
  /** The same for a request no action was found for: its class is `unknown`. */
  describeUnknown(head: RequestHead): Operation;
  /** What may be text in such a request, as well as that can be said of an unknown one. */
  promptOfUnknown(head: RequestHead, body: Uint8Array): Iterable<PromptPiece>;
  /**
   * The request's unpacked body with what was found in it masked. `parsed`: the body was
   * described by its content-type before. `begun`: how it was read, and what came of masking the
   * body that it goes on with.
   */
  maskRequest(
    head: RequestHead,
    body: Buffer,
    how: {
      readonly mask: MaskText;
      readonly maskSteps?: MaskSteps;
      readonly parsed: boolean;
      readonly begun?: BegunMasking | undefined;
    },
  ): MaskedRequest | Promise<MaskedRequest>;
  /** Which replies state their usage, and where in them, is the operation's contract. */
  openMeter(operation: Pick<Operation, "action" | "class">, contentType: string): UsageMeter;
  /** Body of a refusal in the provider's own error shape, and its content-type. */
  refusalBody(notice: RefusalNotice): { readonly body: Buffer; readonly contentType: string };
  /**
   * Reads the tool calls of a reply; undefined where such a reply has none. Throws
   * ReplyUnreadable for a reply that should have a form that can be read, and has another.
   */
  openToolCalls(operation: Operation, contentType: string): ToolCallReader | undefined;
  /**
   * Reads the texts of a reply that comes as server-sent events. `lenient`: data that cannot be
   * read is a text of its own, where it is an error otherwise.
   */
  openTexts(how?: { readonly lenient: boolean }): TextReader;
  /** The same of what a server says over a WebSocket: each chunk is one message. */
  openMessageTexts(): TextReader;
  /** What is known of the JSON that its API answers with. */
  readonly json: JsonKnowledge;
  /** Reads a transcript as a conversation; never throws, and says what it cannot read in a note. */
  converse(operation: Operation, frames: readonly Frame[]): Conversation;
  /** Absent, or undefined: such a reply is read once it is whole. */
  openDeltas?(operation: Operation, contentType: string): DeltaReader | undefined;
  /** The child's variables that send this provider's SDKs through the daemon. */
  environment(baseUrl: URL, token: string): Readonly<Record<string, string>>;
}
