import { expect, test } from "vitest";
import { clockAhead } from "../../../../src/daemon/control/daemon/clock.js";

const now = new Date("2026-11-24T09:00:00.900Z");

test.each([
  ["Tue, 24 Nov 2026 09:00:00 GMT", 0],
  ["Tue, 24 Nov 2026 08:59:50 GMT", 10_900],
  ["Tue, 24 Nov 2026 09:00:10 GMT", -9_100],
  ["", null],
  [null, null],
  ["soon", null],
])("%s", (date, ahead) => {
  expect(clockAhead(date, now)).toBe(ahead);
});
