import { expect, test } from "vitest";
import { timeline } from "../../../src/cli/output/timeline.js";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const span = (second: number, firstByteMs: number | null, durationMs: number | null) => ({
  startedAt: at(second),
  firstByteMs,
  durationMs,
});
const now = new Date(at(20));

test("bars on one scale: waiting, then streaming", () => {
  expect(timeline([span(0, 2000, 5000), span(5, 1000, 5000)], 20, now)).toEqual([
    "░░░░██████",
    "          ░░████████",
  ]);
});

test("what is short, came at once or never answered has a cell", () => {
  const bars = timeline([span(0, 1, 10), span(0, null, 10_000), span(9, 999, 1000)], 10, now);
  expect(bars).toEqual(["█", "░░░░░░░░░░", "         █"]);
});

test("one that runs reaches to now", () => {
  expect(timeline([span(0, 5000, 10_000), span(10, null, null)], 20, now)).toEqual([
    "░░░░░█████",
    "          ░░░░░░░░░░",
  ]);
});

test("none is wider than it may be", () => {
  for (let cells = 1; cells < 40; cells += 1) {
    const spans = Array.from({ length: 30 }, (_, second) => span(second, second * 7, second * 91));
    for (const bar of timeline(spans, cells, now)) expect(bar.length).toBeLessThanOrEqual(cells);
  }
  expect(timeline([], 10, now)).toEqual([]);
});
