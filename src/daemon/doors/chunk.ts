/**
 * Chunk: a piece of a reply as HTTP/1.1 frames it (RFC 9112 7.1), in one
 * buffer. Node writes length, line end, bytes and line end as four pieces,
 * which makes the delivery of a small event a third dearer.
 */

/** Ends a chunked body; no trailer is passed on. */
export const lastChunk = Buffer.from("0\r\n\r\n");

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** The bytes, framed. They must not be empty: an empty chunk is the last one. */
export function chunkOf(bytes: Buffer): Buffer {
  const size = bytes.length.toString(16);
  const from = size.length + 2;
  const chunk = Buffer.allocUnsafe(from + bytes.length + 2);
  for (let at = 0; at < size.length; at += 1) chunk[at] = size.charCodeAt(at);
  chunk[size.length] = carriageReturn;
  chunk[size.length + 1] = lineFeed;
  chunk.set(bytes, from);
  chunk[from + bytes.length] = carriageReturn;
  chunk[from + bytes.length + 1] = lineFeed;
  return chunk;
}
