import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import { connectionView, sessionView } from "../support/views.js";

let home: string;
let daemon: FakeDaemon | undefined;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
  daemon = await startFakeDaemon(home, {
    connectionsList: () => [connectionView(), connectionView({ name: "work" })],
    sessionsList: () => [sessionView({ title: "weather\u001b" }), sessionView({ id: "ses_other" })],
  });
});
afterEach(async () => {
  await daemon?.close();
  rmSync(home, { recursive: true });
});

async function complete(...words: readonly string[]) {
  const { code, stdout, stderr } = await runCli(["__complete", "--", ...words], {
    home,
    environment: { OPENAI_API_KEY: "sk-real" },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  return {
    values: lines.slice(0, -1).map((line) => line.split("\t")[0]),
    shell: lines.at(-1),
    stdout,
  };
}

test.each([
  [
    "commands",
    [""],
    [
      "login",
      "whoami",
      "logout",
      "run",
      "connections",
      "approve",
      "deny",
      "reviews",
      "grants",
      "sessions",
      "tail",
      "replay",
      "mask",
      "policy",
      "daemon",
      "doctor",
      "completion",
    ],
  ],
  ["a beginning", ["se"], ["sessions"]],
  ["after a global flag", ["--json", "da"], ["daemon"]],
  ["sub-commands", ["daemon", "st"], ["start", "stop", "status"]],
  ["flags", ["run", "--t"], ["--ttl", "--title"]],
  ["global flags", ["sessions", "show", "--q"], ["--quiet"]],
  ["choices", ["connections", "add", "--secret-store", ""], ["keychain", "file"]],
  [
    "kinds of credential",
    ["connections", "add", "x", "--credential", "a"],
    ["anthropic-workload", "azure-entra", "aws-sts"],
  ],
  [
    "settings of kinds",
    ["connections", "add", "x", "--service"],
    ["--service", "--service-account-id"],
  ],
  ["choices after =", ["connections", "add", "--secret-store=f"], ["--secret-store=file"]],
  ["choices as bash splits them", ["connections", "add", "--secret-store", "=", "f"], ["file"]],
  [
    "choices as bash splits them, nothing typed",
    ["sessions", "--status", "="],
    ["active", "ended", "revoked", "expired"],
  ],
  ["choices of an argument", ["completion", "z"], ["zsh"]],
  ["connections", ["connections", "show", ""], ["openai", "work"]],
  ["connections of run", ["run", "-c", "w"], ["work"]],
  ["sessions", ["replay", ""], ["ses_4k2m9x7q1c3v5b8n", "ses_other", "last"]],
  ["variables", ["connections", "add", "x", "--secret-env", "OPENAI"], ["OPENAI_API_KEY"]],
  ["nothing after the last argument", ["replay", "last", ""], []],
  ["a free value", ["run", "--title", ""], []],
])("%s", async (_, words, values) => {
  // Polled: a daemon that takes more than a moment, as on a busy machine, is not waited for.
  await expect.poll(async () => (await complete(...words)).values).toEqual(values);
});

test("what run runs is the shell's to complete", async () => {
  expect((await complete("run", "--", "")).shell).toBe(":commands");
  expect((await complete("run", "--", "node", "a")).shell).toBe(":files");
  expect((await complete("run", "node", "--")).shell).toBe(":files");
});

test("descriptions are escaped, and values never those of variables", async () => {
  await expect
    .poll(async () => (await complete("tail", "")).stdout)
    .toContain("ended: weather\\x1b");
  expect((await complete("connections", "add", "x", "--secret-env", "")).stdout).not.toContain(
    "sk-",
  );
});

test("without a daemon: silent, and none is started", async () => {
  await daemon?.close();
  daemon = undefined;
  expect((await complete("replay", "")).values).toEqual([]);
});
