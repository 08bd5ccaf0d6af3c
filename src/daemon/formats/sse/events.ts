/**
 * SSE: bytes → server-sent events, as WHATWG HTML 9.2.6 reads them, however
 * the bytes are cut: LF, CRLF or CR; a byte order mark at the start; `data`
 * over several lines; comments skipped. Memory is bounded: an event over the
 * limit is passed over, and counted.
 */
export interface ServerSentEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
  /** Last id the stream gave; empty where it gave none. */
  readonly id: string;
}

export interface SseSplitter {
  /** The events that these bytes complete. */
  push(chunk: Uint8Array): ServerSentEvent[];
  /** Is something begun that the stream did not end? */
  readonly pending: boolean;
  /** Events passed over for their size. */
  readonly dropped: number;
}

const lf = 0x0a;
const cr = 0x0d;
const none: Buffer = Buffer.alloc(0);

/** Creates a splitter for one stream; `limit` bounds one event's bytes. */
export function createSseSplitter(limit = 16 * 1024 * 1024): SseSplitter {
  let line: Buffer[] = [];
  let size = 0;
  let data: string[] = [];
  let event = "";
  let id = "";
  let oversized = false;
  let dropped = 0;
  let started = false;
  // A CR ended the last line: an LF right after it belongs to it.
  let afterCr = false;

  return {
    get pending() {
      return line.length > 0 || data.length > 0;
    },
    get dropped() {
      return dropped;
    },
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const events: ServerSentEvent[] = [];
      let from = 0;
      if (afterCr && bytes.length > 0) {
        if (bytes[0] === lf) from = 1;
        afterCr = false;
      }
      let nextCr = bytes.indexOf(cr, from);
      for (let nextLf = bytes.indexOf(lf, from); ; ) {
        const end = nextLf === -1 || (nextCr !== -1 && nextCr < nextLf) ? nextCr : nextLf;
        if (end === -1) break;
        take(bytes.subarray(from, end));
        const complete = endLine();
        if (complete !== undefined) events.push(complete);
        from = end + 1;
        if (bytes[end] === cr) {
          afterCr = from === bytes.length;
          if (bytes[from] === lf) from += 1;
        }
        if (nextCr !== -1 && nextCr < from) nextCr = bytes.indexOf(cr, from);
        if (nextLf !== -1 && nextLf < from) nextLf = bytes.indexOf(lf, from);
      }
      // The caller may use its buffer again.
      take(Buffer.from(bytes.subarray(from)));
      return events;
    },
  };

  function take(piece: Buffer): void {
    if (piece.length === 0) return;
    size += piece.length;
    if (size > limit) {
      oversized = true;
      data = [];
    }
    // The length of a line still matters: an empty one ends the event.
    if (oversized) line = [piece.subarray(0, 1)];
    else line.push(piece);
  }

  function endLine(): ServerSentEvent | undefined {
    const bytes =
      line.length === 1 ? (line[0] as Buffer) : line.length === 0 ? none : Buffer.concat(line);
    line = [];
    let text = bytes.toString();
    if (!started) {
      started = true;
      if (text.startsWith("\ufeff")) text = text.slice(1);
    }
    if (text === "") return endEvent();
    if (!oversized) field(text);
    return undefined;
  }

  function field(text: string): void {
    const colon = text.indexOf(":");
    const name = colon === -1 ? text : text.slice(0, colon);
    const after = colon === -1 ? "" : text.slice(colon + 1);
    const value = after.startsWith(" ") ? after.slice(1) : after;
    if (name === "data") data.push(value);
    else if (name === "event") event = value;
    else if (name === "id" && !value.includes("\0")) id = value;
  }

  function endEvent(): ServerSentEvent | undefined {
    const complete = { event: event === "" ? "message" : event, data: data.join("\n"), id };
    const empty = data.length === 0;
    if (oversized) dropped += 1;
    event = "";
    data = [];
    size = 0;
    oversized = false;
    return empty ? undefined : complete;
  }
}
