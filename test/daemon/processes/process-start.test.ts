import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { processLives, processStart } from "../../../src/daemon/processes/process-start.js";
import { processTable } from "../../../src/daemon/processes/process-table.js";

const onLinux = process.platform === "linux";

test("a process lives until it ends", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"]);
  const pid = child.pid ?? 0;
  const start = processStart(pid);
  expect(start === null).toBe(!onLinux);
  expect(processLives(pid, start)).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(processLives(pid, start)).toBe(false);
  expect(processLives(pid, null)).toBe(false);
});

test.runIf(onLinux)("a process that was given another's number is not that other", () => {
  const start = processStart(process.pid);
  expect(start).toMatch(/^[0-9a-f]{8}:\d+$/);
  expect(processLives(process.pid, `${start}1`)).toBe(false);
});

test.runIf(onLinux)("one that ended and was not waited for is dead", async () => {
  // The shell starts a child and becomes a program that never waits for it.
  const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 30"]);
  const [line] = await once(parent.stdout, "data");
  const pid = Number(String(line).trim());
  try {
    await expect.poll(() => processLives(pid, processStart(pid))).toBe(false);
  } finally {
    parent.kill("SIGKILL");
  }
});

test.runIf(onLinux)("out of file descriptors, no process counts as ended", () => {
  const start = processStart(process.pid);
  const held: number[] = [];
  try {
    for (;;) held.push(openSync("/dev/null", "r"));
  } catch (error) {
    expect(error).toMatchObject({ code: "EMFILE" });
    expect(processLives(process.pid, start)).toBe(true);
    expect(() => processTable.entry(process.pid)).toThrow("EMFILE");
    expect(() => [...processTable.sockets(process.pid)]).toThrow("EMFILE");
  } finally {
    for (const descriptor of held) closeSync(descriptor);
  }
});
