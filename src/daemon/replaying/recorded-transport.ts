/**
 * Recorded transport: answers a request with a recorded reply in place of its
 * upstream: status, headers and bytes as they were delivered then, at the pace
 * of then or at once. Nothing is dialled. A reply that stopped short then stops
 * short again.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ReplyHead } from "../model/reply.js";
import type { Frame } from "../model/transcript.js";
import type { UpstreamTransport } from "../upstream/transport.js";

export type Pace = "recorded" | "none";

export interface RecordedTransportOptions {
  /** Reads the exchange's frames. */
  readonly frames: () => Promise<readonly Frame[]>;
  readonly pace: Pace;
  /** The recorded reply did not come to its end. */
  readonly cut: boolean;
  /** When the recorded exchange ended, microseconds since it began. */
  readonly endedAt: number;
  /** It is asked for: nothing has stopped the request on its way here. */
  readonly sent: () => void;
}

/** Creates the transport of one recorded exchange. */
export function createRecordedTransport(options: RecordedTransportOptions): UpstreamTransport {
  return {
    send(_request, sink) {
      const over = new AbortController();
      let open: Promise<void> | undefined;
      let letGo: (() => void) | undefined;
      // As near as can be to where the recorded times count from: reading the record takes its own.
      const began = performance.now();
      options.sent();

      async function play(): Promise<void> {
        const frames = await options.frames();
        const head = frames.find(({ kind }) => kind === "reply-head");
        if (head === undefined) throw new Error("the record has no reply to this request");
        const bodies = frames.filter(({ kind }) => kind === "reply-body");
        const length = bodies.reduce((sum, { data }) => sum + data.length, 0);
        await due(head.at);
        if (over.signal.aborted) return;
        sink.head(headOf(head.data, length));
        for (const { at, data } of bodies) {
          await due(at);
          await open;
          if (over.signal.aborted) return;
          sink.data(Buffer.from(data));
        }
        // A connection may have stayed open behind the last byte, and an agent waited for its end.
        await due(options.endedAt);
        await open;
        if (over.signal.aborted) return;
        if (options.cut) sink.fail(new Error("the recorded reply stopped short here"));
        else sink.end();
      }

      async function due(at: number): Promise<void> {
        if (options.pace === "none") return;
        const wait = began + at / 1000 - performance.now();
        if (wait > 1) await delay(wait, undefined, { signal: over.signal });
      }

      play().catch((error) => {
        if (!over.signal.aborted) sink.fail(error);
      });
      return {
        pause() {
          open ??= new Promise((resolve) => {
            letGo = resolve;
          });
        },
        resume() {
          letGo?.();
          open = undefined;
        },
        cancel(reason) {
          over.abort(reason);
          letGo?.();
        },
      };
    },
    async close() {},
  };
}

/** A reply's head from its lines; a length that is not the record's is left out, and so is what was masked. */
function headOf(data: Uint8Array, length: number): ReplyHead {
  const [first = "", ...lines] = Buffer.from(data).toString("latin1").split("\r\n");
  const [, status = "500", statusText = ""] = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(first) ?? [];
  const headers: string[] = [];
  for (const line of lines) {
    const colon = line.indexOf(": ");
    if (colon === -1) continue;
    const [name, value] = [line.slice(0, colon), line.slice(colon + 2)];
    if (value === "[masked]") continue;
    if (name.toLowerCase() === "content-length" && value !== String(length)) continue;
    headers.push(name, value);
  }
  return { status: Number(status), statusText, headers };
}
