import { expect, test } from "vitest";
import { createRateLimit } from "../../../src/daemon/path/path.js";

test("so many a minute, then none until the next", () => {
  let time = 1_000_000;
  const admit = createRateLimit(() => new Date(time), 2);
  expect([admit(), admit(), admit()]).toEqual([true, true, false]);
  time += 60_000;
  expect(admit()).toBe(true);
});
