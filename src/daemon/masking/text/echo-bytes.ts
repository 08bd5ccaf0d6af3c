/**
 * Echo bytes: hides texts that are known to be secret — the credential, the
 * session token — in passing bytes, however the bytes are cut. What is hidden
 * keeps its length, so framing stays true; a chunk that holds nothing, and
 * does not end in the beginning of something, passes as the very same buffer.
 */
import { byteNeedlesOf } from "../../model/needles.js";
import type { BodyFlow } from "../../model/reply.js";

export interface Masker {
  /** The bytes that may go on now; possibly fewer or more than were pushed. */
  push(chunk: Buffer): Buffer;
  /** What was held back. */
  flush(): Buffer;
  /** How many texts were hidden so far. */
  count(): number;
}

const none: Buffer = Buffer.alloc(0);
const star = 0x2a;

/** Creates a masker of these texts, none of them empty, for one stream of bytes. */
export function createKnownTextMasker(texts: readonly string[]): Masker {
  const needles = byteNeedlesOf(texts);
  let held: Buffer = none;
  let count = 0;

  return {
    count() {
      return count;
    },
    push(chunk) {
      const given = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const bytes = needles.standInBytes(given) ? hide(given) : given;
      // Nothing longer begins at the end.
      const from = Math.max(0, bytes.length - needles.longest);
      const open = from + needles.begunAt(bytes.toString("latin1", from), 1);
      held = open === bytes.length ? none : bytes.subarray(open);
      return open === bytes.length ? bytes : bytes.subarray(0, open);
    },
    flush() {
      const rest = held;
      held = none;
      return rest;
    },
  };

  /** The upstream's buffer is not ours to write to. */
  function hide(bytes: Buffer): Buffer {
    const masked = Buffer.from(bytes);
    for (const needle of needles.texts) {
      let at = masked.indexOf(needle, 0, "latin1");
      while (at !== -1) {
        masked.fill(star, at, at + needle.length);
        count += 1;
        at = masked.indexOf(needle, at + needle.length, "latin1");
      }
    }
    return masked;
  }
}

/** The flow with what the masker hides hidden. */
export function knownFlow(flow: BodyFlow, masker: Masker): BodyFlow {
  return {
    start(sink) {
      flow.start({
        data(chunk) {
          const bytes = masker.push(chunk);
          if (bytes.length > 0) sink.data(bytes);
        },
        end() {
          const rest = masker.flush();
          if (rest.length > 0) sink.data(rest);
          sink.end();
        },
        // What is held back may be the beginning of a secret: a reply cut here stays cut.
        fail: (error) => sink.fail(error),
      });
    },
    pause: () => flow.pause(),
    resume: () => flow.resume(),
    cancel: (reason) => flow.cancel(reason),
  };
}
