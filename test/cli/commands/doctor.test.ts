import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CheckView } from "../../../src/contract/checkup-views.js";
import type { ExchangeView } from "../../../src/contract/views.js";
import { type Answers, type FakeDaemon, Refused, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import { connectionView, daemonView, exchangeView, sessionView } from "../support/views.js";

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

const fine: CheckView = {
  name: "keychain",
  outcome: "ok",
  message: "keeps secrets",
  hint: null,
};

const answers: Answers = {
  daemonStatus: () => daemonView(),
  checkup: () => ({ checks: [fine], clocks: [{ host: "login.example", aheadMs: 100 }] }),
  policyCheck: () => ({ ok: true, files: [], rules: 0, problems: [], warnings: [] }),
  connectionsList: () => [connectionView()],
  connectionsTest: ({ params }) => ({
    connection: params.name ?? "",
    ok: true,
    request: "GET /v1/models",
    status: 200,
    durationMs: 12,
    message: "200, 3 models",
    clockAheadMs: 0,
    credential: { kind: "static-key", lifetime: "permanent key", expiresAt: null },
    seenAs: null,
  }),
  sessionsStart: () => ({
    session: sessionView({ status: "active" }),
    token: "hxs_secret-token",
    environment: { OPENAI_API_KEY: "hxs_secret-token" },
    remove: [],
    notices: { bell: true, notify: true },
  }),
  async *sessionsLease() {
    yield { alive: true };
    await new Promise(() => {});
  },
  sessionsEnd: ({ body }) => sessionView({ exitCode: body.exitCode }),
};

async function doctor(change: Answers, words: readonly string[] = []) {
  daemon = await startFakeDaemon(home, { ...answers, ...change });
  const environment = { PATH: process.env.PATH ?? "" };
  const told = await runCli(["doctor", "--json", ...words], { home, environment });
  const { ok, checks } = JSON.parse(told.stdout) as { ok: boolean; checks: CheckView[] };
  expect(told.code).toBe(ok ? 0 : 1);
  const check = (name: string) => checks.find((each) => each.name === name);
  return { ok, checks, check };
}

test("all is well: a line each and exit 0", async () => {
  const { ok, checks, check } = await doctor({});
  expect(ok).toBe(true);
  expect(checks.map(({ name }) => name)).toEqual([
    "daemon",
    "keychain",
    "policy",
    "connection openai",
    "clock",
  ]);
  expect(check("daemon")?.message).toContain("127.0.0.1:4141");
  expect(check("clock")).toMatchObject({ outcome: "ok" });
  const { stdout, code } = await runCli(["doctor", "--no-color"], { home, columns: 80 });
  expect(code).toBe(0);
  expect(stdout).toContain("✓ connection openai   GET /v1/models → 200 in 12 ms: 200, 3 models\n");
});

const mistake = {
  file: "/c/policy.yaml",
  line: 3,
  column: 5,
  reason: "no key efect",
  hint: "effect?",
};

test("each mistake of the policy files, and each line of connections.yaml that is not used", async () => {
  const { ok, checks } = await doctor({
    daemonStatus: () => daemonView({ connectionProblems: ["/c/connections.yaml:2:3: a", "b"] }),
    policyCheck: () => ({
      ...{ ok: false, files: ["/c/policy.yaml"], rules: 0 },
      problems: [mistake],
      warnings: [{ ...mistake, line: 9, hint: null }],
    }),
  });
  expect(checks.filter(({ outcome }) => outcome === "failed")).toMatchObject([
    { name: "connections", message: "/c/connections.yaml:2:3: a" },
    { name: "connections", message: "b" },
    { name: "policy", message: "/c/policy.yaml:3:5: no key efect", hint: "effect?" },
  ]);
  expect(ok).toBe(false);
  expect(checks.filter(({ outcome }) => outcome === "warning")).toMatchObject([
    { name: "policy", message: "/c/policy.yaml:9:5: no key efect", hint: "hoopx policy check" },
  ]);
});

test("a warning alone is marked, and fails nothing", async () => {
  const { ok } = await doctor({
    policyCheck: () => ({
      ...{ ok: true, files: ["/c/policy.yaml"], rules: 1, problems: [] },
      warnings: [mistake],
    }),
  });
  expect(ok).toBe(true);
  const { stdout } = await runCli(["doctor", "--no-color"], { home, columns: 80 });
  expect(stdout).toContain("! policy              /c/policy.yaml:3:5: no key efect\n");
});

test.each([
  [
    "the keychain",
    {
      checkup: () => ({
        checks: [{ ...fine, outcome: "failed" as const, message: "is locked", hint: "unlock it" }],
        clocks: [],
      }),
    },
    { name: "keychain", outcome: "failed", hint: "unlock it" },
  ],
  [
    "a rejected key",
    {
      connectionsTest: () => ({
        connection: "openai",
        ok: false,
        request: "GET /v1/models",
        status: 401,
        durationMs: 12,
        message: "401: the provider rejects this key",
        clockAheadMs: null,
      }),
    },
    { name: "connection openai", outcome: "failed", hint: "hoopx connections rotate openai" },
  ],
  [
    "a key that cannot be read",
    {
      connectionsTest: () => {
        throw new Refused("secret_missing", "it has no key");
      },
    },
    { name: "connection openai", outcome: "failed", message: "it has no key" },
  ],
  [
    "the clock",
    { checkup: () => ({ checks: [], clocks: [{ host: "login.example", aheadMs: -600_000 }] }) },
    { name: "clock", outcome: "failed", message: "10m 0s behind login.example" },
  ],
] as [string, Answers, Partial<CheckView>][])(
  "%s fails, and what mends it is said",
  async (...row) => {
    const [, change, expected] = row;
    const { ok, check } = await doctor(change);
    expect(ok).toBe(false);
    expect(check(expected.name ?? "")).toMatchObject(expected);
    expect(check(expected.name ?? "")?.hint).not.toBeNull();
  },
);

test("without connections there is nothing to test, and that is no failure", async () => {
  const { ok, check } = await doctor({
    connectionsList: () => [],
    checkup: () => ({ checks: [], clocks: [] }),
  });
  expect(ok).toBe(true);
  expect(check("connections")).toMatchObject({
    outcome: "skipped",
    hint: "hoopx connections add openai",
  });
  expect(check("clock")).toMatchObject({ outcome: "skipped" });
});

test("no daemon can be started: that is said, and what is not known for it", async () => {
  const { stdout, code } = await runCli(["doctor", "--json", "--", "true"], { home });
  expect(code).toBe(1);
  const { checks } = JSON.parse(stdout) as { checks: CheckView[] };
  expect(checks[0]).toMatchObject({ name: "daemon", outcome: "failed" });
  expect(checks[0]?.hint).toContain("hoopx daemon logs");
  expect(checks.slice(1).map(({ outcome }) => outcome)).toEqual(Array(7).fill("skipped"));
});

const arrived = (change: Partial<ExchangeView>) => ({
  exchangesList: () => [exchangeView(change)],
});

test.each([
  ["exchanges arrived", arrived({}), "true", "ok", /1 exchange came .*responses\.create$/],
  [
    "exchanges arrived, and it failed",
    arrived({}),
    "false",
    "ok",
    /1 exchange came .*and it exited with 1$/,
  ],
  ["nothing arrived", { exchangesList: () => [] }, "true", "failed", /^nothing came through/],
  [
    "it was refused outside its run",
    arrived({ decision: null, error: "token_outside_run" }),
    "true",
    "failed",
    /outside its run/,
  ],
  [
    "it was refused otherwise",
    arrived({ decision: null, error: "connection_unknown" }),
    "true",
    "failed",
    /none was accepted: connection_unknown/,
  ],
  ["there is no such command", {}, "no-such-program", "failed", /^command not found/],
] as [string, Answers, string, string, RegExp][])(
  "-- CMD: %s",
  async (_, change, command, outcome, message) => {
    const { check } = await doctor(change, ["--", command]);
    expect(check("command")).toMatchObject({ outcome, message: expect.stringMatching(message) });
  },
);
