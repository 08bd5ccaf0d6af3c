/** `hoopx sessions verify` and `prune`: what is asked, what is shown, how it exits. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RecordVerifyView } from "../../../src/contract/record-views.js";
import { type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";

const good: RecordVerifyView = {
  session: null,
  file: "/data/hoopx.db",
  ok: true,
  links: 1204,
  records: 1190,
  bytes: 12_345_678,
  durationMs: 80,
  head: { place: 1204, hash: "ab".repeat(32) },
  sealed: { place: 1200, at: "2026-11-24T09:00:00.000Z", key: "cd".repeat(32) },
  anchored: null,
  unsigned: null,
  problems: [],
};
const bad: RecordVerifyView = {
  ...good,
  ok: false,
  sealed: null,
  unsigned: "the keychain is locked",
  problems: [
    {
      kind: "edited",
      record: "exchange",
      id: "exc_0000000000001",
      session: "ses_\u001b[31mx",
      message: "exchange exc_0000000000001 is not as it was written, or not what it follows",
    },
  ],
};

const accepted = {
  head: { place: 7, hash: "ab".repeat(32) },
  before: { place: 9, hash: "cd".repeat(32) },
};

let home: string;
let daemon: FakeDaemon;
let answer: RecordVerifyView;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-record-"));
  answer = good;
  daemon = await startFakeDaemon(home, {
    recordVerify: () => answer,
    recordAccept: () => accepted,
    recordPrune: ({ body: { dryRun, before } }) => ({
      ...{ dryRun, before, sessions: 2, exchanges: 1 },
      bytes: dryRun ? null : 4096,
    }),
  });
});
afterEach(async () => {
  await daemon.close();
  rmSync(home, { recursive: true });
});

test("a record that is as it was written: said, with its seal and head", async () => {
  const { code, stdout } = await runCli(["sessions", "verify"], { home });
  expect(code).toBe(0);
  expect(stdout).toContain("the record is as it was written (1,190 records in 1,204 links");
  expect(stdout).toContain("signed up to place 1,200");
  expect(stdout).toContain(`head 1204:${"ab".repeat(32)}`);
});

test("one that is not: each problem, escaped, and exit 1", async () => {
  answer = bad;
  const { code, stdout } = await runCli(["sessions", "verify"], { home });
  expect(code).toBe(1);
  expect(stdout).toContain("edited");
  expect(stdout).toContain("exchange exc_0000000000001");
  expect(stdout).toContain("not as it was written: 1 problem");
  expect(stdout).toContain("not signed: the keychain is locked");
  expect(stdout).not.toContain("\u001b");
  const json = await runCli(["sessions", "verify", "--json"], { home });
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toEqual(bad);
});

const hash = "0f".repeat(32);
test.each([
  [[], {}],
  [["last"], { session: "last" }],
  [["--head", `7:${hash}`], { head: { place: 7, hash } }],
  [["--file", "copy.db"], { file: resolve("copy.db") }],
])("verify %j asks for that", async (args, body) => {
  expect((await runCli(["sessions", "verify", ...args], { home })).code).toBe(0);
  expect(daemon.asked).toEqual([["recordVerify", body, ""]]);
});

test("prune: from what age on, and whether really", async () => {
  const dry = await runCli(["sessions", "prune", "--older-than", "2h", "--dry-run"], { home });
  expect(dry.stdout).toBe("would take out 2 sessions with 1 exchange\n");
  const real = await runCli(["sessions", "prune", "--older-than", "2h"], { home });
  expect(real.stdout).toBe("took out 2 sessions with 1 exchange, 4,096 bytes\n");
  const before = "2026-11-24T08:00:00.000Z";
  expect(daemon.asked.map(([, body]) => body)).toEqual([
    { before, dryRun: true },
    // How many it takes is asked first: a person is told.
    { before, dryRun: true },
    { before, dryRun: false },
  ]);
});

test.each([
  [["sessions", "prune"], "--older-than"],
  [["sessions", "prune", "--older-than", "soon"], "write --older-than 90d"],
  [["sessions", "verify", "--head", "7"], "--head PLACE:HASH"],
])("%j: exit 2 and how it is written", async (args, hint) => {
  const { code, stderr } = await runCli(args, { home });
  expect(code).toBe(2);
  expect(stderr).toContain(hint);
  expect(daemon.asked).toEqual([]);
});

test("accept: only with --yes, and says which head was given up", async () => {
  const unsure = await runCli(["sessions", "accept"], { home });
  expect([unsure.code, daemon.asked]).toEqual([2, []]);
  expect(unsure.stderr).toContain("hoopx sessions verify");
  const sure = await runCli(["sessions", "accept", "--yes"], { home });
  expect(sure.code).toBe(0);
  expect(sure.stdout).toContain(`7:${accepted.head.hash}`);
  expect(sure.stdout).toContain(`9:${accepted.before.hash}`);
});
