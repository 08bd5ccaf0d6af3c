import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runs } from "../../src/cli/stop-daemon.js";
import { eventually } from "../support/home.js";

test("this process runs; a number that no process has does not", () => {
  expect(runs(process.pid)).toBe(true);
  expect(runs(2 ** 22 + 1)).toBe(false);
});

test.runIf(process.platform === "linux")(
  "a process that ended and that its parent has not collected does not run",
  async () => {
    // The shell becomes sleep, which never asks how its child ended.
    const parent = spawn("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 30"]);
    try {
      const [text] = (await parent.stdout.iterator({ destroyOnReturn: false }).next()).value
        .toString()
        .split("\n");
      const pid = Number(text);
      const state = () => readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.[0];
      await eventually(state, (found) => found === "Z");
      expect(runs(pid)).toBe(false);
    } finally {
      parent.kill("SIGKILL");
    }
  },
);
