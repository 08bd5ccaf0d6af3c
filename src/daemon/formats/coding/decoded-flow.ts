/**
 * Decoded flow: a reply that came compressed although it was asked for as it
 * is, decompressed as it flows, under a cap (SECURITY M3): what cannot be read
 * cannot be searched for tool calls.
 */
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Refusal } from "../../model/refusal.js";
import type { BodyFlow } from "../../model/reply.js";

/** Decoded bytes, at most. */
const limit = 256 << 20;

/** The flow of what was encoded; undefined for a coding, or a stack of them, that is not known. */
export function decodedFlow(flow: BodyFlow, coding: string): BodyFlow | undefined {
  const open = decoders.get(coding.toLowerCase());
  if (open === undefined) return undefined;
  const decoder = open();
  let paused = false;
  return {
    start(sink) {
      let decoded = 0;
      let over = false;
      const fail = (error: Error) => {
        if (over) return;
        over = true;
        decoder.destroy();
        sink.fail(error);
      };
      decoder.on("data", (chunk: Buffer) => {
        decoded += chunk.length;
        if (decoded <= limit) {
          if (!over) sink.data(chunk);
          return;
        }
        const error = unreadable("the reply decompresses into too much");
        flow.cancel(error);
        fail(error);
      });
      decoder.on("end", () => {
        if (over) return;
        over = true;
        sink.end();
      });
      decoder.on("error", (cause) => {
        const error = unreadable("the reply's compression is damaged", cause);
        flow.cancel(error);
        fail(error);
      });
      flow.start({
        data(chunk) {
          if (decoder.destroyed || decoder.write(chunk)) return;
          flow.pause();
          decoder.once("drain", () => flow.resume());
        },
        end: () => void decoder.end(),
        fail,
      });
      if (paused) decoder.pause();
    },
    pause() {
      paused = true;
      decoder.pause();
    },
    resume() {
      paused = false;
      decoder.resume();
    },
    cancel(reason) {
      decoder.destroy();
      flow.cancel(reason);
    },
  };
}

const decoders = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
] as const) as ReadonlyMap<string, () => ReturnType<typeof createGunzip>>;

const unreadable = (why: string, cause?: Error) => new Refusal("reply_unreadable", why, { cause });
