/**
 * Tool-call reader: a provider's view of one reply as pieces that say which
 * tool calls they hold something of. It says what is there; what may leave is
 * the path's business.
 */
import type { ToolCall } from "../model/review.js";
import type { RefusalNotice } from "./text-reader.js";

/** A tool call whose name and arguments are all there. */
export interface WholeCall {
  /** Names it among the reply's pieces. */
  readonly key: string;
  /** The provider's own id of it; empty where it has none. */
  readonly id: string;
  readonly call: ToolCall;
}

/** Calls by their key, and what is said in place of each; null: nothing. */
export type RemovedCalls = ReadonlyMap<string, string | null>;

/** A piece of a reply whose tool calls are watched: an event of a stream, or a whole body. */
export interface ReplyPiece {
  /** As they came. */
  readonly bytes: Buffer;
  /** Keys of the calls that it holds something of, or ends. */
  readonly calls: readonly string[];
  /** Calls that are whole with this piece. */
  readonly whole: readonly WholeCall[];
  /** Calls, of this piece or of earlier ones, that the reply ends without finishing. Nothing of them leaves. */
  readonly abandoned?: readonly string[];
  /** It ends or sums up the reply: it waits for every call before it, and nothing overtakes it. */
  readonly last: boolean;
  /** Place among the reply's items; null where it has none. */
  readonly place: number | null;
  /**
   * The piece with a message of the model's in place of each of these calls (key → message), or
   * nothing (null): its own bytes where nothing of it changes, none where nothing is left,
   * undefined where this kind of reply has no room for a message.
   */
  without(removed: RemovedCalls): Buffer | undefined;
}

/** Reads the tool calls of one reply. Both methods throw ReplyUnreadable for what cannot be read. */
export interface ToolCallReader {
  /** `stream`: pieces as they come; `whole`: one piece at the end. */
  readonly form: "stream" | "whole";
  push(chunk: Uint8Array): readonly ReplyPiece[];
  end(): readonly ReplyPiece[];
  /** What keeps a client of this user agent, written between two events of a stream. */
  keepAlive(userAgent: string): Buffer;
  /** Ends a stream with an error that its SDKs raise. */
  refusalEvent(notice: RefusalNotice): Buffer;
}
