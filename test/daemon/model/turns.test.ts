import { expect, test } from "vitest";
import { atOnce, inTurns } from "../../../src/daemon/model/turns.js";

/** Works this long in each step, milliseconds. */
function* busy(steps: number, each: number) {
  for (let step = 0; step < steps; step += 1) {
    const until = performance.now() + each;
    while (performance.now() < until);
    yield;
  }
  return steps;
}

test("others run while steps are done in turns, and none do while they are done at once", async () => {
  let turns = 0;
  let over = false;
  const count = () => {
    turns += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  expect(atOnce(busy(3, 1))).toBe(3);
  expect(turns).toBe(0);
  expect(await inTurns(busy(20, 4))).toBe(20);
  over = true;
  expect(turns).toBeGreaterThan(3);
});

test("what throws in a step rejects", async () => {
  function* broken(): Generator<void, number> {
    yield;
    throw new Error("no");
  }
  expect(() => atOnce(broken())).toThrow("no");
  await expect(inTurns(broken())).rejects.toThrow("no");
});
