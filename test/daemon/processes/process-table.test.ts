import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { expect, test } from "vitest";
import { processTable } from "../../../src/daemon/processes/process-table.js";

test.runIf(process.platform === "linux")("a process, its parent, child, name and program", () => {
  const own = processTable.entry(process.pid);
  expect(own).toMatchObject({ pid: process.pid, parent: process.ppid, gone: false });
  expect(own?.start).toBeGreaterThan(0);
  expect([...processTable.children(process.ppid)]).toContain(process.pid);
  expect(processTable.executable(process.pid)).toBe(realpathSync(process.execPath));
  expect(processTable.all()).toContain(process.pid);
});

test.runIf(process.platform === "linux")(
  "a name with brackets and spaces moves no field",
  async () => {
    const child = spawn("sh", ["-c", "printf 'a) R 1 (b' > /proc/self/comm; echo; read line"]);
    await once(child.stdout, "data");
    const entry = processTable.entry(child.pid ?? 0);
    expect(entry).toMatchObject({ parent: process.pid, name: "a) R 1 (b", gone: false });
    child.kill("SIGKILL");
  },
);

test("what is not there is nothing, never an error", () => {
  const missing = 2 ** 22 + 1;
  expect(processTable.entry(missing)).toBeUndefined();
  expect([...processTable.children(missing)]).toEqual([]);
  expect([...processTable.sockets(missing)]).toEqual([]);
  expect(processTable.executable(missing)).toBeUndefined();
});
