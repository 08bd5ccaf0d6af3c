/**
 * Body encoding: a compressed request body, unpacked for looking at, under
 * caps (SECURITY P1): on its size, and on how many times larger it may become,
 * so that a few KB cannot cost much memory. An encoding that is not known, or
 * two of them, is refused: no rule could read the body. So is what two
 * decoders could read as two bodies: bytes after the end, or a second gzip
 * member.
 */
import * as zlib from "node:zlib";
import { createGrowing } from "../../model/growing.js";
import { Refusal } from "../../model/refusal.js";

/** Unpacks a body; rejects with a refusal. `hold` counts what it has become: false where there is no room for it. */
export type BodyDecoder = (body: Buffer, hold?: (size: number) => boolean) => Promise<Buffer>;

/** The decoder that a content-encoding asks for; undefined where the body is plain. */
export type BodyDecoders = (encoding: string | undefined) => BodyDecoder | undefined;

export interface UnpackLimits {
  /** Largest body once it is unpacked, bytes. */
  readonly bodyBytes: number;
  /** How many times larger it may become. */
  readonly unpackRatio: number;
}

/** Up to here a body may become as many times larger as it likes, bytes. */
const anyRatio = 1 << 20;
/** Of an unpacking body so much comes at once, bytes. */
const chunkSize = 1 << 16;
/** So many bodies are unpacked at a time: memory for more is counted, but they would share the same few threads. */
const atATime = 4;

type Unpacker = zlib.Gunzip | zlib.Inflate | zlib.BrotliDecompress;
type Open = (options: zlib.ZlibOptions) => Unpacker;

const unpackers = new Map<string, Open>(
  Object.entries({
    gzip: zlib.createGunzip,
    "x-gzip": zlib.createGunzip,
    deflate: zlib.createInflate,
    br: zlib.createBrotliDecompress,
    // Node 22.15 and later.
    zstd: (zlib as { readonly createZstdDecompress?: unknown }).createZstdDecompress,
  }).filter(([, open]) => open !== undefined) as [string, Open][],
);

/** Creates the decoders; all that share them wait for each other, a few at a time. */
export function createBodyDecoders(limits: UnpackLimits): BodyDecoders {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running === atATime) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  return function decoderOf(encoding) {
    const name = encoding?.trim().toLowerCase() ?? "identity";
    if (name === "identity" || name === "") return undefined;
    const open = unpackers.get(name);
    if (open === undefined) {
      const why = name.includes(",") ? "encoded more than once" : "in an unknown encoding";
      throw new Refusal("encoding_unsupported", `the body is ${why}, and no rule can read it`);
    }
    return (body, hold = () => true) =>
      body.length === 0
        ? Promise.resolve(body)
        : inTurn(() => unpackWhole(open, name, body, limits, hold));
  };
}

function unpackWhole(
  open: Open,
  name: string,
  body: Buffer,
  { bodyBytes, unpackRatio }: UnpackLimits,
  hold: (size: number) => boolean,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const mostByRatio = Math.max(anyRatio, body.length * unpackRatio);
    const unpacked = createGrowing(Math.min(bodyBytes, mostByRatio));
    const stream = open({ chunkSize });
    const fail = (refusal: Refusal) => {
      stream.destroy();
      unpacked.clear();
      hold(0);
      reject(refusal);
    };
    stream.on("data", (chunk: Buffer) => {
      const size = unpacked.size + chunk.length;
      const why = overLimit(size) ?? (hold(size) ? undefined : noRoom());
      if (why === undefined) unpacked.add(chunk);
      else fail(why);
    });
    stream.on("error", () => fail(unreadable(`the body is not ${name}`)));
    stream.on("end", () => {
      const whole = unpacked.whole();
      const more =
        stream.bytesWritten !== body.length ||
        // A gzip member ends with its length (RFC 1952 2.3.1): of two, with that of the second.
        (/gzip/.test(name) && body.readUInt32LE(body.length - 4) !== whole.length % 2 ** 32);
      if (more) fail(unreadable(`the body goes on after its ${name} ends`));
      else resolve(whole);
    });
    stream.end(body);

    function overLimit(size: number): Refusal | undefined {
      if (size > bodyBytes) {
        const why = `the body is over the limit of ${bodyBytes} bytes, unpacked`;
        return new Refusal("body_too_large", why);
      }
      if (size <= mostByRatio) return undefined;
      const why = `the body becomes over ${unpackRatio} times larger when it is unpacked`;
      return new Refusal("body_unpacks_too_far", why);
    }
  });
}

const unreadable = (message: string): Refusal => new Refusal("body_unreadable", message);

const noRoom = (): Refusal =>
  new Refusal("bodies_too_large", "the bodies of all running requests are over the limit");
