/** The hidden prompt in a real terminal. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openPty } from "../support/pty.js";
import { type BuiltCli, buildCli } from "./support/built-cli.js";
import { type FakeDaemon, startFakeDaemon } from "./support/fake-daemon.js";
import { connectionView } from "./support/views.js";

const key = "sk-typed-0123456789";
let cli: BuiltCli;
let home: string;
let daemon: FakeDaemon;

beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
  daemon = await startFakeDaemon(home, {
    connectionsCheckNew: () => ({}),
    connectionsAdd: () => connectionView(),
  });
});
afterEach(async () => {
  await daemon.close();
  rmSync(home, { recursive: true });
});

/** A shell around it, so that what it leaves of the terminal can be looked at. */
function ask() {
  const command = `"${process.execPath}" "${cli.program}" connections add openai; echo "code $?"; stty -a | grep -o -- '-\\?echo '`;
  return openPty("/bin/sh", ["-c", command], {
    environment: { PATH: process.env.PATH ?? "", HOOPX_HOME: home },
    cwd: home,
  });
}

test.each([
  ["typed, with a slip mended", `wrong\u0015${key}x\u007f\r`],
  ["pasted with its line end", `${key}\n`],
  ["pasted between marks", `\u001b[200~${key}\u001b[201~\r`],
])("%s: nothing of it is shown", async (_, typed) => {
  const pty = ask();
  await pty.shows("Key for openai:");
  pty.type(typed);
  await pty.exited;
  expect(pty.raw()).not.toContain("sk-typed");
  expect(pty.raw()).not.toContain("wrong");
  expect(pty.screen()).toMatch(/added openai[\s\S]*code 0\necho/);
  expect(daemon.asked.map(([route]) => route)).toEqual(["connectionsCheckNew", "connectionsAdd"]);
  expect(daemon.asked[1]?.[1]).toMatchObject({ secret: key });
});

test("Ctrl-C: nothing is stored, exit 130, and the terminal echoes again", async () => {
  const pty = ask();
  await pty.shows("Key for openai:");
  pty.type(`${key}\u0003`);
  await pty.exited;
  expect(pty.raw()).not.toContain("sk-typed");
  expect(pty.screen()).toMatch(/code 130\necho/);
  expect(daemon.asked.map(([route]) => route)).toEqual(["connectionsCheckNew"]);
});
