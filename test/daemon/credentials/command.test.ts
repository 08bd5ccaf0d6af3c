import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createCommandSource } from "../../../src/daemon/credentials/command.js";
import type { Credential } from "../../../src/daemon/credentials/source.js";
import {
  ann,
  connectionWith,
  credentialErrorOf,
  requestTo,
} from "../../contracts/credential-source.js";
import { alive, eventually } from "../../support/home.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-command-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = () => new Date("2026-01-01T00:00:00Z");
const { signal } = new AbortController();

function obtain(
  command: string,
  given: { limit?: number; stop?: AbortSignal; environment?: Record<string, string> } = {},
): Promise<Credential> {
  const environment = { PATH: process.env.PATH, ...given.environment };
  const source = createCommandSource({ environment, folder, limit: given.limit ?? 10_000, now });
  const connection = connectionWith({ kind: "command", command });
  return source.obtain(connection, ann, given.stop ?? signal);
}

test("runs in its folder, with what it needs and nothing of the daemon's", async () => {
  const secrets = {
    HOOPX_PASSPHRASE: "pp",
    OPENAI_API_KEY: "sk-1",
    HOME: "/home/ann",
    LC_ALL: "C",
  };
  const script = "env > env.txt; pwd -P > pwd.txt; echo token-1";
  const credential = await obtain(script, { environment: secrets });
  expect(credential.sensitive).toEqual(["token-1"]);
  const names = readFileSync(join(folder, "env.txt"), "utf8")
    .split("\n")
    .map((line) => line.split("=")[0])
    .filter((name) => !["", "PWD", "SHLVL", "_", "OLDPWD"].includes(name ?? ""));
  expect(names.sort()).toEqual(["HOME", "HOOPX_CONNECTION", "HOOPX_SUBJECT", "LC_ALL", "PATH"]);
  expect(readFileSync(join(folder, "env.txt"), "utf8")).toContain("HOOPX_SUBJECT=ann\n");
});

test.each([
  ["fails", "echo issued-token-0123456789abcdef; echo why >&2; exit 3", /ended with exit code 3/],
  ["is killed", "kill -9 $$", /ended with a signal/],
  ["is not there", "no-such-program-at-all", /ended with exit code 127/],
  ["prints without an end", "yes issued-token-0123456789abcdef", /more than 65536 characters/],
  ["prints nothing", "true", /printed nothing/],
])("a command that %s", async (_what, command, message) => {
  expect((await credentialErrorOf(obtain(command))).message).toMatch(message);
});

test("one that takes too long is ended, and what it started with it", async () => {
  const slow = obtain("echo $$ > pid; sleep 300 & echo $! > child; wait", { limit: 2_500 });
  expect((await credentialErrorOf(slow)).message).toContain("longer than 2.5 s");
  for (const name of ["pid", "child"]) {
    const pid = Number(readFileSync(join(folder, name), "utf8"));
    expect(
      await eventually(
        () => alive(pid),
        (lives) => !lives,
      ),
    ).toBe(false);
  }
});

test("it ends with the wait for it", async () => {
  const stop = new AbortController();
  const asked = obtain("echo $$ > pid; exec sleep 300", { stop: stop.signal });
  const pid = Number(
    await eventually(
      () => {
        try {
          return readFileSync(join(folder, "pid"), "utf8").trim();
        } catch {
          return "";
        }
      },
      (text) => text !== "",
    ),
  );
  const reason = new Error("the daemon stops");
  stop.abort(reason);
  await expect(asked).rejects.toBe(reason);
  await eventually(
    () => alive(pid),
    (lives) => !lives,
  );
});

test("AWS keys sign, where there is a region to sign for", async () => {
  const keys = `{"Version":1,"AccessKeyId":"ASIA1","SecretAccessKey":"s","SessionToken":"t"}`;
  const command = `echo '${keys}'`;
  expect((await credentialErrorOf(obtain(command))).hint).toContain("--region");
  const source = createCommandSource({ environment: process.env, folder, limit: 10_000, now });
  const connection = connectionWith({ kind: "command", command, region: "eu-west-1" });
  const credential = await source.obtain(connection, ann, signal);
  const request = requestTo();
  await credential.apply(request);
  expect(request.headers.join("\n")).toContain("/eu-west-1/bedrock/aws4_request");
  expect(credential.seenAs).toBe("access key ASIA1");
});
