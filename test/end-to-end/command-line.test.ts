/** The command line as scripts and shells meet it: versions, errors, pipes, colour. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHome, hoopxProgram, type TestHome } from "../support/home.js";
import { openHoopx } from "../support/pty.js";
import { root } from "../support/sources.js";

let home: TestHome;

beforeAll(() => {
  home = createHome();
});
afterAll(() => home.dispose());

test("--version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { code, stdout } = await home.hoopx(["--version"]);
  expect(code).toBe(0);
  expect(stdout).toContain(version);
});

test("a command mistyped: exit 2, one error, one hint that says which was meant", async () => {
  const { code, stdout, stderr } = await home.hoopx(["sesions"]);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  const lines = stderr.trim().split("\n");
  expect(lines[0]).toMatch(/^error: /);
  expect(lines[1]).toMatch(/^hint: .*sessions/);
  expect(lines).toHaveLength(2);
});

test("with --json an error is one document with code, message and hint", async () => {
  const { code, stdout, stderr } = await home.hoopx(["sessions", "show", "ses_none", "--json"]);
  expect(code).toBe(1);
  const { error } = JSON.parse(stdout || stderr);
  expect(error).toMatchObject({ code: "not_found" });
  expect(error.message).toBeTruthy();
  expect(error.hint).toBeTruthy();
});

test("an empty list is an empty array", async () => {
  expect(await home.json(["sessions"])).toEqual([]);
  expect(await home.json(["connections"])).toEqual([]);
});

test("every command has help with an example", async () => {
  const names = [
    "run",
    "connections",
    "connections add",
    "sessions",
    "sessions show",
    "tail",
  ].concat([...["replay", "daemon", "daemon status", "completion"]]);
  const helps = await Promise.all(names.map((name) => home.hoopx([...name.split(" "), "--help"])));
  for (const [index, { code, stdout }] of helps.entries()) {
    expect(code, names[index]).toBe(0);
    expect(stdout, names[index]).toMatch(/examples?/i);
    expect(stdout, names[index]).toContain(`hoopx ${names[index]}`);
  }
});

test("a pipe closed early is no error", async () => {
  const script = `node ${hoopxProgram} run --help | head -n 1; echo "$?"`;
  const { stdout, stderr } = await home.spawn("/bin/sh", ["-c", script]).done;
  expect(stdout.trim().split("\n")).toHaveLength(2);
  expect(stderr).toBe("");
});

test.each([
  ["as it is", {}, [], true],
  ["NO_COLOR", { NO_COLOR: "1" }, [], false],
  ["--no-color", {}, ["--no-color"], false],
] as const)("colour in a terminal, %s", async (_, more, flags, coloured) => {
  const pty = openHoopx(["no-such-command", ...flags], {
    environment: { ...home.environment, ...more },
    cwd: home.path,
  });
  await pty.exited;
  expect(/\x1b\[\d+m/.test(pty.raw())).toBe(coloured);
});

test("no line is wider than a narrow terminal", async () => {
  const pty = openHoopx(["connections"], {
    environment: home.environment,
    cwd: home.path,
    columns: 40,
  });
  await pty.exited;
  const wide = pty
    .screen()
    .split("\n")
    .filter((line) => line.length > 40);
  expect(wide).toEqual([]);
});
