import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DaemonView } from "../../../src/contract/daemon-view.js";
import { type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import { daemonView } from "../support/views.js";

let home: string;
let daemon: FakeDaemon | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
});
afterEach(async () => {
  await daemon?.close();
  daemon = undefined;
  rmSync(home, { recursive: true });
});

test("status: what runs, for people and programs", async () => {
  daemon = await startFakeDaemon(home, { daemonStatus: () => daemonView({ sessions: 3 }) });
  const { code, stdout } = await runCli(["daemon", "status"], { home });
  expect(code).toBe(0);
  expect(stdout).toContain("process:\t4242\n");
  expect(stdout).toContain("sessions:\t3\n");
  const json = await runCli(["daemon", "status", "--json"], { home });
  expect(JSON.parse(json.stdout)).toEqual(daemonView({ sessions: 3 }));
});

test("status says what is wrong with a policy file, and where", async () => {
  const problem = {
    file: "/c/policy.yaml",
    line: 3,
    column: 24,
    reason: "no key rules.0.when.grups",
    hint: "did you mean groups?",
  };
  const policy = { hash: "ab".repeat(32), problems: [problem] };
  daemon = await startFakeDaemon(home, { daemonStatus: () => daemonView({ policy }) });
  const { code, stdout, stderr } = await runCli(["daemon", "status"], { home });
  expect(code).toBe(0);
  expect(stdout).toContain("policy:\tabababababab\n");
  expect(stderr).toContain("policy: /c/policy.yaml:3:24: no key rules.0.when.grups\n");
  expect(stderr).toContain("did you mean groups?");
});

test.each([
  ["keychain", [], "keychain (empty)"],
  ["keychain", ["keychain"], "keychain"],
  ["keychain", ["file"], "sealed file (new secrets: keychain)"],
  ["file", ["file", "keychain"], "sealed file and keychain (new secrets: sealed file)"],
] as const)("status: new secrets go to %s, %j in use", async (secretStore, used, shown) => {
  const view = daemonView({ secretStore, secretStoresInUse: used });
  daemon = await startFakeDaemon(home, { daemonStatus: () => view });
  const { stdout } = await runCli(["daemon", "status"], { home });
  expect(stdout).toContain(`secret store:\t${shown}\n`);
});

test("status of an older daemon does not say that its secret store is empty", async () => {
  const { secretStoresInUse, ...older } = daemonView();
  daemon = await startFakeDaemon(home, { daemonStatus: () => older as DaemonView });
  const { stdout } = await runCli(["daemon", "status"], { home });
  expect(stdout).toContain("secret store:\tkeychain\n");
});

test("status without a daemon: exit 1, and none is started", async () => {
  const { code, stderr } = await runCli(["daemon", "status"], { home });
  expect(code).toBe(1);
  expect(stderr).toContain("the daemon is not running");
});

test("start where one runs already is done", async () => {
  daemon = await startFakeDaemon(home, {});
  const { code, stdout } = await runCli(["daemon", "start"], { home });
  expect(code).toBe(0);
  expect(stdout).toBe("daemon already runs · process 4242 · 127.0.0.1:4141\n");
});

test("stop where none runs is done", async () => {
  expect(await runCli(["daemon", "stop"], { home })).toEqual({
    code: 0,
    stdout: "daemon is not running\n",
    stderr: "",
  });
});

test("stop waits for the end, and says what live sessions mean", async () => {
  let left = 3;
  daemon = await startFakeDaemon(home, {
    daemonStop: () => daemonView(),
    daemonStatus: () => {
      left -= 1;
      if (left === 0) void daemon?.close();
      return daemonView({ sessions: 1, draining: left < 2 });
    },
  });
  const { code, stdout, stderr } = await runCli(["daemon", "stop"], { home });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "daemon stopped\n" });
  expect(stderr).toContain("1 session live");
});

function writeLog(): void {
  mkdirSync(join(home, "log"));
  const entries = [
    { level: "warn", time: "2026-11-24T09:00:00.000Z", msg: "started", port: 4141 },
    { level: "error", time: "2026-11-24T09:00:01.000Z", msg: "broken \u001b[2J", why: "x" },
  ];
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  writeFileSync(join(home, "log/hoopxd.log"), text);
}

test("logs need no daemon: the last lines, escaped", async () => {
  writeLog();
  const { stdout } = await runCli(["daemon", "logs", "-n", "1"], { home });
  expect(stdout).toMatch(/^\d\d:\d\d:01 {2}error {2}broken \\x1b\[2J {2}why=x\n$/);
  const json = await runCli(["daemon", "logs", "--json"], { home });
  expect(json.stdout.trimEnd().split("\n")).toHaveLength(2);
});

test("on a terminal a log's level has its colour", async () => {
  writeLog();
  const { stdout } = await runCli(["daemon", "logs"], { home, columns: 80 });
  expect(stdout).toMatch(/\u001b\[33mwarn .*\n.*\u001b\[31merror/);
});

test("logs -f goes on as the log grows", async () => {
  writeLog();
  const interruption = new AbortController();
  let lines = 0;
  const { code, stdout } = await runCli(["daemon", "logs", "-f", "--json"], {
    home,
    interrupted: interruption.signal,
    wrote: () => {
      lines += 1;
      if (lines === 2) {
        writeFileSync(join(home, "log/hoopxd.log"), '{"level":"info","msg":"more"}\n', {
          flag: "a",
        });
      }
      if (lines === 3) interruption.abort();
    },
  });
  expect(code).toBe(0);
  expect(stdout).toContain('"more"');
});

test("logs where there are none", async () => {
  const { code, stderr } = await runCli(["daemon", "logs"], { home });
  expect(code).toBe(1);
  expect(stderr).toContain("there is no log");
});
