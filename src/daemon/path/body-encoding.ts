/**
 * Body encoding: a compressed request body, unpacked for looking at, under a
 * cap (SECURITY P1). An encoding that is not known, or two of them, is
 * refused: nobody here could say what it means. So is what two decoders could
 * read as two bodies: bytes after the end, or a second gzip member.
 */
import * as zlib from "node:zlib";
import { Refusal } from "../model/refusal.js";

/** Unpacks a body; rejects with a refusal. */
export type BodyDecoder = (body: Buffer) => Promise<Buffer>;

/** The decoder that a content-encoding asks for; undefined where the body is plain. */
export type BodyDecoders = (encoding: string | undefined) => BodyDecoder | undefined;

interface Unpacked {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

type Unpack = (
  body: Buffer,
  options: { readonly maxOutputLength: number; readonly info: true },
  done: (error: Error | null, unpacked: Unpacked) => void,
) => void;

/** Of what Node's own types say, this is the form with `info`. */
const unpackers = new Map<string, Unpack>(
  Object.entries({
    gzip: zlib.gunzip,
    "x-gzip": zlib.gunzip,
    deflate: zlib.inflate,
    br: zlib.brotliDecompress,
    // Node 22.15 and later.
    zstd: (zlib as { readonly zstdDecompress?: unknown }).zstdDecompress,
  }).filter(([, unpack]) => unpack !== undefined) as unknown as [string, Unpack][],
);

/** Creates the decoders; of all that share them one works at a time, so that no crowd of bombs takes the memory. */
export function createBodyDecoders(limit: number): BodyDecoders {
  let last: Promise<unknown> = Promise.resolve();

  return function decoderOf(encoding) {
    const name = encoding?.trim().toLowerCase() ?? "identity";
    if (name === "identity" || name === "") return undefined;
    const unpack = unpackers.get(name);
    if (unpack === undefined) {
      const why = name.includes(",")
        ? "encoded more than once"
        : "encoded in a way nobody here knows";
      throw new Refusal("encoding_unsupported", `the body is ${why}, and no rule can read it`);
    }
    return (body) => {
      if (body.length === 0) return Promise.resolve(body);
      const mine = last.then(() => unpackWhole(unpack, name, body, limit));
      last = mine.catch(() => undefined);
      return mine;
    };
  };
}

function unpackWhole(unpack: Unpack, name: string, body: Buffer, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    unpack(body, { maxOutputLength: limit, info: true }, (error, unpacked) => {
      if (error !== null) {
        const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
        reject(
          tooLarge
            ? new Refusal(
                "body_too_large",
                `the body is over the limit of ${limit} bytes, unpacked`,
              )
            : new Refusal("body_unreadable", `the body is not ${name}`),
        );
        return;
      }
      const { buffer, engine } = unpacked;
      const more =
        engine.bytesWritten !== body.length ||
        // A gzip member ends with its length (RFC 1952 2.3.1): of two, with that of the second.
        (/gzip/.test(name) && body.readUInt32LE(body.length - 4) !== buffer.length % 2 ** 32);
      if (more) reject(new Refusal("body_unreadable", `the body goes on after its ${name} ends`));
      else resolve(buffer);
    });
  });
}
