/** Logging in with the built program: what a person or a script sees, against a real identity provider. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogoutView, WhoamiView } from "../../src/contract/login-views.js";
import { holdSession } from "../support/held-session.js";
import { createHome, eventually, type Running, type TestHome } from "../support/home.js";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.js";

let idp: IdentityProvider;
let home: TestHome;

beforeAll(async () => {
  idp = await startIdentityProvider();
  home = createHome({ HOOPX_SECRET_STORE: "file" });
});
afterAll(async () => {
  await home.dispose();
  await idp.close();
});

const loginArgs = () => [
  ...["login", "--issuer", idp.issuer, "--client-id", idp.clientId, "--no-open", "--json"],
];

/** Logs in as a script would, the test being the person; its lines of JSON. */
async function login(args = loginArgs(), account?: string): Promise<readonly unknown[]> {
  const running = home.start(args);
  await idp.approve(await codeOf(running), account);
  const { code, stdout, stderr } = await running.done;
  expect(code, stderr).toBe(0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

async function codeOf(running: Running): Promise<string> {
  await running.shows("}\n");
  return JSON.parse(running.stdout().split("\n", 1)[0] ?? "").userCode;
}

test("the first line is the code, the last the identity, and whoami knows it from then on", async () => {
  const lines = await login();
  expect(lines).toHaveLength(2);
  const [first, last] = lines as [Record<string, unknown>, Record<string, unknown>];
  expect(Object.keys(first)).toEqual([
    ...["userCode", "verificationUri", "verificationUriComplete", "expiresIn"],
  ]);
  expect(last).toEqual({
    identity: {
      issuer: idp.issuer,
      subject: "ada",
      email: "ada@example.com",
      groups: ["engineering", "leads"],
      profile: "default",
    },
  });
  const who = await home.json<WhoamiView>(["whoami"]);
  expect(who).toMatchObject({ ...last, profile: "default", kind: "person", kept: "file" });
  expect(Date.parse(who.expiresAt ?? "")).toBeGreaterThan(Date.now());
});

test("32 commands at once make one token request", { timeout: 120_000 }, async () => {
  await login();
  const before = idp.tokenRequests("refresh_token");
  const outcomes = await Promise.all(
    Array.from({ length: 32 }, () => home.hoopx(["whoami", "--refresh", "--json"])),
  );
  expect(outcomes.map(({ code }) => code)).toEqual(Array.from({ length: 32 }, () => 0));
  for (const { stdout } of outcomes) expect(JSON.parse(stdout).identity.subject).toBe("ada");
  expect(idp.tokenRequests("refresh_token")).toBe(before + 1);
});

test("two command lines that log in at once, each under its profile", async () => {
  await Promise.all([
    login(loginArgs(), "ada"),
    login([...loginArgs(), "--profile", "two"], "bob"),
  ]);
  expect((await home.json<WhoamiView>(["whoami"])).identity.subject).toBe("ada");
  const two = await home.json<WhoamiView>(["whoami", "--profile", "two", "--refresh"]);
  expect(two.identity).toMatchObject({ subject: "bob", profile: "two" });
});

test("the refresh token is in no file, no environment and no log; access tokens are nowhere", async () => {
  await login();
  await home.json(["whoami", "--refresh"]);
  const { pid } = await home.daemon();
  const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
  expect(idp.refreshTokens.length).toBeGreaterThan(1);
  for (const token of idp.refreshTokens) {
    expect(home.filesWith(token)).toEqual([]);
    expect(environment).not.toContain(token);
  }
  // Signed by the provider: every ID token begins so.
  expect(home.filesWith("eyJhbGciOi")).toEqual([]);
});

test("a session belongs to who is logged in", async () => {
  await login();
  await home.connect("http://127.0.0.1:1/v1", "sk-login-0123456789abcdef");
  const { code, stderr } = await home.hoopx(["run", "--", process.execPath, "-e", "0"]);
  expect(code, stderr).toBe(0);
  expect((await home.lastSession()).identity).toEqual({
    issuer: idp.issuer,
    subject: "ada",
    email: "ada@example.com",
    groups: ["engineering", "leads"],
    profile: "default",
  });
});

test("the provider stopped: what runs goes on, nothing new begins; back again, all is well", async () => {
  const held = await holdSession(home);
  await idp.stop();
  const refused = await home.hoopx(["run", "--", process.execPath, "-e", "0"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(
    /^error: the identity provider http:\S+ cannot be reached \(ECONNREFUSED\)\nhint: .*sessions that run go on/,
  );
  // 502: it got through to the upstream that is not there.
  expect((await held.request({})).status).toBe(502);
  const who = await home.hoopx(["whoami", "--refresh", "--json"]);
  expect(JSON.parse(who.stdout).error.code).toBe("identity_provider_unavailable");
  await idp.start();
  expect((await home.hoopx(["run", "--", process.execPath, "-e", "0"])).code).toBe(0);
  await held.end();
});

test("slow, with new keys, with a clock a minute or ten off: what works, works; what does not says why", async () => {
  const run = () => home.hoopx(["run", "--", process.execPath, "-e", "0"]);
  idp.slow(500);
  expect((await run()).code).toBe(0);
  idp.slow(0);
  await idp.rotateKeys();
  expect((await run()).code).toBe(0);
  idp.skew(-60_000);
  expect((await run()).code).toBe(0);
  idp.skew(600_000);
  const refused = await run();
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`this machine's clock is 10 min behind that of ${idp.issuer}`);
  idp.skew(0);
  expect((await run()).code).toBe(0);
});

test("the daemon killed and started again: the login is there", async () => {
  const { pid } = await home.daemon();
  process.kill(pid, "SIGKILL");
  const who = await home.json<WhoamiView>(["whoami"]);
  expect(who).toMatchObject({ identity: { subject: "ada" }, expiresAt: null });
  const { code } = await home.hoopx(["run", "--", process.execPath, "-e", "0"]);
  expect(code).toBe(0);
});

test("killed between the provider's answer and its being stored: that is said", async () => {
  await login();
  idp.slow(undefined);
  const waiting = home.start(["whoami", "--refresh"]);
  const calls = () => idp.tokenRequests("refresh_token");
  const before = calls();
  const given = idp.refreshTokens.length;
  await eventually(calls, (count) => count > before);
  const { pid } = await home.daemon();
  process.kill(pid, "SIGKILL");
  await waiting.done;
  // The provider does its work only now, and rotates for nobody.
  idp.slow(0);
  await eventually(
    () => idp.refreshTokens.length,
    (count) => count > given,
  );
  const { code, stderr } = await home.hoopx(["whoami", "--refresh"]);
  expect(code).toBe(4);
  expect(stderr).toContain("cut off between the provider's answer and its being stored");
  expect(stderr).toContain("hint: hoopx login\n");
});

test("logged out, or never in where an issuer is set: exit 4 and the command to run", async () => {
  await login();
  const out = await home.json<readonly LogoutView[]>(["logout"]);
  expect(out).toMatchObject([{ profile: "default", revoked: true, identity: { subject: "ada" } }]);
  const refused = await home.hoopx(["run", "--", process.execPath, "-e", "0"]);
  expect(refused.code).toBe(4);
  const hint = "hoopx login, or hoopx logout --forget to run without a login";
  expect(refused.stderr).toBe(`error: you are not logged in\nhint: ${hint}\n`);
  expect((await home.hoopx(["whoami"])).code).toBe(4);
  const json = await home.hoopx(["whoami", "--json"]);
  expect(JSON.parse(json.stdout).error).toMatchObject({
    code: "login_needed",
    hint,
  });
  await home.hoopx(["logout", "--forget"]);
  expect((await home.hoopx(["run", "--", process.execPath, "-e", "0"])).code).toBe(0);
});

test("a denial exits 3, and Ctrl-C 130 with nothing changed", async () => {
  const denied = home.start(loginArgs());
  await idp.deny(await codeOf(denied));
  const { code, stdout } = await denied.done;
  expect(code).toBe(3);
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "").error.code).toBe("login_denied");
  const left = home.start(loginArgs());
  const userCode = await codeOf(left);
  left.child.kill("SIGINT");
  expect((await left.done).code).toBe(130);
  await idp.approve(userCode);
  expect((await home.hoopx(["whoami"])).code).toBe(4);
});
