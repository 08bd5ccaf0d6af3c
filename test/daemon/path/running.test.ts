import { expect, test } from "vitest";
import type { Abandoned } from "../../../src/daemon/model/refusal.js";
import { createRunning } from "../../../src/daemon/path/running.js";

test("a session's end stops its own exchanges and no others", () => {
  const running = createRunning(10);
  const stopped: string[] = [];
  const [one, two] = [new AbortController(), new AbortController()];
  for (const [name, over] of [
    ["a", one],
    ["b", one],
    ["c", two],
  ] as const) {
    running.enter(() => stopped.push(name)).join(over === one ? "ses_1" : "ses_2", over.signal);
  }
  one.abort();
  expect(stopped).toEqual(["a", "b"]);
});

test("H7: a session has only so many at once", () => {
  const running = createRunning(1);
  const over = new AbortController().signal;
  const first = running.enter(() => {});
  first.join("ses_1", over);
  expect(() => running.enter(() => {}).join("ses_1", over)).toThrow(
    expect.objectContaining({ code: "too_many_exchanges" }),
  );
  first.leave();
  expect(() => running.enter(() => {}).join("ses_1", over)).not.toThrow();
});

test("drain closes, waits for the last one, and stops it at the limit", async () => {
  const running = createRunning(10);
  const reasons: Abandoned[] = [];
  const slow = running.enter((reason) => {
    reasons.push(reason);
    slow.leave();
  });
  const quick = running.enter((reason) => reasons.push(reason));
  const drained = running.drain(30);
  expect(running.closed()).toBe(true);
  quick.leave();
  await drained;
  expect(reasons.map((reason) => reason.code)).toEqual(["truncated"]);
  expect(running.size()).toBe(0);
});

test("drain with none running is done at once", async () => {
  await createRunning(1).drain(60_000);
});

test("drain does not wait for clients that do not read; those that do have their time", async () => {
  const running = createRunning(10);
  const stopped: string[] = [];
  let given = 1;
  const reads = running.enter(
    () => {
      stopped.push("reads");
      reads.leave();
    },
    () => given++,
  );
  const unread = running.enter(
    () => {
      stopped.push("unread");
      unread.leave();
    },
    () => 7,
  );
  const began = Date.now();
  await running.drain(4_000);
  expect(stopped).toEqual(["unread", "reads"]);
  expect(Date.now() - began).toBeGreaterThan(3_900);
});
