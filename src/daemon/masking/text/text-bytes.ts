/**
 * Text bytes: bytes as text, however they are cut, and as the same bytes
 * again. What is not UTF-8 is read byte by byte, so that nothing is lost of
 * it.
 */
import { isUtf8 } from "node:buffer";

export interface TextBytes {
  readonly bytes: Buffer;
  readonly text: string;
  /** The bytes of another text in its place. */
  write(text: string): Buffer;
}

export interface TextBytesReader {
  /** What of these bytes is text already; undefined where nothing is. */
  push(chunk: Buffer): TextBytes | undefined;
  end(): TextBytes | undefined;
}

const none: Buffer = Buffer.alloc(0);

/** Creates the reader of one body. */
export function createTextBytes(): TextBytesReader {
  let carry = none;

  function textOf(bytes: Buffer): TextBytes | undefined {
    if (bytes.length === 0) return undefined;
    const encoding = isUtf8(bytes) ? "utf8" : "latin1";
    return {
      bytes,
      text: bytes.toString(encoding),
      // A mark is ASCII, and what was read byte by byte is written so.
      write: (text) => Buffer.from(text, encoding),
    };
  }

  return {
    push(chunk) {
      const bytes = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
      const cut = cutCharacter(bytes);
      // The caller may use its buffer again.
      carry = cut === 0 ? none : Buffer.from(bytes.subarray(bytes.length - cut));
      return textOf(cut === 0 ? bytes : bytes.subarray(0, bytes.length - cut));
    },
    end() {
      const rest = carry;
      carry = none;
      return textOf(rest);
    },
  };
}

/** Bytes at the end that begin a character and do not end it. */
function cutCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}
