/**
 * Usage tap: counts a reply's tokens as it passes. A compressed reply passes
 * as it is, and is decoded beside the path, piece by piece, only for the
 * count: if it decodes too slowly, into too much or not at all there is none,
 * and nothing waits (SECURITY M3).
 */
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { ReplyHead } from "../model/reply.js";
import type { TokenUsage } from "../model/transcript.js";
import type { Provider } from "../providers/provider.js";

export interface UsageTap {
  push(chunk: Buffer): void;
  /** The count so far: all that can be said of a reply that stopped short. */
  soFar(): TokenUsage | null;
  /** Did the reply, as far as it was looked at, tell of an error? */
  failed(): boolean;
  /** The count once everything pushed has been looked at. */
  finish(done: (usage: TokenUsage | null) => void): void;
}

/** Compressed bytes that may wait to be decoded before the count is given up. */
const backlog = 4 << 20;

/** Decoded bytes looked at: 4 MB of the compressed kind can hold 4 GB, and the reply's end waits for the count. */
const patience = 64 << 20;

/** Opens the tap for a reply; `streamed`: a stream of events was asked for, whatever the head says. */
export function openUsageTap(
  provider: Provider,
  { headers }: ReplyHead,
  streamed: boolean,
): UsageTap {
  const type = streamed ? "text/event-stream" : headerValue(headers, "content-type");
  const meter = provider.openMeter(type);
  const decoder = decoderFor(headerValue(headers, "content-encoding"));
  if (decoder === undefined) {
    return {
      push: (chunk) => meter.push(chunk),
      soFar: () => meter.usage(),
      failed: () => meter.failed(),
      finish: (done) => done(meter.usage()),
    };
  }
  let decoded = 0;
  decoder.on("data", (chunk: Buffer) => {
    decoded += chunk.length;
    if (decoded > patience) decoder.destroy();
    else meter.push(chunk);
  });
  decoder.on("error", () => {});
  return {
    failed: () => meter.failed(),
    push(chunk) {
      if (decoder.destroyed) return;
      if (decoder.writableLength > backlog) decoder.destroy();
      else decoder.write(chunk);
    },
    soFar() {
      decoder.destroy();
      return meter.usage();
    },
    finish(done) {
      const report = () => done(meter.usage());
      if (decoder.destroyed) report();
      else decoder.once("close", report).end();
    },
  };
}

function decoderFor(encoding: string) {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

function headerValue(headers: readonly string[], name: string): string {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === name) return headers[index + 1]?.toLowerCase() ?? "";
  }
  return "";
}
