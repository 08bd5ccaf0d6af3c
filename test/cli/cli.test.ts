/** What holds for every command line: flags anywhere, errors, help, versions. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fromProblem } from "../../src/cli/cli-error.js";
import type { CommandSpec } from "../../src/cli/commands/command.js";
import { commands } from "../../src/cli/commands/index.js";
import { ClosedPipe } from "../../src/cli/terminal.js";
import { problemCodes } from "../../src/contract/problem.js";
import { type FakeDaemon, Refused, startFakeDaemon } from "./support/fake-daemon.js";
import { runCli } from "./support/run-cli.js";
import { daemonView } from "./support/views.js";

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

function paths(rows: readonly CommandSpec[], parents: readonly string[] = []): string[][] {
  return rows
    .filter(({ hidden }) => !hidden)
    .flatMap((spec) => {
      const path = [...parents, spec.name];
      return [path, ...paths(spec.commands ?? [], path)];
    });
}

test.each(paths(commands).map((path) => path.join(" ")))(
  "%s --help: examples, global options, no line over 80 cells",
  async (name) => {
    const { code, stdout } = await runCli([...name.split(" "), "--help"], { home });
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: hoopx ${name}`);
    expect(stdout).toMatch(/\nExamples:\n {2}\$ hoopx|\nExamples:\n {2}\$ eval/);
    expect(stdout).toContain("--no-color");
    const examples = stdout.indexOf("Examples:");
    for (const line of stdout.slice(0, examples).split("\n")) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  },
);

test("bare hoopx, and a bare group, answer with help", async () => {
  expect(await runCli([], { home })).toMatchObject({ code: 0, stderr: "" });
  const { code, stdout } = await runCli(["daemon"], { home });
  expect(code).toBe(0);
  expect(stdout).toContain("restart");
});

test.each([
  [["help"], "run <command...>"],
  [["help", "daemon", "logs"], "Usage: hoopx daemon logs"],
])("%j is help too", async (argv, text) => {
  const { code, stdout } = await runCli(argv, { home });
  expect(code).toBe(0);
  expect(stdout).toContain(text);
});

test.each([["--version"], ["-V"], ["sessions", "--version"], ["connections", "add", "-V"]])(
  "version: %s %s",
  async (...argv) => {
    expect(await runCli(argv, { home })).toEqual({ code: 0, stdout: "0.0.0-dev\n", stderr: "" });
  },
);

test.each([
  [["sesions"], "did you mean sessions?"],
  [["sessions", "shwo", "x"], "did you mean show?"],
  [["daemon", "strat"], "did you mean"],
  [["sessions", "--limmit", "3"], "did you mean --limit?"],
  [["replay"], "hoopx replay --help"],
  [["completion", "ksh"], "hoopx completion --help"],
  [["run"], "hoopx run --help"],
])("%j: exit 2 and a hint", async (argv, hint) => {
  const { code, stdout, stderr } = await runCli(argv, { home });
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^error: [^A-Z].*[^.]\nhint: .+\n$/);
  expect(stderr).toContain(hint);
});

test.each([
  ["before", ["--json", "daemon", "status"]],
  ["between", ["daemon", "--json", "status"]],
  ["after", ["daemon", "status", "--json"]],
])("--json %s the command", async (_, argv) => {
  const { code, stdout, stderr } = await runCli(argv, { home });
  expect(code).toBe(1);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: "daemon_not_running",
      message: "the daemon is not running",
      hint: expect.stringContaining("hoopx daemon start"),
    },
  });
});

test("--json with a line that does not parse", async () => {
  const { code, stdout } = await runCli(["--json", "nonsense"], { home });
  expect(code).toBe(2);
  expect(JSON.parse(stdout).error.code).toBe("usage");
});

test("run keeps stdout for its command: errors go to stderr as JSON too", async () => {
  const { stdout, stderr } = await runCli(["run", "--json", "--ttl", "x", "--", "true"], { home });
  expect(stdout).toBe("");
  expect(JSON.parse(stderr).error.code).toBe("usage");
});

test("an error's text from the daemon cannot move the cursor", async () => {
  daemon = await startFakeDaemon(home, {
    sessionsShow: () => {
      throw new Refused("not_found", "no session \u001b[2J\nerror: forged", "hint\u202e");
    },
  });
  const { code, stderr } = await runCli(["sessions", "show", "x"], { home });
  expect(code).toBe(1);
  expect(stderr).toBe("error: no session \\x1b[2J\\nerror: forged\nhint: hint\\u202e\n");
});

test.each(problemCodes)("problem %s has an exit code and a hint", (code) => {
  const error = fromProblem({ type: "", title: "t", status: 400, code });
  expect([1, 2, 3, 4, 8]).toContain(error.exitCode);
  expect(error.hint).not.toBe("");
});

test("a closed pipe ends a command without a word", async () => {
  daemon = await startFakeDaemon(home, { connectionsList: () => [] });
  const { code, stderr } = await runCli(["connections", "--json"], {
    home,
    wrote: () => {
      throw new ClosedPipe(new Error("EPIPE"));
    },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("a daemon of another version that is in use serves on, and is asked to stop when idle", async () => {
  daemon = await startFakeDaemon(
    home,
    {
      daemonStatus: () => daemonView({ version: "0.0.1", sessions: 2 }),
      daemonStop: () => daemonView(),
      connectionsList: () => [],
    },
    "0.0.1",
  );
  const { code, stderr } = await runCli(["connections", "--json"], { home });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^hoopx: a daemon of version 0\.0\.1 serves until its sessions end.*\n$/);
  expect(daemon.asked.map(([name]) => name)).toEqual(["daemonStop", "connectionsList"]);
  expect(daemon.asked[0]?.[1]).toEqual({ whenIdle: true });
});

test("a daemon that does not start: its last words are the error", async () => {
  const { code, stderr } = await runCli(["connections"], { home });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: the daemon did not start: .*hoopxd\.js/);
});
