import { expect, test } from "vitest";
import { createKeptBodies } from "../../../../src/daemon/path/request/kept-bodies.js";

const body = (length: number) => ({ body: Buffer.alloc(length), contentType: "text/plain" });

test("what is kept is found until it is dropped", () => {
  const bodies = createKeptBodies(10);
  const kept = body(4);
  bodies.keep(1n, kept);
  expect(bodies.find(1n)).toBe(kept);
  bodies.drop(1n);
  expect(bodies.find(1n)).toBeUndefined();
});

test("the oldest make room, and what is too large is not kept", () => {
  const bodies = createKeptBodies(10);
  bodies.keep(1n, body(4));
  bodies.keep(2n, body(4));
  bodies.keep(3n, body(4));
  expect([1n, 2n, 3n].map((key) => bodies.find(key) !== undefined)).toEqual([false, true, true]);
  bodies.keep(4n, body(11));
  expect(bodies.find(4n)).toBeUndefined();
  expect(bodies.find(3n)).toBeDefined();
  bodies.keep(2n, body(6));
  expect(bodies.find(3n)).toBeDefined();
});
