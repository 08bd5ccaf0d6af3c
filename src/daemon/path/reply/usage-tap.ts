/**
 * Usage tap: counts a reply's tokens as it passes. A compressed reply passes
 * as it is, and is decoded beside the path, piece by piece, only for the
 * count: if it decodes too slowly, into too much or not at all there is none,
 * and nothing waits (SECURITY M3).
 */
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Operation } from "../../model/operation.js";
import type { ReplyHead } from "../../model/reply.js";
import type { TokenUsage } from "../../model/transcript.js";
import type { Provider, UsageMeter } from "../../providers/provider.js";

export interface UsageTap {
  push(chunk: Buffer): void;
  /** The count so far: all that can be said of a reply that stopped short. */
  soFar(): Metered;
  /** Did the reply, as far as it was looked at, tell of an error? */
  failed(): boolean;
  /** The count once everything pushed has been looked at. */
  finish(done: (metered: Metered) => void): void;
}

/** What a reply was found to have used. */
export interface Metered {
  /** As it stated it; null where it did not. */
  readonly stated: TokenUsage | null;
  /** Its output, estimated from what flowed. */
  readonly output: number;
  /** Not all of it was looked at. */
  readonly inPart?: true;
}

/** What a meter has found so far. */
export const metered = (meter: Pick<UsageMeter, "usage" | "estimate">): Metered => ({
  stated: meter.usage(),
  output: meter.estimate(),
});

/** Compressed bytes that may wait to be decoded before the count is given up. */
const backlog = 4 << 20;

/** Decoded bytes looked at: 4 MB of the compressed kind can hold 4 GB, and the reply's end waits for the count. */
const patience = 64 << 20;

/** Opens the tap for a reply. Where a stream of events was asked for it is one, whatever the head says. */
export function openUsageTap(
  provider: Pick<Provider, "openMeter">,
  { headers }: ReplyHead,
  operation: Pick<Operation, "action" | "class" | "stream">,
): UsageTap {
  const type = operation.stream ? "text/event-stream" : headerValue(headers, "content-type");
  const meter = provider.openMeter(operation, type);
  const decoder = decoderFor(headerValue(headers, "content-encoding"));
  if (decoder === undefined) {
    return {
      push: (chunk) => meter.push(chunk),
      soFar: () => metered(meter),
      failed: () => meter.failed(),
      finish: (done) => done(metered(meter)),
    };
  }
  let decoded = 0;
  let packed = 0;
  let gaveUp = false;
  function giveUp(): void {
    gaveUp = true;
    decoder?.destroy();
  }
  /** Of what was not decoded to its end only its packed bytes are known. */
  const known = (): Metered => {
    const { stated, output } = metered(meter);
    if (!gaveUp) return { stated, output };
    return { stated, output: Math.max(output, Math.ceil(packed / 4)), inPart: true };
  };
  decoder.on("data", (chunk: Buffer) => {
    decoded += chunk.length;
    if (decoded > patience) giveUp();
    else meter.push(chunk);
  });
  decoder.on("error", giveUp);
  return {
    failed: () => meter.failed(),
    push(chunk) {
      packed += chunk.length;
      if (decoder.destroyed) return;
      if (decoder.writableLength > backlog) giveUp();
      else decoder.write(chunk);
    },
    soFar() {
      decoder.destroy();
      return known();
    },
    finish(done) {
      const report = () => done(known());
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
