/**
 * The generated scripts in the shells themselves, at a real prompt. A shell
 * that is not installed skips its tests, visibly; with HOOPX_TEST_ALL=1 that
 * is a failure.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPty, type Pty } from "../../support/pty.js";
import { root } from "../../support/sources.js";
import { type BuiltCli, buildCli } from "../support/built-cli.js";
import { type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { connectionView, sessionView } from "../support/views.js";

const all = process.env.HOOPX_TEST_ALL === "1";
const missing = (shell: string) =>
  !all && spawnSync(shell, ["--version"], { stdio: "ignore" }).error !== undefined;

let cli: BuiltCli;
let home: string;
let daemon: FakeDaemon;

beforeAll(async () => {
  cli = await buildCli();
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
  daemon = await startFakeDaemon(home, {
    connectionsList: () => [connectionView({ name: "workshop" })],
    sessionsList: () => [sessionView({ id: "ses_unique1" })],
  });
});
afterAll(async () => {
  await daemon.close();
  cli.remove();
  rmSync(home, { recursive: true, force: true });
});

interface ShellSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** What makes it ready: a prompt of `READY>` and the completions. */
  readonly setup: readonly string[];
}

const script = (name: string) => join(root, "completions", name);
const shells: Readonly<Record<string, ShellSpec>> = {
  bash: {
    command: "bash",
    args: ["--norc", "--noprofile"],
    setup: [`source '${script("hoopx.bash")}'`, "PS1='READY> '"],
  },
  zsh: {
    command: "zsh",
    args: ["-f"],
    setup: [
      "autoload -Uz compinit && compinit -D -u",
      `source '${script("_hoopx")}'`,
      "PS1='READY> '",
    ],
  },
  fish: {
    command: "fish",
    args: ["--no-config"],
    setup: [
      `source '${script("hoopx.fish")}'`,
      "function fish_prompt; echo -n 'READY> '; end",
      "set -g fish_autosuggestion_enabled 0",
    ],
  },
};

async function open({ command, args, setup }: ShellSpec): Promise<Pty> {
  const pty = openPty(command, args, {
    environment: {
      PATH: `${cli.bin}:${process.env.PATH ?? ""}`,
      HOME: home,
      HOOPX_HOME: home,
      LANG: "C.UTF-8",
    },
    cwd: home,
    columns: 160,
  });
  pty.type(`${setup.join("; ")}\r`);
  await pty.shows(/^READY> $|^READY>$/m);
  return pty;
}

for (const [name, spec] of Object.entries(shells)) {
  test.skipIf(missing(spec.command)).each([
    ["a command", "hoopx sess", "hoopx sessions"],
    ["a sub-command", "hoopx connections rot", "hoopx connections rotate"],
    ["a flag", "hoopx run --tit", "hoopx run --title"],
    ["a value", "hoopx connections add x --secret-store key", "--secret-store keychain"],
    ["a value after =", "hoopx connections add x --secret-store=key", "--secret-store=keychain"],
    ["a live connection", "hoopx connections show works", "hoopx connections show workshop"],
    ["a live session", "hoopx replay ses_", "hoopx replay ses_unique1"],
    [
      "a file of the command that runs",
      "hoopx run -- cat /etc/pass",
      "hoopx run -- cat /etc/passwd",
    ],
  ])(`${name} completes %s`, async (_, typed, completed) => {
    const pty = await open(spec);
    try {
      pty.type(`${typed}\t`);
      // On a busy machine live names may come too late for the first Tab: a person presses again.
      const again = setInterval(() => pty.type("\t"), 3_000);
      try {
        expect(await pty.shows(completed)).toContain(completed);
      } finally {
        clearInterval(again);
      }
    } finally {
      pty.kill();
      await pty.exited;
    }
  });
}
