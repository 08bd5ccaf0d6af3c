import { expect, test } from "vitest";
import type { Abandoned } from "../../../src/daemon/model/refusal.js";
import { createRoster } from "../../../src/daemon/path/roster.js";

test("a session's end stops its own exchanges and no others", () => {
  const roster = createRoster(10);
  const stopped: string[] = [];
  const [one, two] = [new AbortController(), new AbortController()];
  for (const [name, over] of [
    ["a", one],
    ["b", one],
    ["c", two],
  ] as const) {
    roster.enter(() => stopped.push(name)).join(over === one ? "ses_1" : "ses_2", over.signal);
  }
  one.abort();
  expect(stopped).toEqual(["a", "b"]);
});

test("H7: a session has only so many at once", () => {
  const roster = createRoster(1);
  const over = new AbortController().signal;
  const first = roster.enter(() => {});
  first.join("ses_1", over);
  expect(() => roster.enter(() => {}).join("ses_1", over)).toThrow(
    expect.objectContaining({ code: "too_many_exchanges" }),
  );
  first.leave();
  expect(() => roster.enter(() => {}).join("ses_1", over)).not.toThrow();
});

test("drain closes, waits for the last one, and stops it at the limit", async () => {
  const roster = createRoster(10);
  const reasons: Abandoned[] = [];
  const slow = roster.enter((reason) => {
    reasons.push(reason);
    slow.leave();
  });
  const quick = roster.enter((reason) => reasons.push(reason));
  const drained = roster.drain(30);
  expect(roster.closed()).toBe(true);
  quick.leave();
  await drained;
  expect(reasons.map((reason) => reason.code)).toEqual(["truncated"]);
  expect(roster.size()).toBe(0);
});

test("drain of an empty roster is done at once", async () => {
  await createRoster(1).drain(60_000);
});

test("drain does not wait for clients that do not read; those that do have their time", async () => {
  const roster = createRoster(10);
  const stopped: string[] = [];
  let given = 1;
  const reads = roster.enter(
    () => {
      stopped.push("reads");
      reads.leave();
    },
    () => given++,
  );
  const unread = roster.enter(
    () => {
      stopped.push("unread");
      unread.leave();
    },
    () => 7,
  );
  const began = Date.now();
  await roster.drain(4_000);
  expect(stopped).toEqual(["unread", "reads"]);
  expect(Date.now() - began).toBeGreaterThan(3_900);
});
