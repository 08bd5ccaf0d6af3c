import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { processStart } from "../../../src/daemon/processes/process-start.js";
import { ForeignProcess, rootOf, withChild } from "../../../src/daemon/processes/run-root.js";
import { sessionRecord } from "../sessions/session-record.js";

const onLinux = process.platform === "linux";
/** A child of this process, which is the runner, and a child of that child. */
let child: ChildProcess;
let childPid = 0;
let grandchildPid = 0;

beforeAll(async () => {
  child = spawn("sh", ["-c", "sleep 60 & echo $!; wait"], { stdio: ["pipe", "pipe", "inherit"] });
  childPid = child.pid ?? 0;
  const [line] = await once(child.stdout ?? child, "data");
  grandchildPid = Number(String(line).trim());
});
afterAll(() => {
  child.kill("SIGKILL");
  process.kill(grandchildPid, "SIGKILL");
});

function sessionWith(pid: number | null, check: "tree" | "unavailable" = "tree") {
  const { process: base } = sessionRecord({});
  const runner = { runnerPid: process.pid, runnerStart: processStart(process.pid) };
  const pidStart = pid === null ? null : processStart(pid);
  return sessionRecord({ process: { ...base, ...runner, pid, pidStart }, processCheck: check });
}
const start = (pid: number) => Number(processStart(pid)?.split(":")[1]);

test.runIf(onLinux)("the root is the runner, then the child it told", () => {
  const before = sessionWith(null);
  expect(rootOf(before.process)).toEqual({ pid: process.pid, start: start(process.pid) });
  const told = withChild(before, childPid);
  expect(told).toMatchObject({ pid: childPid, pidStart: processStart(childPid) });
  expect(rootOf(told)).toEqual({ pid: childPid, start: start(childPid) });
});

test.runIf(onLinux)(
  "the runner may be its own child: a program that holds its session itself",
  () => {
    expect(withChild(sessionWith(null), process.pid)).toMatchObject({ pid: process.pid });
  },
);

test.runIf(onLinux)("a root never moves up or aside", () => {
  expect(() => withChild(sessionWith(null), process.ppid)).toThrow(ForeignProcess);
  expect(() => withChild(sessionWith(null), 1)).toThrow(ForeignProcess);
  expect(() => withChild(sessionWith(childPid), process.pid)).toThrow(ForeignProcess);
  expect(withChild(sessionWith(childPid), grandchildPid)).toMatchObject({ pid: grandchildPid });
});

test.runIf(onLinux)(
  "a child that ended before it was looked at is told once, and roots nothing",
  () => {
    const nobody = 2 ** 22 + 1;
    const told = withChild(sessionWith(null), nobody);
    expect(told).toMatchObject({ pid: nobody, pidStart: null });
    expect(rootOf(told)?.pid).toBe(process.pid);
    expect(() => withChild(sessionWith(childPid), nobody)).toThrow(ForeignProcess);
  },
);

test("a lease taken anew for the same child changes nothing", () => {
  const session = sessionWith(childPid);
  expect(withChild(session, childPid)).toBe(session.process);
});

test("where the system cannot tell, the child is what the run says", () => {
  expect(withChild(sessionWith(null, "unavailable"), 1)).toMatchObject({ pid: 1 });
});

test.runIf(onLinux)("a start of another boot names no process", () => {
  const { process: known } = sessionWith(null);
  expect(rootOf({ ...known, runnerStart: "00000000:1" })).toBeUndefined();
});
