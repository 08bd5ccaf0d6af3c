import { expect, test } from "vitest";
import { createStopper } from "../../../src/daemon/lifecycle/stopper.js";

function stopperWith(live: number) {
  const sessions = { live };
  const reasons: string[] = [];
  const stopper = createStopper({
    liveSessions: () => sessions.live,
    shutDown: async (reason) => void reasons.push(reason),
  });
  return { sessions, reasons, stopper };
}

test("it stops once, however often it is told to", () => {
  const { reasons, stopper } = stopperWith(1);
  expect(stopper.draining()).toBe(false);
  stopper.stop("SIGTERM");
  stopper.stop("SIGINT");
  expect(reasons).toEqual(["SIGTERM"]);
  expect(stopper.draining()).toBe(true);
});

test("when idle: at once without sessions, else with the end of the last", () => {
  const idle = stopperWith(0);
  idle.stopper.stopWhenIdle();
  expect(idle.reasons).toHaveLength(1);

  const busy = stopperWith(2);
  busy.stopper.stopWhenIdle();
  busy.sessions.live = 1;
  busy.stopper.sessionEnded();
  expect(busy.reasons).toEqual([]);
  busy.sessions.live = 0;
  busy.stopper.sessionEnded();
  expect(busy.reasons).toHaveLength(1);
});

test("the end of the last session alone stops nothing", () => {
  const { reasons, stopper } = stopperWith(0);
  stopper.sessionEnded();
  expect(reasons).toEqual([]);
});
