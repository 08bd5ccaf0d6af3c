/**
 * Reply lines: a reply taken apart into lines as it streams by, each handed
 * whole to those who read it. At most 64 KB of a line are held; a longer one
 * is passed over.
 */
export interface ReplyLines {
  push(chunk: Uint8Array): void;
  /** What is held of a line that has not ended: the whole of a body that is one line. */
  rest(): Buffer;
}

const mostHeld = 64 * 1024;
const lineEnd = 0x0a;
const none: Buffer = Buffer.alloc(0);

/** Opens the reader: of a stream each line is an event's; any other body is one line. */
export function openReplyLines(streamed: boolean, take: (line: Buffer) => void): ReplyLines {
  let held = none;
  let tooLong = false;

  function joined(bytes: Buffer, end: number): Buffer {
    return held.length === 0
      ? bytes.subarray(0, end)
      : Buffer.concat([held, bytes.subarray(0, end)]);
  }

  return {
    push(chunk) {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      for (let end = streamed ? bytes.indexOf(lineEnd) : -1; end !== -1; ) {
        if (!tooLong) take(joined(bytes, end));
        held = none;
        tooLong = false;
        bytes = bytes.subarray(end + 1);
        end = bytes.indexOf(lineEnd);
      }
      tooLong ||= held.length + bytes.length > mostHeld;
      if (tooLong) held = none;
      else if (bytes.length > 0) held = Buffer.concat([held, bytes]);
    },
    rest: () => held,
  };
}
