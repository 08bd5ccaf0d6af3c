import { expect, test } from "vitest";
import { createStopper } from "../../../src/daemon/lifecycle/stopper.js";

function stopperWith(live: number) {
  const sessions = { live };
  return { sessions, stopper: createStopper({ liveSessions: () => sessions.live }) };
}

test("it stops once, however often it is told to", async () => {
  const { stopper } = stopperWith(1);
  expect(stopper.draining()).toBe(false);
  stopper.stop("SIGTERM");
  stopper.stop("SIGINT");
  expect(await stopper.stopped).toBe("SIGTERM");
  expect(stopper.draining()).toBe(true);
});

test("when idle: at once without sessions, else with the end of the last", async () => {
  const idle = stopperWith(0);
  idle.stopper.stopWhenIdle();
  expect(await idle.stopper.stopped).toBe("no session is live");

  const busy = stopperWith(2);
  busy.stopper.stopWhenIdle();
  busy.sessions.live = 1;
  busy.stopper.sessionEnded();
  expect(busy.stopper.draining()).toBe(false);
  busy.sessions.live = 0;
  busy.stopper.sessionEnded();
  expect(await busy.stopper.stopped).toBe("no session is live");
});

test("the end of the last session alone stops nothing", () => {
  const { stopper } = stopperWith(0);
  stopper.sessionEnded();
  expect(stopper.draining()).toBe(false);
});
