/** `npm run demo`: tells the whole story in little time, at 80 columns, and leaves nothing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openPty } from "../support/pty.js";
import { root } from "../support/sources.js";

const demo = join(root, "demo/demo.js");
let folder: string;
let environment: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-demo-test-"));
  mkdirSync(join(folder, "tmp"));
  environment = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    LANG: "C.UTF-8",
    TMPDIR: join(folder, "tmp"),
    // Of the person's shell: neither may be used.
    OPENAI_API_KEY: "sk-of-the-person",
    HOOPX_HOME: join(folder, "home"),
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the demo left; short-lived caches of Node itself apart. */
const left = () =>
  readdirSync(folder, { recursive: true }).filter(
    (name) => name !== "tmp" && !String(name).includes("node-compile-cache"),
  );

test("it explains, runs, lists, replays, and cleans up", async () => {
  const child = spawn(process.execPath, [demo], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const [code] = await once(child, "close");
  expect(code, output).toBe(0);
  expect(output).toContain("my OPENAI_API_KEY is hxs_…");
  expect(output).toContain("21 degrees and sunny in Lisbon");
  expect(output).toContain("Bearer sk-demo-the-real-key-0123456789abcdef");
  expect(output).toContain("files in which the key can be read: 0");
  expect(output).toContain("The model API received 0 of it");
  expect(output).toMatch(/approved rev_\w{16}: files\.create goes on/);
  expect(output).toMatch(/agent: uploaded as file-/);
  expect(output).toContain("tool call delete_file denied by ada@example.com");
  expect(output).toContain("agent: the file Report is still here");
  expect(output).toMatch(/approved rev_\w{16}: delete_file goes on/);
  expect(output).toContain("agent: the file Report is gone");
  expect(output).toContain("logged in as ada@example.com");
  expect(output).toContain("The newest is that of ada@example.com, groups engineering and leads");
  expect(output).not.toContain("sk-of-the-person");
  // Not a terminal: no colour.
  expect(output).not.toContain("\x1b");
  expect(output.match(/^\d\. /gm)).toEqual([
    "1. ",
    "2. ",
    "3. ",
    "4. ",
    "5. ",
    "6. ",
    "7. ",
    "8. ",
    "9. ",
  ]);
  expect(left()).toEqual([]);
});

test("in a terminal of 80 columns nothing wraps; Ctrl-C cleans up too", async () => {
  const pty = openPty(process.execPath, [demo], { environment, cwd: root });
  await pty.shows("my OPENAI_BASE_URL is");
  pty.type("\x03");
  const { exitCode } = await pty.exited;
  expect(exitCode).toBe(130);
  const long = pty
    .screen()
    .split("\n")
    .filter((line) => line.length > 79 && !line.includes("hoopx: session"));
  expect(long).toEqual([]);
  expect(left()).toEqual([]);
});
