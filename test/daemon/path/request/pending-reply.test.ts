import { expect, test } from "vitest";
import { createPendingReply } from "../../../../src/daemon/path/request/pending-reply.js";

function recordingSink() {
  const calls: string[] = [];
  return {
    calls,
    sink: {
      data: (chunk: Buffer) => calls.push(chunk.toString()),
      end: () => calls.push("end"),
      fail: (error: Error) => calls.push(`fail ${error.message}`),
    },
  };
}

function recordingValve() {
  const calls: string[] = [];
  return {
    calls,
    pause: () => calls.push("pause"),
    resume: () => calls.push("resume"),
    cancel: () => calls.push("cancel"),
  };
}

test("what came before the sink flows first, in order", async () => {
  const reply = createPendingReply();
  reply.attach(recordingValve());
  reply.head({ status: 200, statusText: "OK", headers: [] });
  reply.data(Buffer.from("a"));
  reply.end();
  expect((await reply.arrived).status).toBe(200);
  const { calls, sink } = recordingSink();
  reply.start(sink);
  expect(calls).toEqual(["a", "end"]);
});

test("an upstream that runs ahead is paused, and resumed by the start", () => {
  const reply = createPendingReply();
  const valve = recordingValve();
  reply.attach(valve);
  reply.head({ status: 200, statusText: "OK", headers: [] });
  for (let index = 0; index < 9; index += 1) reply.data(Buffer.from(String(index)));
  expect(valve.calls).toEqual(["pause"]);
  const { calls, sink } = recordingSink();
  reply.start(sink);
  expect(valve.calls).toEqual(["pause", "resume"]);
  expect(calls.join("")).toBe("012345678");
});

test("a failure before the head rejects, one after it reaches the sink", async () => {
  const before = createPendingReply();
  before.fail(new Error("refused"));
  await expect(before.arrived).rejects.toThrow("refused");

  const after = createPendingReply();
  after.head({ status: 200, statusText: "OK", headers: [] });
  after.fail(new Error("reset"));
  const { calls, sink } = recordingSink();
  after.start(sink);
  expect(calls).toEqual(["fail reset"]);
});
