import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hasDisplay } from "../../../src/cli/login/browser.js";
import { givenSettings, profileChoice } from "../../../src/cli/login/identity-settings.js";
import { qrCode } from "../../../src/cli/login/qr-code.js";
import type { LoginEvent } from "../../../src/contract/events.js";
import { type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";

let home: string;
let daemon: FakeDaemon | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hoopx-login-"));
});
afterEach(async () => {
  await daemon?.close();
  rmSync(home, { recursive: true });
});

const code = {
  userCode: "WDJB-MJHT",
  verificationUri: "https://id.example.com/device",
  verificationUriComplete: "https://id.example.com/device?user_code=WDJB-MJHT",
  expiresIn: 600,
};
const identity = {
  issuer: "https://id.example.com",
  subject: "ada",
  email: "ada@example.com",
  groups: ["engineering"],
  profile: "default",
};
const ended: LoginEvent = { identity, kept: "keychain" };

async function answering(...events: readonly LoginEvent[]): Promise<void> {
  daemon = await startFakeDaemon(home, { loginStart: () => events });
}

test("flags become the request, and what the shell's variables say goes along", async () => {
  await answering(code, ended);
  const flags = ["--issuer", "https://id.example.com", "--client-id", "cli", "--profile", "work"];
  await runCli(["login", ...flags, "--groups-claim", "a.b", "--secret-store", "keychain"], {
    home,
    environment: { HOOPX_SCOPE: "openid", HOOPX_PROFILE: "other", HOOPX_AUDIENCE: "" },
  });
  expect(daemon?.asked).toEqual([
    [
      "loginStart",
      {
        profile: "work",
        defaults: { scope: "openid" },
        given: { issuer: "https://id.example.com", clientId: "cli", groupsClaim: "a.b" },
        way: { kind: "device" },
        secretStore: "keychain",
      },
      "",
    ],
  ]);
});

test("not on a terminal: plain lines on stderr, the outcome on stdout", async () => {
  await answering(code, ended);
  const outcome = await runCli(["login"], { home });
  expect(outcome).toEqual({
    code: 0,
    stdout: "logged in as ada@example.com · https://id.example.com · in the OS keychain\n",
    stderr: `To log in, open this page and enter the code:
  page  https://id.example.com/device
  code  WDJB-MJHT
  both  https://id.example.com/device?user_code=WDJB-MJHT
waiting for you to enter it, for 10m 0s at most
`,
  });
});

test("with --json: a line for the code, a line for the identity, and nothing else", async () => {
  await answering(code, ended);
  const { stdout, stderr } = await runCli(["login", "--json"], { home });
  expect(stdout).toBe(`${JSON.stringify(code)}\n${JSON.stringify({ identity })}\n`);
  expect(stderr).toBe("");
});

test("a browser is asked for only where there is a display, and only for the page itself", async () => {
  await answering(code, ended);
  const opened: string[] = [];
  const openBrowser = (address: string) => opened.push(address) > 0;
  const display = { DISPLAY: ":0" };
  await runCli(["login", "--no-open"], { home, environment: display, openBrowser });
  expect(opened).toEqual([]);
  const { stderr } = await runCli(["login"], { home, environment: display, openBrowser });
  expect(opened).toEqual([code.verificationUriComplete]);
  expect(stderr).toContain("Your browser shows the page");
});

test("what the provider calls things cannot write to the terminal", async () => {
  const hostile = { ...code, userCode: "\u001b[2JAB", verificationUri: "https://x\u202e.example/" };
  await answering({ ...hostile, verificationUriComplete: null }, ended);
  const { stderr } = await runCli(["login"], { home, columns: 80 });
  expect(stderr).toContain("\\x1b[2JAB");
  expect(stderr).toContain("\\u202e");
  expect(stderr).not.toContain("\u202e");
});

test.each([
  ["login_denied", 3],
  ["login_expired", 4],
  ["identity_provider_refused", 1],
] as const)("%s as the last line exits %i", async (problemCode, exitCode) => {
  const problem = { type: "", title: "so it is", status: 400, code: problemCode, hint: "do this" };
  await answering(code, { problem });
  const outcome = await runCli(["login"], { home });
  expect(outcome.code).toBe(exitCode);
  expect(outcome.stderr).toContain("error: so it is\nhint: do this\n");
});

test("a daemon that goes away in between is told", async () => {
  await answering(code);
  const outcome = await runCli(["login"], { home });
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toContain("error: the daemon stopped");
});

test("Ctrl-C: 130, and what to do", async () => {
  const controller = new AbortController();
  daemon = await startFakeDaemon(home, {
    async *loginStart() {
      yield code;
      controller.abort();
      await new Promise((resolve) => setTimeout(resolve, 5_000).unref());
    },
  });
  const outcome = await runCli(["login"], { home, interrupted: controller.signal });
  expect(outcome.code).toBe(130);
  expect(outcome.stderr).toContain("hint: nothing was changed; hoopx login starts again");
});

test("no refresh token: said, since the login will not last", async () => {
  await answering(code, { identity, kept: "memory" });
  const { stderr } = await runCli(["login"], { home });
  expect(stderr).toContain("gave no refresh token");
});

test("whoami on a terminal, elsewhere, and with JSON", async () => {
  const view = {
    profile: "default",
    identity,
    name: "Ada Lovelace",
    clientId: "cli",
    kind: "person" as const,
    kept: "keychain" as const,
    expiresAt: "2026-11-24T10:59:00.000Z",
    note: null,
  };
  daemon = await startFakeDaemon(home, { whoami: () => view });
  const plain = await runCli(["whoami"], { home });
  expect(plain.stdout).toBe(`profile:\tdefault
name:\tAda Lovelace
e-mail:\tada@example.com
subject:\tada
issuer:\thttps://id.example.com
client:\tcli
groups:\tengineering
access token:\t2026-11-24T10:59:00.000Z
login:\tin the OS keychain
`);
  const terminal = await runCli(["whoami"], { home, columns: 80 });
  expect(terminal.stdout).toContain("good for 59m 0s");
  const json = await runCli(["whoami", "--json", "--refresh"], { home });
  expect(JSON.parse(json.stdout)).toEqual(view);
  const [, body] = daemon.asked.at(-1) ?? [];
  expect(body).toMatchObject({ refresh: true, startedMsAgo: expect.any(Number) });
});

test("logout says what was not done at the provider, and exits 0", async () => {
  const views = [
    { profile: "default", identity, revoked: true, note: null, settingsKept: true },
    {
      profile: "work",
      identity,
      revoked: false,
      note: "it cannot be reached",
      settingsKept: false,
    },
    { profile: "ci", identity: null, revoked: false, note: null, settingsKept: false },
  ];
  daemon = await startFakeDaemon(home, { logout: () => views });
  const outcome = await runCli(["logout", "--all"], { home });
  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toBe(
    "logged out ada@example.com · revoked at the identity provider\nlogged out ada@example.com (profile work)\n",
  );
  expect(outcome.stderr).toContain("forgotten here, but not revoked: it cannot be reached");
  expect(outcome.stderr).toContain("there was no login (profile ci)");
  // Once: for the one whose settings are kept.
  expect(outcome.stderr.split("hoopx logout --forget")).toHaveLength(2);
  expect((await runCli(["logout", "--all", "--profile", "x"], { home })).code).toBe(2);
});

test("a QR code is a square that a camera can read back in either colouring", async () => {
  const text = code.verificationUriComplete;
  const utf8 = { LANG: "C.UTF-8" };
  const { encode } = await import("uqr");
  const { data, size } = encode(text, { ecc: "L", border: 2 });
  for (const colour of [true, false]) {
    const lines = (await qrCode(text, { columns: 80, colour, environment: utf8 })) ?? [];
    expect(lines).toHaveLength(Math.ceil(size / 2));
    const modules = lines.flatMap((line) => {
      const cells = [...line.replace(/\u001b\[[\d;]*m/g, "").slice(2)];
      return [
        cells.map((cell) => "█▀".includes(cell) === colour),
        cells.map((cell) => "█▄".includes(cell) === colour),
      ];
    });
    expect(modules.slice(0, size)).toEqual(data);
  }
});

test.each([
  ["narrow", { columns: 20 }, { LANG: "C.UTF-8" }],
  ["not UTF-8", { columns: 80 }, { LANG: "C" }],
  ["dumb", { columns: 80 }, { LANG: "C.UTF-8", TERM: "dumb" }],
])("no QR code on a terminal that is %s", async (_, { columns }, environment) => {
  expect(await qrCode("https://x", { columns, colour: true, environment })).toBeUndefined();
});

test("where there is a display", () => {
  expect(hasDisplay({}, "linux")).toBe(false);
  expect(hasDisplay({ DISPLAY: ":0" }, "linux")).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: "wayland-0" }, "linux")).toBe(true);
  expect(hasDisplay({}, "darwin")).toBe(true);
  expect(hasDisplay({ SSH_CONNECTION: "1 2 3 4" }, "darwin")).toBe(false);
});

test("settings: what is empty is absent", () => {
  expect(givenSettings({ issuer: "", clientId: "x" })).toEqual({ clientId: "x" });
  expect(profileChoice({ HOOPX_PROFILE: "" }, undefined)).toEqual({});
  expect(profileChoice({ HOOPX_PROFILE: "w", HOOPX_GROUPS_CLAIM: "g" }, undefined)).toEqual({
    profile: "w",
    defaults: { groupsClaim: "g" },
  });
});
