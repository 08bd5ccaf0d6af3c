/**
 * Text encoding: UTF-16 on the way in and out of `hoopx mask`. Windows writes
 * it, and in bytes read as UTF-8 no secret would be found. It is known by its
 * byte order mark, or where every other byte is zero, as in most Western text.
 */
import { CliError } from "../../cli-error.js";

export interface TextEncoding {
  /** To UTF-8. */
  readonly decoded: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  /** From UTF-8, as it came. */
  readonly encoded: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

/** Bytes that are looked at, and as many as it takes to say something. */
const most = 512;
const least = 4;

const same: TextEncoding = { decoded: (bytes) => bytes, encoded: (bytes) => bytes };

/** Looks at the first bytes; `bytes` is all of them again. Refuses UTF-32. */
export async function encodingOf(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly encoding: TextEncoding; readonly bytes: AsyncIterable<Uint8Array> }> {
  const chunks = source[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  let next = await chunks.next();
  while (!next.done) {
    first = Buffer.concat([first, next.value]);
    if (first.length >= least) break;
    next = await chunks.next();
  }
  return { encoding: encodingFor(first), bytes: again() };

  async function* again() {
    yield first;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
}

function encodingFor(first: Buffer): TextEncoding {
  const mark = first.subarray(0, 4).toString("hex");
  if (mark === "fffe0000" || mark === "0000feff") {
    throw new CliError(
      "file_unreadable",
      "the text is in UTF-32, which cannot be masked",
      "make UTF-8 of it first: iconv -f UTF-32 -t UTF-8",
    );
  }
  if (mark.startsWith("fffe")) return utf16(false);
  if (mark.startsWith("feff")) return utf16(true);
  const head = first.subarray(0, Math.min(most, first.length & ~1));
  const zeros = [0, 0];
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] as number) + 1;
  });
  const [even, odd] = zeros.map((count) => (2 * count) / Math.max(1, head.length)) as [
    number,
    number,
  ];
  if (head.length < least || Math.min(even, odd) > 0.1) return same;
  if (odd > 0.5) return utf16(false);
  return even > 0.5 ? utf16(true) : same;
}

function utf16(bigEndian: boolean): TextEncoding {
  return {
    async *decoded(bytes) {
      const decoder = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });
      try {
        for await (const pair of pairs(bytes)) {
          const text = decoder.decode(bigEndian ? pair.swap16() : pair, { stream: true });
          if (text !== "") yield Buffer.from(text);
        }
        decoder.decode();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw new CliError(
          "file_unreadable",
          "the text begins as UTF-16, and has bytes that are not UTF-16",
          "make UTF-8 of it first: iconv -f UTF-16 -t UTF-8",
          { cause: error },
        );
      }
    },
    async *encoded(bytes) {
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      const ofText = (text: string) => {
        const pair = Buffer.from(text, "utf16le");
        return bigEndian ? pair.swap16() : pair;
      };
      for await (const chunk of bytes) yield ofText(decoder.decode(chunk, { stream: true }));
      yield ofText(decoder.decode());
    },
  };
}

/** The same bytes in pieces of even lengths, but for a last one that is left. */
async function* pairs(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = Buffer.concat([rest, chunk]);
    const even = all.length & ~1;
    rest = all.subarray(even);
    if (even > 0) yield all.subarray(0, even);
  }
  if (rest.length > 0) throw new TypeError("half a character is left");
}
