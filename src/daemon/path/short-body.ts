/**
 * Short body: a masked body that is waited for before its head is sent, so
 * that its length is known, and one that cannot be searched is refused as any
 * request is.
 */
import { Refusal } from "../model/refusal.js";
import type { BodyFlow, BodySink } from "../model/reply.js";

export interface ShortBody {
  readonly flow: BodyFlow;
  /** Bytes that the client will get; null where the upstream broke it off. */
  readonly length: number | null;
}

/** Resolves once all of it is here; rejects with why it may not pass, or why nobody wants it. */
export function shortBody(
  { flow }: { readonly flow: BodyFlow },
  signal: AbortSignal,
): Promise<ShortBody> {
  return new Promise((resolve, reject) => {
    const come: { readonly recorded: Buffer; readonly delivered: Buffer | undefined }[] = [];
    const leave = () => {
      flow.cancel(signal.reason);
      reject(signal.reason);
    };
    const done = (failure?: Error) => {
      signal.removeEventListener("abort", leave);
      if (failure instanceof Refusal && failure.code === "reply_unreadable") {
        reject(failure);
        return;
      }
      const sizes = come.map(({ recorded, delivered }) => (delivered ?? recorded).length);
      const length = failure === undefined ? sizes.reduce((sum, size) => sum + size, 0) : null;
      resolve({ flow: { start, pause() {}, resume() {}, cancel() {} }, length });

      function start(sink: BodySink): void {
        for (const { recorded, delivered } of come) sink.data(recorded, delivered);
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
      data: (recorded, delivered) => void come.push({ recorded, delivered }),
      end: () => done(),
      fail: done,
    });
  });
}
