import { expect, test } from "vitest";
import { ago, counted, grouped, lasting } from "../../../src/cli/output/time.js";

const now = new Date("2026-11-24T10:00:00.000Z");

test("ago", () => {
  const before = (seconds: number) => ago(new Date(+now - seconds * 1000).toISOString(), now);
  expect([1, 30, 60, 3599, 7200, 86_400 * 3].map(before)).toEqual([
    "just now",
    "30 seconds ago",
    "1 minute ago",
    "59 minutes ago",
    "2 hours ago",
    "3 days ago",
  ]);
});

test("lasting", () => {
  expect([0.4, 340, 999.7, 1300, 59_960, 125_000, 3_723_000].map(lasting)).toEqual([
    "0 ms",
    "340 ms",
    "1.0 s",
    "1.3 s",
    "1m 0s",
    "2m 5s",
    "1h 2m",
  ]);
});

test("numbers", () => {
  expect([0, 999, 1204, 1_234_567].map(grouped)).toEqual(["0", "999", "1,204", "1,234,567"]);
  expect([counted(1, "exchange"), counted(0, "token")]).toEqual(["1 exchange", "0 tokens"]);
});
