import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../../support/home.js";
import { type IdentityProvider, startIdentityProvider } from "../../support/identity-provider.js";
import { openRoom, type Room, system } from "./room.js";

let idp: IdentityProvider;
let room: Room;

beforeEach(async () => {
  idp = await startIdentityProvider();
  room = openRoom();
});
afterEach(async () => {
  await idp.close();
  room.remove();
});

const renewals = () => idp.tokenRequests("refresh_token");
const refresh = { begunSince: Number.POSITIVE_INFINITY };
const storedToken = () =>
  JSON.parse(room.keychain.texts.get("login.default") ?? "{}").refreshToken as string;
const marks = () =>
  existsSync(join(room.folder, "logins")) ? readdirSync(join(room.folder, "logins")) : [];

test("a renewal rotates the stored token and tells what changed at the provider", async () => {
  await room.login(idp);
  const first = storedToken();
  idp.setAccount("ada", { email: "ada@new.example", name: "Ada", groups: ["auditors"] });
  const { login } = await room.oauth.whoami({}, refresh);
  expect(login.claimed.identity).toMatchObject({ email: "ada@new.example", groups: ["auditors"] });
  expect(storedToken()).not.toBe(first);
  expect(storedToken()).toBe(idp.refreshTokens.at(-1));
  expect(marks()).toEqual([]);
});

test("32 at once are one request, and so is one that comes just after", async () => {
  await room.login(idp);
  await Promise.all(Array.from({ length: 32 }, () => room.oauth.whoami({}, refresh)));
  await room.oauth.whoami({}, refresh);
  expect(renewals()).toBe(1);
  room.passed = 6_000;
  await room.oauth.whoami({}, refresh);
  expect(renewals()).toBe(2);
});

test("one that began after the command that asks will do, however long ago it ended", async () => {
  await room.login(idp);
  const asked = performance.now();
  await room.oauth.whoami({}, refresh);
  room.passed = 60_000;
  await room.oauth.whoami({}, { begunSince: asked });
  expect(renewals()).toBe(1);
});

test("two daemons on one entry: each renews in turn, and the login lives", async () => {
  await room.login(idp);
  const other = room.another();
  for (let round = 0; round < 3; round += 1) {
    room.passed += 6_000;
    await Promise.all([room.oauth.whoami({}, refresh), other.whoami({}, refresh)]);
  }
  expect(renewals()).toBe(6);
  expect(storedToken()).toBe(idp.refreshTokens.at(-1));
  expect(room.warnings).toEqual([]);
});

test("a stale invalid_grant never deletes a newer token: it is read again, and sent", async () => {
  let newer: string | undefined;
  const lucky = openRoom({
    async fetch(input, init) {
      if (newer === undefined || !String(input).endsWith("/token")) return fetch(input, init);
      // Somebody without our lock stores the newer token while the older is on its way.
      lucky.keychain.texts.set("login.default", newer);
      newer = undefined;
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    },
  });
  await lucky.login(idp);
  const stale = lucky.keychain.texts.get("login.default") ?? "";
  await lucky.oauth.whoami({}, refresh);
  newer = lucky.keychain.texts.get("login.default");
  lucky.keychain.texts.set("login.default", stale);
  expect(await lucky.another().forSession({})).toMatchObject({ subject: "ada" });
  expect(lucky.warnings).toEqual([]);
  lucky.remove();
});

test("a token that somebody used before us ends the login, and that is said", async () => {
  await room.login(idp);
  const stale = room.keychain.texts.get("login.default") ?? "";
  await room.oauth.whoami({}, refresh);
  // A copy of the keychain, or a home restored from one.
  room.keychain.texts.set("login.default", stale);
  await expect(room.another().forSession({})).rejects.toMatchObject({
    problem: "login_needed",
    message: expect.stringContaining("does not accept it any more"),
  });
  expect(room.warnings.join()).toContain("is over");
});

test("revoked at the provider: it is said, forgotten, and nobody's session begins", async () => {
  await room.login(idp);
  await idp.revokeAll();
  await expect(room.oauth.forSession({})).rejects.toMatchObject({
    problem: "login_needed",
    message: expect.stringContaining("ada@example.com"),
    hint: "hoopx login",
  });
  expect(room.keychain.texts.size).toBe(0);
  await expect(room.oauth.forSession({})).rejects.toMatchObject({ problem: "login_needed" });
});

test("a provider that is down or hangs loses nothing: no session begins until it is back", async () => {
  await room.login(idp);
  await idp.stop();
  await expect(room.oauth.forSession({})).rejects.toMatchObject({
    problem: "identity_provider_unavailable",
  });
  expect(marks()).toEqual([]);
  await idp.start();
  expect(await room.oauth.forSession({})).toMatchObject({ subject: "ada" });
});

test("a provider that hangs is given up in time, at discovery, renewal and revocation", async () => {
  const hurried = openRoom({ limits: { discovery: 0.3, request: 0.3 } });
  await hurried.login(idp);
  idp.slow(undefined);
  const unavailable = {
    problem: "identity_provider_unavailable",
    message: expect.stringContaining("does not answer in time"),
  };
  await expect(hurried.oauth.forSession({})).rejects.toMatchObject(unavailable);
  await expect(hurried.another().forSession({})).rejects.toMatchObject(unavailable);
  const out = await hurried.oauth.signOut("default");
  expect(out.note).toContain("does not answer in time");
  expect(hurried.keychain.texts.size).toBe(0);
  idp.slow(0);
  hurried.remove();
});

test("a slow provider is waited for, and a stop waits for what is under way", async () => {
  await room.login(idp);
  idp.slow(300);
  const renewal = room.oauth.forSession({});
  await eventually(renewals, (count) => count === 1);
  await room.oauth.settled();
  expect(storedToken()).toBe(idp.refreshTokens.at(-1));
  expect(marks()).toEqual([]);
  expect(await renewal).toMatchObject({ subject: "ada" });
});

test("a reply that is lost after the provider has rotated is told as what it is", async () => {
  await room.login(idp);
  idp.loseReplies(true);
  await expect(room.oauth.forSession({})).rejects.toMatchObject({
    problem: "identity_provider_unavailable",
  });
  expect(marks()).toEqual(["default.renewing"]);
  idp.loseReplies(false);
  await expect(room.oauth.forSession({})).rejects.toMatchObject({
    problem: "login_needed",
    message: expect.stringContaining("cut off between the provider's answer and its being stored"),
  });
  expect(room.warnings.join("\n")).toContain("has no known end");
  expect(marks()).toEqual([]);
});

test("a mark whose token was not rotated after all is no loss", async () => {
  await room.login(idp);
  await idp.stop();
  idp.slow(0);
  const { generation } = JSON.parse(room.keychain.texts.get("login.default") ?? "");
  const { createRenewalMarks } = await import("../../../src/daemon/oauth/renewal-marks.js");
  await createRenewalMarks(join(room.folder, "logins")).set("default", generation);
  await idp.start();
  expect(await room.oauth.forSession({})).toMatchObject({ subject: "ada" });
  expect(marks()).toEqual([]);
});

test("what the keychain will not take is kept in memory, said, and stored as soon as it can be", async () => {
  await room.login(idp);
  const before = storedToken();
  room.keychain.full = true;
  const { note } = await room.oauth.whoami({}, refresh);
  expect(note).toContain("not stored yet");
  expect(storedToken()).toBe(before);
  // A daemon that is killed now would find the mark.
  expect(marks()).toEqual(["default.renewing"]);
  room.keychain.full = false;
  expect(await room.oauth.forSession({})).toMatchObject({ subject: "ada" });
  expect(storedToken()).toBe(idp.refreshTokens.at(-1));
  expect((await room.oauth.whoami({})).note).toBeNull();
});

test("a rotated key is fetched, however lately the keys were read", async () => {
  await room.login(idp);
  await idp.rotateKeys();
  expect(await room.oauth.forSession({})).toMatchObject({ subject: "ada" });
});

test.each([
  [60_000, true],
  [-60_000, true],
  [600_000, false],
  [-600_000, false],
])("a provider whose clock is %i ms off", async (skew, fine) => {
  await room.login(idp);
  idp.skew(skew);
  const asked = room.oauth.forSession({});
  if (fine) expect(await asked).toMatchObject({ subject: "ada" });
  else {
    await expect(asked).rejects.toMatchObject({
      problem: "clock_skewed",
      message: expect.stringMatching(/clock is 10 min (ahead of|behind) that of/),
    });
    // The token of that reply is the newest all the same, and is kept.
    expect(storedToken()).toBe(idp.refreshTokens.at(-1));
    idp.skew(0);
    expect(await room.oauth.forSession({})).toMatchObject({ subject: "ada" });
  }
});

test("a restarted daemon knows who is logged in, without asking anybody", async () => {
  await room.login(idp);
  const calls = idp.calls.length;
  const { login, kept, access } = await room.another().whoami({});
  expect(login.claimed.identity.subject).toBe("ada");
  expect({ kept, access }).toEqual({ kept: "keychain", access: null });
  expect(idp.calls.length).toBe(calls);
});

test("access tokens and ID tokens are in no file and no store", async () => {
  const { tokens } = await room.login(idp);
  const everything = [...room.keychain.texts.values(), ...room.warnings].join("\n");
  expect(everything).not.toContain(tokens.access?.token.reveal());
  expect(everything).not.toContain(tokens.id?.token.reveal());
});

test("where nothing configures an identity, sessions are the operating system's user's", async () => {
  expect(await room.oauth.forSession({})).toBe(system);
  await expect(room.oauth.forSession({ defaults: { issuer: idp.issuer } })).rejects.toMatchObject({
    problem: "login_needed",
    hint: "hoopx login",
  });
  await expect(room.oauth.forSession({ profile: "work" })).rejects.toMatchObject({
    problem: "login_needed",
    hint: "hoopx login --issuer URL --client-id ID --profile work",
  });
});
