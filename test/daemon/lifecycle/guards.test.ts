import { afterEach, expect, test, vi } from "vitest";
import { failClosed, stopOnSignals } from "../../../src/daemon/lifecycle/guards.js";

afterEach(() => vi.restoreAllMocks());

/** What listens to an event of the process since this was called. */
function listeners() {
  const added = new Map<string | symbol, (given: unknown) => void>();
  vi.spyOn(process, "on").mockImplementation((event, listener) => {
    added.set(event, listener as (given: unknown) => void);
    return process;
  });
  return added;
}

test.each(["uncaughtException", "unhandledRejection"])("%s is logged, and ends it", (event) => {
  const added = listeners();
  const did: unknown[] = [];
  vi.spyOn(process, "exit").mockImplementation((code) => {
    did.push(code);
    return undefined as never;
  });
  failClosed({
    log: { fatal: (facts) => void did.push(facts) },
    destination: { flushSync: () => void did.push("flushed") },
  });
  const err = new Error("a rule was not read");
  added.get(event)?.(err);
  expect(did).toEqual([{ err }, "flushed", 1]);
});

test("the signals that ask a program to end stop it, each by its name", () => {
  const added = listeners();
  const reasons: string[] = [];
  stopOnSignals((reason) => void reasons.push(reason));
  for (const listener of added.values()) listener(undefined);
  expect(reasons).toEqual(["SIGTERM", "SIGINT"]);
});
