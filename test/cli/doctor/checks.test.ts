import { expect, test } from "vitest";
import { clockCheck } from "../../../src/cli/doctor/checks.js";

test.each([
  [[], "skipped", "no server answered to compare it with"],
  [[0], "ok", "agrees with host0"],
  [[-1900], "ok", "agrees with host0"],
  [[0, 45_000], "ok", "45.0 s ahead of host1"],
  [[-30_000, 61_000], "failed", "1m 1s ahead of host1"],
  [[-600_000, 61_000], "failed", "10m 0s behind host0"],
])("clocks ahead by %j ms: %s, %s", (ahead, outcome, message) => {
  const clocks = ahead.map((aheadMs, at) => ({ host: `host${at}`, aheadMs }));
  const check = clockCheck(clocks);
  expect(check).toMatchObject({ name: "clock", outcome, message });
  expect(check.hint === null).toBe(outcome !== "failed");
});
