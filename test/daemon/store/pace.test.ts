import { expect, test } from "vitest";
import { createPace } from "../../../src/daemon/store/pace.js";

const spin = (ms: number) => {
  for (const until = performance.now() + ms; performance.now() < until; );
};
async function paused(pace: ReturnType<typeof createPace>): Promise<number> {
  const began = performance.now();
  await pace.pause();
  return performance.now() - began;
}

test("while agents are at work it rests nine times what it worked, but never for ever", async () => {
  const pace = createPace(() => false);
  pace.busy();
  pace.timed(() => spin(10));
  expect(await paused(pace)).toBeGreaterThan(80);
  pace.timed(() => spin(300));
  const sign = setInterval(pace.busy, 100);
  const rest = await paused(pace);
  clearInterval(sign);
  expect(rest).toBeGreaterThan(2_500);
  expect(rest).toBeLessThan(6_000);
});

test("where nobody works, or somebody waits, it rests not at all", async () => {
  const quiet = createPace(() => false);
  quiet.timed(() => spin(50));
  expect(await paused(quiet)).toBeLessThan(100);
  const hurried = createPace(() => true);
  hurried.busy();
  hurried.timed(() => spin(50));
  expect(await paused(hurried)).toBeLessThan(100);
});
