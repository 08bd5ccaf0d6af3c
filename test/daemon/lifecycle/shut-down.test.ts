/** A stop has its time, and no more, whatever hangs. */
import { afterEach, expect, test, vi } from "vitest";
import { shutDownInOrder } from "../../../src/daemon/lifecycle/shut-down.js";

vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const never = new Promise<never>(() => {});

/** Stops rooms of which those named here hang; what is called, and when. */
function stopping(hanging: Readonly<Record<string, Promise<never>>>) {
  vi.useFakeTimers();
  const began = Date.now();
  const calls: [name: string, ms: number][] = [];
  const note = (name: string) => {
    calls.push([name, Date.now() - began]);
    return hanging[name];
  };
  const closing = (name: string) => ({ close: () => note(name) });
  vi.spyOn(process, "exit").mockImplementation(() => note("exit") as never);
  const rooms = {
    log: { info() {} },
    die: () => note("die") as never,
    presence: { stop: () => void note("presence") },
    dataPath: {
      path: { running: () => 1, drain: async (limit: number) => void note(`drain ${limit}`) },
      listener: closing("listener"),
    },
    reviews: { ...closing("reviews"), desk: { suspend: () => void note("desk") } },
    identity: { ...closing("identity"), oauth: { settled: async () => note("oauth") } },
    policies: closing("policies"),
    registry: { suspend: () => void note("registry") },
    events: { close: () => void note("events") },
    record: { sealing: closing("sealing"), store: closing("store") },
    control: closing("control"),
    transport: closing("transport"),
    home: {} as never,
    lock: { isOwn: () => false, release: () => void note("release") },
    destination: { flushSync() {} },
  };
  void shutDownInOrder("SIGTERM", rooms as never);
  return calls;
}

test("streams have ten seconds, renewals and signing three each, a half-sent request half of one", async () => {
  const calls = stopping({ oauth: never, listener: never, sealing: never });
  await vi.advanceTimersByTimeAsync(30_000);
  const at = new Map(calls);
  expect(at.get("drain 10000")).toBe(0);
  expect(at.get("identity")).toBe(3_000);
  expect(at.get("registry")).toBe(3_500);
  expect(at.get("store")).toBe(6_500);
  expect(at.get("exit")).toBe(6_500);
});

test("where the rest hangs, the process ends all the same", async () => {
  const calls = stopping({ control: never });
  await vi.advanceTimersByTimeAsync(30_000);
  const at = new Map(calls);
  expect(at.get("control")).toBe(0);
  expect(at.has("exit")).toBe(false);
  // Ten seconds for streams, three and three, and five for the rest.
  expect(at.get("die")).toBe(21_000);
});
