import { expect, test } from "vitest";
import { createQueue } from "../../../src/daemon/store/queue.js";

test("first in, first out, also where it grows while it is emptied", () => {
  const queue = createQueue([0, 1]);
  const taken: (number | undefined)[] = [];
  for (let next = 2; next < 10_000; next += 2) {
    queue.push(next);
    queue.push(next + 1);
    if (next % 3 > 0) taken.push(queue.shift());
  }
  expect(queue.length).toBe(10_000 - taken.length);
  while (queue.length > 0) taken.push(queue.shift());
  expect(taken).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
});

test("an empty one gives nothing, and goes on", () => {
  const queue = createQueue<string>();
  expect(queue.shift()).toBeUndefined();
  queue.push("a");
  expect([queue.length, queue.shift(), queue.length, queue.shift()]).toEqual([
    1,
    "a",
    0,
    undefined,
  ]);
});
