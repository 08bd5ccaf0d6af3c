import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Identity } from "../../../src/daemon/model/identity.js";
import { Secret } from "../../../src/daemon/model/secret.js";
import { type IdentityProvider, startIdentityProvider } from "../../support/identity-provider.js";
import { openRoom, type Room, system } from "./room.js";

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

const obtain = (
  identity: Identity,
  need: Parameters<Room["oauth"]["subjectTokens"]["obtain"]>[1],
) => room.oauth.subjectTokens.obtain(identity, need, never);

test("the ID token and the access token of the login, without a request while they are good", async () => {
  const { claimed } = await room.login(idp);
  const calls = idp.calls.length;
  const id = await obtain(claimed.identity, { kind: "id_token" });
  expect(decodeJwt(id.token.reveal())).toMatchObject({ sub: "ada", aud: "hoopx-cli" });
  expect(id.expiresAt?.getTime()).toBeGreaterThan(Date.now());
  const access = await obtain(claimed.identity, { kind: "access_token" });
  expect(access.kind).toBe("access_token");
  expect(idp.calls.length).toBe(calls);
});

test("`fresh` and a token that runs out soon make one renewal, however many ask", async () => {
  const { claimed } = await room.login(idp);
  const before = idp.tokenRequests("refresh_token");
  const asked = Array.from({ length: 8 }, () =>
    obtain(claimed.identity, { kind: "id_token", fresh: true }),
  );
  await Promise.all(asked);
  expect(idp.tokenRequests("refresh_token")).toBe(before + 1);
  room.passed = 3_590_000;
  await obtain(claimed.identity, { kind: "access_token" });
  expect(idp.tokenRequests("refresh_token")).toBe(before + 2);
});

test("an access token for an audience of its own (RFC 8707), kept as long as it is good", async () => {
  const audience = "https://gateway.example.com/";
  const given = {
    issuer: idp.issuer,
    clientId: idp.clientId,
    audience,
    scope: "openid offline_access api",
  };
  const { claimed } = await room.login(idp, { given });
  const need = { kind: "access_token", audience, scope: "api" } as const;
  const { token } = await obtain(claimed.identity, need);
  expect(decodeJwt(token.reveal())).toMatchObject({ aud: audience, sub: "ada", scope: "api" });
  const before = idp.tokenRequests();
  expect((await obtain(claimed.identity, need)).token.reveal()).toBe(token.reveal());
  expect(idp.tokenRequests()).toBe(before);
  await obtain(claimed.identity, { ...need, fresh: true });
  expect(idp.tokenRequests()).toBe(before + 1);
  // The login's own token is another.
  const own = await obtain(claimed.identity, { kind: "access_token" });
  expect(own.token.reveal()).not.toBe(token.reveal());
});

test("an audience that the login was not made for is refused before it could cost the login", async () => {
  const { claimed } = await room.login(idp);
  await expect(
    obtain(claimed.identity, { kind: "access_token", audience: "https://other.example.com/" }),
  ).rejects.toMatchObject({
    code: "credential_unavailable",
    hint: 'hoopx login --audience "https://other.example.com/"',
  });
  expect(await room.oauth.forSession({})).toMatchObject({ subject: "ada" });
});

test("never another person's: a profile that changed hands gives the old session nothing", async () => {
  const { claimed } = await room.login(idp);
  await room.login(idp, { account: "bob" });
  const need = { kind: "id_token" } as const;
  await expect(obtain(claimed.identity, need)).rejects.toMatchObject({
    code: "credential_unavailable",
    message: expect.stringContaining("belongs to another login"),
  });
  const other = { ...claimed.identity, issuer: "https://elsewhere.example" };
  await expect(obtain(other, need)).rejects.toMatchObject({ code: "credential_unavailable" });
});

test("the operating system's user, and a profile nobody is logged in under, have none", async () => {
  const need = { kind: "id_token" } as const;
  await expect(obtain(system, need)).rejects.toMatchObject({
    code: "credential_unavailable",
    hint: "hoopx login --issuer URL --client-id ID",
  });
  await expect(obtain({ ...system, profile: "work" }, need)).rejects.toMatchObject({
    code: "credential_unavailable",
  });
});

test("a restarted daemon goes on for the sessions that run; a locked keychain is told", async () => {
  const { claimed } = await room.login(idp);
  room.oauth = room.another();
  const { token } = await obtain(claimed.identity, { kind: "id_token" });
  expect(decodeJwt(token.reveal())).toMatchObject({ sub: "ada" });
  room.oauth = room.another();
  room.keychain.locked = true;
  await expect(obtain(claimed.identity, { kind: "id_token" })).rejects.toMatchObject({
    code: "credential_unavailable",
    hint: "unlock it",
  });
});

test("a workload's own ID token; an access token it does not have", async () => {
  const begun = await room.oauth.signIn({
    given: { issuer: idp.issuer, audience: "hoopx" },
    way: { kind: "id-token", token: new Secret(await idp.workloadToken()) },
  });
  const { claimed } = await begun.finish(never);
  const { token } = await obtain(claimed.identity, { kind: "id_token" });
  expect(decodeJwt(token.reveal())).toMatchObject({ aud: "hoopx" });
  for (const need of [{}, { audience: "https://x.example/" }]) {
    await expect(obtain(claimed.identity, { kind: "access_token", ...need })).rejects.toMatchObject(
      { code: "credential_unavailable" },
    );
  }
});
