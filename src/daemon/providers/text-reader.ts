/**
 * Text reader: a provider's view of a streamed reply as pieces that say which
 * texts stand in them, and which of those go on from piece to piece. It says
 * what is there; what may leave, and how it reads then, is the path's
 * business.
 */

export interface PieceText {
  /**
   * `delta`: goes on with the logical text `of`; `repeat`: says all of that text again; `whole`:
   * stands alone.
   */
  readonly role: "delta" | "repeat" | "whole";
  readonly text: string;
  /** Names the logical text among the reply's; empty for one that stands alone. */
  readonly of: string;
  /** What it is the value of: a member's name, where that may say that it is a secret. */
  readonly name: string;
}

/** A piece of a reply: an event of a stream, with its blank line. */
export interface TextPiece {
  /** As they came. */
  readonly bytes: Buffer;
  /** In the order in which they stand. */
  readonly texts: readonly PieceText[];
  /** Names in it that do not stand there as they read: they were written with escapes. */
  readonly names?: readonly string[];
  /** Logical texts that are over with this piece: all whose name begins so. */
  readonly ends: readonly string[];
  /** The provider says that the reply is over with this piece. */
  readonly last?: boolean;
  /** The piece with other texts, as many as it has; all else stays byte for byte. */
  write(texts: readonly string[]): Buffer;
}

/** Reads the texts of one streamed reply. Throws ReplyUnreadable for what cannot be read. */
export interface TextReader {
  /** Read one by one, so that what stands before a piece that cannot be read is here before it. */
  push(chunk: Uint8Array): Iterable<TextPiece>;
  end(): Iterable<TextPiece>;
  /** Ends the stream with an error that the provider's SDKs raise. */
  refusalEvent(notice: RefusalNotice): Buffer;
}

/** What is looked at of a refusal to say it in the provider's error shape. */
export interface RefusalNotice {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly hint: string;
  readonly exchangeId: string;
}
