/**
 * SSE blocks: a stream of server-sent events cut into the very bytes of each
 * event, its blank line included, beside what the event says. Joined the
 * blocks are the stream, byte for byte, so an event can be held and released
 * as it came. Memory is bounded: an event over the limit is an error, since it
 * could not be read before it is passed on.
 */
import { ReplyUnreadable } from "../reply-unreadable.js";
import { createSseSplitter, type ServerSentEvent } from "./events.js";

export interface SseBlock {
  readonly bytes: Buffer;
  /** Undefined for a block that says nothing: comments, an id, a blank line. */
  event(): ServerSentEvent | undefined;
}

export interface SseBlocks {
  /** The blocks that these bytes complete. */
  push(chunk: Uint8Array): SseBlock[];
  /** What the stream left without a blank line, as the event some clients take it for. */
  end(): SseBlock | undefined;
}

const blankLine = Buffer.from("\n\n");
const lf = 0x0a;
const cr = 0x0d;

/** Creates a cutter for one stream; `limit` bounds one event's bytes. */
export function createSseBlocks(limit = 16 * 1024 * 1024): SseBlocks {
  const splitter = createSseSplitter(limit);
  let begun: Buffer[] = [];
  let size = 0;
  // Of the line under way: has it no byte yet?
  let lineEmpty = true;
  // A CR ended the last line: an LF right after it belongs to it.
  let afterCr = false;
  // The stream ends its lines with CRLF: a block whose CR came last is still owed its LF.
  let pairs = false;
  let owed = false;

  function take(piece: Buffer): void {
    size += piece.length;
    if (size > limit) throw new ReplyUnreadable(`an event of the reply is over ${limit} bytes`);
    begun.push(piece);
  }

  function cut(): SseBlock {
    const bytes = Buffer.concat(begun);
    begun = [];
    size = 0;
    return blockOf(bytes);
  }

  /** What it says is read when it is asked for: many only compare its bytes. */
  function blockOf(bytes: Buffer): SseBlock {
    let read = false;
    let event: ServerSentEvent | undefined;
    return {
      bytes,
      event() {
        if (!read) event = splitter.push(bytes)[0];
        read = true;
        return event;
      },
    };
  }

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk);
      const blocks: SseBlock[] = [];
      let from = 0;
      if (owed && bytes.length > 0) {
        owed = false;
        from = bytes[0] === lf ? 1 : 0;
        if (from === 1) afterCr = false;
        take(bytes.subarray(0, from));
        blocks.push(cut());
      }
      // Lines nearly always end with LF alone: whole events are cut at once.
      while (from < bytes.length && size === 0 && lineEmpty && !afterCr && bytes[from] !== lf) {
        const end = bytes.indexOf(blankLine, from) + 2;
        if (end === 1 || end - from > limit || bytes.subarray(from, end).includes(cr)) break;
        blocks.push(blockOf(bytes.subarray(from, end)));
        from = end;
      }
      for (let at = from; at < bytes.length; at += 1) {
        const byte = bytes[at];
        if (byte === lf && afterCr) {
          afterCr = false;
          pairs = true;
          continue;
        }
        afterCr = byte === cr;
        if (byte !== lf && byte !== cr) {
          lineEmpty = false;
          continue;
        }
        if (!lineEmpty) {
          lineEmpty = true;
          continue;
        }
        // A blank line: its LF, where it has one and that is here, goes with it.
        if (afterCr && bytes[at + 1] === lf) {
          at += 1;
          afterCr = false;
        }
        take(bytes.subarray(from, at + 1));
        from = at + 1;
        owed = afterCr && pairs && from === bytes.length;
        if (!owed) blocks.push(cut());
      }
      if (from < bytes.length) take(bytes.subarray(from));
      return blocks;
    },
    end() {
      if (size === 0) return undefined;
      const { bytes, event } = cut();
      const last = event() ?? splitter.push(Buffer.from("\n\n"))[0];
      return { bytes, event: () => last };
    },
  };
}
