/**
 * Known text: hides texts that are known to be secret — the credential, the
 * session token — in passing bytes, however the bytes are cut. What is hidden
 * keeps its length, so framing stays true; a chunk that holds nothing, and
 * does not end in the beginning of something, passes as the very same buffer.
 */
export interface Masker {
  /** The bytes that may go on now; possibly fewer or more than were pushed. */
  push(chunk: Buffer): Buffer;
  /** What was held back. */
  flush(): Buffer;
  /** How many texts were hidden so far. */
  readonly count: number;
}

const none: Buffer = Buffer.alloc(0);
const star = 0x2a;

/** Creates a masker of these texts for one stream of bytes. */
export function createKnownTextMasker(texts: readonly string[]): Masker {
  const needles = texts.filter((text) => text !== "").map((text) => Buffer.from(text));
  let held: Buffer = none;
  let count = 0;

  return {
    get count() {
      return count;
    },
    push(chunk) {
      const bytes = hide(held.length === 0 ? chunk : Buffer.concat([held, chunk]));
      const keep = heldBack(bytes, needles);
      held = keep === 0 ? none : bytes.subarray(bytes.length - keep);
      return keep === 0 ? bytes : bytes.subarray(0, bytes.length - keep);
    },
    flush() {
      const rest = held;
      held = none;
      return rest;
    },
  };

  function hide(bytes: Buffer): Buffer {
    let masked = bytes;
    for (const needle of needles) {
      let at = masked.indexOf(needle);
      while (at !== -1) {
        // The upstream's buffer is not ours to write to.
        if (masked === bytes) masked = Buffer.from(bytes);
        masked.fill(star, at, at + needle.length);
        count += 1;
        at = masked.indexOf(needle, at + needle.length);
      }
    }
    return masked;
  }
}

/** Length of the longest end of the bytes with which one of the needles begins. */
function heldBack(bytes: Buffer, needles: readonly Buffer[]): number {
  let longest = 0;
  for (const needle of needles) {
    const first = needle[0] as number;
    const from = Math.max(0, bytes.length - needle.length + 1);
    for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
      const length = bytes.length - at;
      if (needle.compare(bytes, at, bytes.length, 0, length) === 0) {
        longest = Math.max(longest, length);
        break;
      }
    }
  }
  return longest;
}
