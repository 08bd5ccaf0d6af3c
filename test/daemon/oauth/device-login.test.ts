import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { DeviceCode } from "../../../src/daemon/oauth/device-login.js";
import { eventually } from "../../support/home.js";
import { type IdentityProvider, startIdentityProvider } from "../../support/identity-provider.js";
import { openRoom, type Room } from "./room.js";

let idp: IdentityProvider;
let room: Room;
const never = new AbortController().signal;

beforeAll(async () => {
  idp = await startIdentityProvider();
});
afterAll(() => idp.close());
beforeEach(() => {
  room = openRoom();
});
afterEach(() => room.remove());

const begin = () =>
  room.oauth.signIn({
    given: { issuer: idp.issuer, clientId: idp.clientId },
    way: { kind: "device" },
  });

test("a code is shown, and who approves it is logged in, e-mail and groups included", async () => {
  const begun = await begin();
  const code = begun.show as DeviceCode;
  expect(code.userCode).toMatch(/^[A-Z-]{8,}$/);
  expect(code.verificationUri).toBe(`${idp.issuer}/device`);
  expect(code.verificationUriComplete).toBe(`${idp.issuer}/device?user_code=${code.userCode}`);
  expect(code.expiresIn).toBe(600);
  await idp.approve(code.userCode);
  const login = await begun.finish(never);
  expect(login.claimed).toEqual({
    identity: {
      issuer: idp.issuer,
      subject: "ada",
      email: "ada@example.com",
      groups: ["engineering", "leads"],
      profile: "default",
    },
    name: "Ada Lovelace",
  });
  expect([...room.keychain.texts.keys()]).toEqual(["login.default"]);
});

test("a denial is said, and nothing is stored", async () => {
  const begun = await begin();
  await idp.deny((begun.show as DeviceCode).userCode);
  await expect(begun.finish(never)).rejects.toMatchObject({ problem: "login_denied" });
  expect(room.keychain.texts.size).toBe(0);
});

test("slow_down makes the polls five seconds slower, and no sooner", async () => {
  const begun = await begin();
  idp.slowDown(1);
  const polls = () => idp.tokenRequests("urn:ietf:params:oauth:grant-type:device_code");
  const before = polls();
  const finished = begun.finish(never);
  await eventually(polls, (count) => count > before);
  await idp.approve((begun.show as DeviceCode).userCode);
  const answered = performance.now();
  await finished;
  expect(performance.now() - answered).toBeGreaterThan(4_500);
  expect(polls()).toBe(before + 2);
});

test("a code that nobody enters runs out, by the monotonic clock", async () => {
  const short = await startIdentityProvider({ codeLifetime: 600 });
  const begun = await room.oauth.signIn({
    given: { issuer: short.issuer, clientId: short.clientId },
    way: { kind: "device" },
  });
  const finished = begun.finish(never);
  finished.catch(() => undefined);
  // A wall clock that jumps ahead changes nothing; time that has passed does.
  room.wall = 3_600_000;
  await eventually(
    () => short.tokenRequests(),
    (count) => count > 1,
  );
  room.passed = 601_000;
  await expect(finished).rejects.toMatchObject({ problem: "login_expired" });
  await short.close();
});

test("a code that the provider calls expired is over at once", async () => {
  const begun = await begin();
  idp.skew(601_000);
  await expect(begun.finish(never)).rejects.toMatchObject({ problem: "login_expired" });
  idp.skew(0);
});

test("a provider that goes away while the person types is asked again", async () => {
  let failures = 0;
  const patient = openRoom({
    async fetch(input, init) {
      try {
        return await fetch(input, init);
      } catch (error) {
        failures += 1;
        throw error;
      }
    },
  });
  const begun = await patient.oauth.signIn({
    given: { issuer: idp.issuer, clientId: idp.clientId },
    way: { kind: "device" },
  });
  await idp.stop();
  const finished = begun.finish(never);
  await eventually(
    () => failures,
    (count) => count >= 2,
  );
  await idp.start();
  await idp.approve((begun.show as DeviceCode).userCode);
  expect((await finished).claimed.identity.subject).toBe("ada");
  patient.remove();
});

test("a client that may not ask for the usual scopes asks for the least that serves", async () => {
  const given = { issuer: idp.issuer, clientId: idp.narrowClientId };
  const login = await room.login(idp, { given });
  expect(login.claimed.identity).toMatchObject({ subject: "ada", email: null });
  expect(login.upkeep).toEqual({ by: "refresh-token", store: "keychain" });
  await expect(
    room.login(idp, { given: { ...given, scope: "openid email" } }),
  ).rejects.toMatchObject({ message: expect.stringContaining("invalid_scope") });
});

test("given up, it polls no more and stores nothing", async () => {
  const begun = await begin();
  const leaving = new AbortController();
  const finished = begun.finish(leaving.signal);
  leaving.abort(new Error("left"));
  await expect(finished).rejects.toThrow();
  await idp.approve((begun.show as DeviceCode).userCode);
  expect(room.keychain.texts.size).toBe(0);
  await expect(room.oauth.whoami({})).rejects.toMatchObject({ problem: "login_needed" });
});

test("a store that cannot be used is told before the person is asked for anything", async () => {
  room.keychain.locked = true;
  const asked = idp.calls.length;
  await expect(begin()).rejects.toMatchObject({ fault: "locked" });
  expect(idp.calls.length).toBe(asked);
});

test.each([
  ["no issuer", {}, "no identity provider is set"],
  ["no client", { issuer: "http://127.0.0.1:1" }, "no client id is set for http://127.0.0.1:1"],
  ["http elsewhere", { issuer: "http://id.example.com", clientId: "x" }, "not an https URL"],
])("%s: a clear word", async (_, given, message) => {
  await expect(room.oauth.signIn({ given, way: { kind: "device" } })).rejects.toThrow(message);
});

test("an issuer that is not there, one that is none, and a client that it does not know", async () => {
  const signIn = (issuer: string, clientId = "hoopx-cli") =>
    room.oauth.signIn({ given: { issuer, clientId }, way: { kind: "device" } });
  await expect(signIn("http://127.0.0.1:9")).rejects.toMatchObject({
    problem: "identity_provider_unavailable",
  });
  await expect(signIn(`${idp.issuer}/nothing`)).rejects.toMatchObject({
    problem: "identity_provider_refused",
    message: expect.stringContaining("404"),
  });
  await expect(signIn(`http://localhost:${idp.port}`)).rejects.toMatchObject({
    problem: "identity_provider_refused",
    message: expect.stringContaining("another issuer"),
  });
  await expect(signIn(idp.issuer, "nobody")).rejects.toMatchObject({
    problem: "identity_provider_refused",
    message: expect.stringContaining("invalid_client"),
  });
});
