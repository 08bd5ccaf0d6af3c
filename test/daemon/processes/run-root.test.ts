import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Peer } from "../../../src/daemon/processes/peers.js";
import { processStart } from "../../../src/daemon/processes/process-start.js";
import {
  ForeignProcess,
  isRunner,
  rootOf,
  startedProcess,
  withChild,
} from "../../../src/daemon/processes/run-root.js";
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

test.runIf(onLinux)("the root is the runner, whatever child it told", () => {
  const before = sessionWith(null);
  const runner = { pid: process.pid, start: start(process.pid) };
  expect(rootOf(before.process)).toEqual(runner);
  const told = withChild(before, childPid);
  expect(told).toMatchObject({ pid: childPid, pidStart: processStart(childPid) });
  expect(rootOf(told)).toEqual(runner);
});

test.runIf(onLinux)(
  "the runner may be its own child: a program that holds its session itself",
  () => {
    expect(withChild(sessionWith(null), process.pid)).toMatchObject({ pid: process.pid });
  },
);

test.runIf(onLinux)("a child is below the runner, and told once", () => {
  for (const foreign of [process.ppid, 1]) {
    expect(() => withChild(sessionWith(null), foreign)).toThrow(ForeignProcess);
  }
  for (const other of [process.pid, grandchildPid, 2 ** 22 + 1]) {
    expect(() => withChild(sessionWith(childPid), other)).toThrow(/stays so/);
  }
});

test.runIf(onLinux)("a child that ended before it was looked at is told all the same", () => {
  const missing = 2 ** 22 + 1;
  expect(withChild(sessionWith(null), missing)).toMatchObject({ pid: missing, pidStart: null });
});

test("a lease taken again for the same child changes nothing", () => {
  const session = sessionWith(childPid);
  expect(withChild(session, childPid)).toBe(session.process);
});

test("where the system cannot tell, the child is what the run says", () => {
  expect(withChild(sessionWith(null, "unavailable"), 1)).toMatchObject({ pid: 1 });
});

test.runIf(onLinux)("the command is the kernel's, at the start and of the child", () => {
  const claim = { ...sessionWith(null).process, command: "node trusted.mjs" };
  const { pid: _, pidStart: __, ...asked } = claim;
  expect(startedProcess(asked).command).toContain(process.argv0);
  const session = { ...sessionWith(null), process: claim };
  expect(withChild(session, childPid).command).toBe("sh -c 'sleep 60 & echo $!; wait'");
  // No kernel told the runner: it stays a claim.
  expect(startedProcess({ ...asked, runnerStart: null }).command).toBe("node trusted.mjs");
});

test.runIf(onLinux)("a start of another boot names no process", () => {
  const { process: known } = sessionWith(null);
  expect(rootOf({ ...known, runnerStart: "00000000:1" })).toBeUndefined();
});

test("the runner is the process that the kernel names, start and all", () => {
  const runner = { runnerPid: 20, runnerStart: "boot:200" };
  const peer = (pid: number, start: string): Peer => ({ kind: "process", pid, start, uid: 0 });
  expect(isRunner(peer(20, "boot:200"), runner)).toBe(true);
  expect(isRunner(peer(20, "boot:201"), runner)).toBe(false);
  expect(isRunner(peer(21, "boot:200"), runner)).toBe(false);
  expect(isRunner({ kind: "gone" }, runner)).toBe(false);
  expect(isRunner({ kind: "hidden" }, runner)).toBe(false);
  expect(isRunner({ kind: "hidden" }, { runnerPid: 7, runnerStart: null })).toBe(true);
  expect(isRunner({ kind: "untold", why: "plan9" }, runner)).toBe(true);
});
