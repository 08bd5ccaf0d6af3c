/**
 * Recorded message: a transcript's frames → head and body of request and
 * reply, to be read. A compressed reply is decompressed under a cap (SECURITY
 * M3); then all of it has the time of its last frame.
 */
import { brotliDecompressSync, constants, gunzipSync, inflateSync } from "node:zlib";
import type { Frame } from "../model/transcript.js";

/** Bytes and when they came, microseconds since the exchange began. */
interface Piece {
  readonly at: number;
  readonly data: Uint8Array;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query as the client sent them; empty where no head was recorded. */
  readonly target: string;
  readonly contentType: string;
  /** How the body is packed; empty where it is not. */
  readonly contentEncoding: string;
  readonly body: Buffer;
}

export interface RecordedReply {
  /** Null where no head came. */
  readonly status: number | null;
  readonly contentType: string;
  readonly pieces: readonly Piece[];
  /** Bytes as they were sent. */
  readonly size: number;
  /** Why the body cannot be read; null where it can. */
  readonly unreadable: string | null;
}

const decodedLimit = 64 * 1024 * 1024;

/** The request among an exchange's frames. */
export function requestIn(frames: readonly Frame[]): RecordedRequest {
  const head = parseHead(frames, "request-head");
  const bodies = frames.filter(({ kind }) => kind === "request-body");
  const [method = "", target = ""] = (head.get("") ?? "").split(" ");
  return {
    method,
    target,
    contentType: head.get("content-type") ?? "",
    contentEncoding: head.get("content-encoding") ?? "",
    body: Buffer.concat(bodies.map(({ data }) => data)),
  };
}

/** The reply among an exchange's frames. */
export function replyIn(frames: readonly Frame[]): RecordedReply {
  const head = parseHead(frames, "reply-head");
  const status = Number(/^HTTP\/\d\S* (\d{3})/.exec(head.get("") ?? "")?.[1] ?? Number.NaN);
  const sent = frames.filter(({ kind, data }) => kind === "reply-body" && data.length > 0);
  const reply = {
    status: Number.isNaN(status) ? null : status,
    contentType: head.get("content-type") ?? "",
    pieces: sent as readonly Piece[],
    size: sent.reduce((size, { data }) => size + data.length, 0),
    unreadable: null,
  };
  const encoding = (head.get("content-encoding") ?? "identity").toLowerCase();
  const last = sent.at(-1);
  if (encoding === "identity" || encoding === "" || last === undefined) return reply;
  try {
    const data = decoded(encoding, Buffer.concat(sent.map((frame) => frame.data)));
    return { ...reply, pieces: [{ at: last.at, data }] };
  } catch {
    return { ...reply, pieces: [], unreadable: `reply in ${encoding} that cannot be decoded` };
  }
}

/** Decodes as far as the bytes go: a reply cut short is still read. */
function decoded(encoding: string, bytes: Buffer): Buffer {
  const options = { maxOutputLength: decodedLimit, finishFlush: constants.Z_SYNC_FLUSH };
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return gunzipSync(bytes, options);
    case "deflate":
      return inflateSync(bytes, options);
    case "br":
      return brotliDecompressSync(bytes, {
        maxOutputLength: decodedLimit,
        finishFlush: constants.BROTLI_OPERATION_FLUSH,
      });
    default:
      throw new Error(`unknown encoding ${encoding}`);
  }
}

/** Headers by lower-case name; the first line under "". */
function parseHead(frames: readonly Frame[], kind: Frame["kind"]): ReadonlyMap<string, string> {
  const head = frames.find((frame) => frame.kind === kind);
  const headers = new Map<string, string>();
  if (head === undefined) return headers;
  const [first = "", ...lines] = Buffer.from(head.data).toString("latin1").split(/\r?\n/);
  headers.set("", first);
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}
