/**
 * Short body: a masked body that is waited for before its head is sent, so
 * that its length is known, and one that cannot be searched is refused as any
 * request is.
 */
import { Refusal } from "../../model/refusal.js";
import type { BodyFlow, BodySink } from "../../model/reply.js";

/** Why a reply may not pass at all. */
const unsearched: ReadonlySet<string> = new Set(["reply_unreadable", "reply_from_the_middle"]);

export interface ShortBody {
  readonly flow: BodyFlow;
  /** Bytes that the client will get; null where the upstream broke it off. */
  readonly length: number | null;
  /** The client gets other bytes than the upstream sent. */
  readonly changed: boolean;
}

/**
 * Resolves once all of a body is here, as `mask` makes it; rejects with why it may not pass, or
 * why the client no longer waits.
 */
export function shortBody(
  source: BodyFlow,
  mask: (source: BodyFlow) => BodyFlow,
  signal: AbortSignal,
): Promise<ShortBody> {
  return new Promise((resolve, reject) => {
    const given: Buffer[] = [];
    const flow = mask(watched(source, given));
    const come: Parameters<BodySink["data"]>[] = [];
    const leave = () => {
      flow.cancel(signal.reason);
      reject(signal.reason);
    };
    const done = (failure?: Error) => {
      signal.removeEventListener("abort", leave);
      if (failure instanceof Refusal && unsearched.has(failure.code)) {
        reject(failure);
        return;
      }
      const client = Buffer.concat(come.map(([recorded, delivered]) => delivered ?? recorded));
      resolve({
        flow: { start, pause() {}, resume() {}, cancel() {} },
        length: failure === undefined ? client.length : null,
        changed: !client.equals(Buffer.concat(given)),
      });

      function start(sink: BodySink): void {
        for (const piece of come) sink.data(...piece);
        // As far as it came: what the upstream broke off stays broken off.
        if (failure === undefined) sink.end();
        else sink.fail(failure);
      }
    };
    signal.addEventListener("abort", leave);
    if (signal.aborted) {
      leave();
      return;
    }
    flow.start({
      data: (...piece) => void come.push(piece),
      end: () => done(),
      fail: done,
    });
  });
}

/** The same flow; what came of it is kept beside it. */
function watched(flow: BodyFlow, given: Buffer[]): BodyFlow {
  const { pause, resume, cancel } = flow;
  function start(sink: BodySink): void {
    flow.start({
      data(chunk) {
        given.push(chunk);
        sink.data(chunk);
      },
      end: () => sink.end(),
      fail: (error) => sink.fail(error),
    });
  }
  return { start, pause, resume, cancel };
}
