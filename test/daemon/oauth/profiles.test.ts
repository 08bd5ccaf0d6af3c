import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type IdentityProvider, startIdentityProvider } from "../../support/identity-provider.js";
import { openRoom, type Room, system } from "./room.js";

let idp: IdentityProvider;
let other: IdentityProvider;
let room: Room;

beforeAll(async () => {
  idp = await startIdentityProvider();
  other = await startIdentityProvider();
});
afterAll(async () => {
  await idp.close();
  await other.close();
});
beforeEach(() => {
  room = openRoom();
});
afterEach(() => room.remove());

const file = () => join(room.folder, "profiles.yaml");

test("what flags say once is remembered; a token is not among it", async () => {
  const given = { issuer: idp.issuer, clientId: idp.clientId, groupsClaim: "realm.access.roles" };
  await room.login(idp, { given });
  const text = readFileSync(file(), "utf8");
  expect(text).toContain(`    issuer: ${idp.issuer}
    clientId: hoopx-cli
    groupsClaim: realm.access.roles
    secretStore: keychain
`);
  expect(text).not.toContain(idp.refreshTokens.at(-1));
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  const { claimed } = await room.login(idp, { given: {} });
  expect(claimed.identity.groups).toEqual(["admin", "reader"]);
});

test("what an organisation sets is not copied into the profile, and a change of it counts", async () => {
  const organisation = openRoom({ configured: { issuer: idp.issuer, clientId: idp.clientId } });
  await organisation.login(idp, { given: {} });
  expect(readFileSync(join(organisation.folder, "profiles.yaml"), "utf8")).not.toContain("issuer");
  expect(await organisation.oauth.forSession({})).toMatchObject({ subject: "ada" });
  await expect(
    organisation.oauth.forSession({ defaults: { issuer: other.issuer } }),
  ).rejects.toMatchObject({
    problem: "login_needed",
    message: expect.stringContaining(`is logged in at ${idp.issuer}`),
  });
  organisation.remove();
});

test("a groups claim that is changed by hand counts from the next session", async () => {
  await room.login(idp);
  const text = readFileSync(file(), "utf8");
  writeFileSync(
    file(),
    text.replace("secretStore", "groupsClaim: realm.access.roles\n    secretStore"),
  );
  expect(await room.oauth.forSession({})).toMatchObject({ groups: ["admin", "reader"] });
});

test("several profiles, each at its own provider, none in the way of the others", async () => {
  await room.login(idp);
  const given = { issuer: other.issuer, clientId: other.clientId };
  await room.login(other, { profile: "work", given, account: "bob" });
  expect(await room.oauth.forSession({})).toMatchObject({ subject: "ada", profile: "default" });
  expect(await room.oauth.forSession({ profile: "work" })).toMatchObject({
    issuer: other.issuer,
    subject: "bob",
    profile: "work",
  });
  expect(await room.oauth.profileNames()).toEqual(["default", "work"]);
  expect([...room.keychain.texts.keys()].sort()).toEqual(["login.default", "login.work"]);
});

test("a login elsewhere under the same name forgets what belonged to the provider before", async () => {
  const given = { issuer: idp.issuer, clientId: idp.clientId, groupsClaim: "realm.access.roles" };
  await room.login(idp, { given });
  await room.login(other, { given: { issuer: other.issuer, clientId: other.clientId } });
  expect(readFileSync(file(), "utf8")).not.toContain("realm.access.roles");
  expect(await room.oauth.forSession({})).toMatchObject({ groups: ["engineering", "leads"] });
});

test("a login with another store leaves nothing in the one before", async () => {
  await room.login(idp);
  await room.login(idp, { secretStore: "file" });
  expect([...room.keychain.texts.keys()]).toEqual([]);
  expect([...room.file.texts.keys()]).toEqual(["login.default"]);
  expect((await room.another().whoami({})).kept).toBe("file");
});

test("the usual profile may be another by configuration", async () => {
  const work = openRoom({ profile: "work" });
  await expect(work.oauth.forSession({})).rejects.toMatchObject({ problem: "login_needed" });
  await work.login(idp);
  expect(await work.oauth.forSession({})).toMatchObject({ profile: "work" });
  work.remove();
});

test("a provider without refresh tokens: the login is in memory, and ends with its token", async () => {
  const given = { issuer: idp.issuer, clientId: idp.clientId, scope: "openid email profile" };
  await room.login(idp, { given });
  expect(room.keychain.texts.size).toBe(0);
  expect((await room.oauth.whoami({})).kept).toBe("memory");
  expect(await room.oauth.forSession({})).toMatchObject({ subject: "ada" });
  room.passed = 3_601_000;
  await expect(room.oauth.forSession({})).rejects.toMatchObject({ problem: "login_needed" });
  await expect(room.another().forSession({})).rejects.toMatchObject({ problem: "login_needed" });
});

test("claims that only the userinfo endpoint has are fetched from there", async () => {
  const lean = await startIdentityProvider({ lean: true });
  const { claimed } = await room.login(lean);
  expect(claimed.identity).toMatchObject({
    email: "ada@example.com",
    groups: ["engineering", "leads"],
  });
  await lean.close();
});

test("logout revokes and forgets; what flags said stays for the next login", async () => {
  await room.login(idp);
  const token = idp.refreshTokens.at(-1) ?? "";
  const out = await room.oauth.signOut("default");
  expect(out).toMatchObject({ revoked: true, note: null, identity: { subject: "ada" } });
  expect(idp.calls.at(-1)?.form.get("token")).toBe(token);
  expect(room.keychain.texts.size).toBe(0);
  await expect(room.oauth.whoami({})).rejects.toMatchObject({ problem: "login_needed" });
  await expect(room.oauth.forSession({})).rejects.toMatchObject({
    hint: "hoopx login, or hoopx logout --forget to run without a login",
  });
  await room.login(idp, { given: {} });
  expect(await room.oauth.signOut("work")).toMatchObject({ identity: null, revoked: false });
});

test("a logout that forgets leads back to the system's user, unless a setting names an issuer", async () => {
  await room.login(idp);
  expect(await room.oauth.signOut("default")).toMatchObject({ settingsKept: true });
  expect(await room.oauth.signOut("default", { forget: true })).toMatchObject({
    identity: null,
    settingsKept: false,
  });
  expect(await room.oauth.forSession({})).toBe(system);
  expect(await room.another().forSession({})).toBe(system);
  await room.login(idp);
  const out = await room.oauth.signOut("default", { forget: true });
  expect(out).toMatchObject({ revoked: true, settingsKept: false });
  expect(await room.oauth.forSession({})).toBe(system);
  const named = room.oauth.forSession({ defaults: { issuer: idp.issuer } });
  await expect(named).rejects.toMatchObject({ problem: "login_needed" });
  await expect(named).rejects.not.toMatchObject({ hint: expect.stringContaining("--forget") });
});

test("logout forgets even where the provider is down", async () => {
  const mortal = await startIdentityProvider();
  await room.login(mortal);
  await mortal.stop();
  const out = await room.another().signOut("default");
  expect(out).toMatchObject({ revoked: false, identity: { subject: "ada" } });
  expect(out.note).toContain("cannot be reached");
  expect(room.keychain.texts.size).toBe(0);
  await room.oauth.signOut("default");
  await expect(room.oauth.whoami({})).rejects.toMatchObject({ problem: "login_needed" });
});

test("logout during a renewal ends with nobody logged in", async () => {
  await room.login(idp);
  idp.slow(100);
  const renewal = room.oauth.forSession({});
  renewal.catch(() => undefined);
  const calls = idp.calls.length;
  while (idp.calls.length === calls) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await room.oauth.signOut("default")).toMatchObject({ revoked: true });
  idp.slow(0);
  await renewal.catch(() => undefined);
  expect(room.keychain.texts.size).toBe(0);
  await expect(room.oauth.forSession({})).rejects.toMatchObject({ problem: "login_needed" });
});

test("a file that is not understood stops sessions, with its place", async () => {
  writeFileSync(file(), "profiles:\n  default: { isuer: https://id.example.com }\n");
  await expect(room.oauth.forSession({})).rejects.toMatchObject({
    problem: "bad_request",
    message: expect.stringContaining(
      "profiles.yaml:2:14: no setting profiles.default.isuer; did you mean issuer?",
    ),
  });
  writeFileSync(file(), "profiles:\n  - [\n");
  await expect(room.oauth.forSession({})).rejects.toThrow("profiles.yaml:");
  writeFileSync(file(), "# nothing\n");
  expect(await room.oauth.forSession({})).toBe(system);
});

test("a profile's name is checked before it names a file", async () => {
  for (const profile of ["../evil", "Work", "a b", ""]) {
    await expect(room.oauth.forSession({ profile })).rejects.toMatchObject({
      problem: "bad_request",
    });
  }
  expect(existsSync(file())).toBe(false);
});

test("what a store has that is no login counts as none, and is said", async () => {
  await room.login(idp);
  room.keychain.texts.set("login.default", '{"refreshToken":"secret-thing"');
  await expect(room.another().forSession({})).rejects.toMatchObject({ problem: "login_needed" });
  expect(room.warnings.join()).toContain("cannot be read");
  expect(room.warnings.join()).not.toContain("secret-thing");
});

test("a keychain that is locked at logout keeps the login findable: unlocked, it can be ended", async () => {
  await room.login(idp);
  room.keychain.locked = true;
  await expect(room.oauth.signOut("default")).rejects.toMatchObject({ fault: "locked" });
  room.keychain.locked = false;
  expect(await room.oauth.signOut("default")).toMatchObject({ revoked: true });
  expect(room.keychain.texts.size).toBe(0);
});

test("a login that the keychain will not take leaves the one before as it was", async () => {
  await room.login(idp);
  const before = new Map(room.keychain.texts);
  room.keychain.full = true;
  await expect(room.login(idp, { account: "bob" })).rejects.toMatchObject({ fault: "unwritable" });
  room.keychain.full = false;
  expect(room.keychain.texts).toEqual(before);
  expect(await room.oauth.forSession({})).toMatchObject({ subject: "ada" });
});

test("two daemons that log in at once keep both profiles", async () => {
  const given = { issuer: idp.issuer, clientId: idp.clientId };
  const first = room.oauth;
  await Promise.all(
    ["a", "b", "c", "d"].map(async (profile, at) => {
      const daemon = at % 2 === 0 ? first : room.another();
      const begun = await daemon.signIn({ profile, given, way: { kind: "device" } });
      await idp.approve((begun.show as { userCode: string }).userCode);
      await begun.finish(new AbortController().signal);
    }),
  );
  expect([...(await first.profileNames())].sort()).toEqual(["a", "b", "c", "d"]);
});
