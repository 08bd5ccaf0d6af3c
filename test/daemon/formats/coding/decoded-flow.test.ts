import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { decodedFlow } from "../../../../src/daemon/formats/coding/decoded-flow.js";
import type { BodySink } from "../../../../src/daemon/model/reply.js";

/** A flow that pushes its chunks as fast as it may. */
function flowOf(chunks: readonly Buffer[]) {
  let resume = () => {};
  let open: Promise<void> | undefined;
  let cancelled: Error | undefined;
  return {
    cancelled: () => cancelled,
    async start(sink: BodySink) {
      for (const chunk of chunks) {
        await open;
        if (cancelled !== undefined) return;
        sink.data(chunk);
        await new Promise((turn) => setImmediate(turn));
      }
      sink.end();
    },
    pause() {
      open ??= new Promise((go) => {
        resume = go;
      });
    },
    resume() {
      open = undefined;
      resume();
    },
    cancel(reason: Error) {
      cancelled = reason;
      resume();
    },
  };
}

async function decoded(chunks: readonly Buffer[]) {
  const flow = flowOf(chunks);
  let bytes = 0;
  const failure = await new Promise<Error | undefined>((settle) => {
    decodedFlow({ ...flow, start: (sink) => void flow.start(sink) }, "gzip")?.start({
      data(chunk) {
        bytes += chunk.length;
      },
      end: () => settle(undefined),
      fail: settle,
    });
  });
  return { bytes, failure, cancelled: flow.cancelled() };
}

const member = gzipSync(Buffer.alloc(1 << 20));

test("a reply that unpacks into more than 256 MB ends there, and its upstream is let go", async () => {
  const { bytes, failure, cancelled } = await decoded(Array(300).fill(member));
  expect(failure).toMatchObject({ code: "reply_unreadable" });
  expect(cancelled).toBe(failure);
  expect(bytes).toBeLessThanOrEqual(256 << 20);
}, 30_000);

test("what stays below it is unpacked whole", async () => {
  expect(await decoded(Array(20).fill(member))).toMatchObject({
    bytes: 20 << 20,
    failure: undefined,
  });
});
