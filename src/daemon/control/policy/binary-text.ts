/**
 * Binary text: bytes as a text that detectors can read, and back again, byte
 * for byte. What is UTF-8 is read as it; any other byte stands as a lone low
 * surrogate, which no UTF-8 text has, so nothing is lost and nothing is found
 * that is not there.
 */
import { isUtf8 } from "node:buffer";

const lone = /[\udc80-\udcff]/;

/** Reads a stream of bytes; a character that is cut waits for its rest. */
export function createBinaryDecoder() {
  let rest: Buffer = Buffer.alloc(0);

  return {
    push(chunk: Buffer): string {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = bytes.length - begunAt(bytes);
      rest = Buffer.from(bytes.subarray(end));
      return textOf(bytes.subarray(0, end));
    },
    end(): string {
      const text = textOf(rest);
      rest = Buffer.alloc(0);
      return text;
    },
  };
}

/** The bytes that a text stands for. */
export function binaryOf(text: string): Buffer {
  if (!lone.test(text)) return Buffer.from(text);
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code < 0xdc00) {
      // The low half that belongs to it is no byte.
      at += 1;
    } else if (code >= 0xdc80 && code <= 0xdcff) {
      pieces.push(Buffer.from(text.slice(from, at)), Buffer.from([code - 0xdc00]));
      from = at + 1;
    }
  }
  pieces.push(Buffer.from(text.slice(from)));
  return Buffer.concat(pieces);
}

function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let text = "";
  let from = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = Math.max(1, lengthOf(bytes[at] as number));
    if (isUtf8(bytes.subarray(at, at + length)) && at + length <= bytes.length) {
      at += length;
      continue;
    }
    text += bytes.toString("utf8", from, at) + String.fromCharCode(0xdc00 + (bytes[at] as number));
    at += 1;
    from = at;
  }
  return text + bytes.toString("utf8", from);
}

/** Bytes that the character takes which begins with this one; 0 for a byte that begins none. */
function lengthOf(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

/** How many bytes at the end are the beginning of a character. */
function begunAt(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0;
  }
  return 0;
}
