import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { AuthorizationRequest } from "../../../src/daemon/oauth/sign-in.js";
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

async function begin() {
  const begun = await room.oauth.signIn({
    given: { issuer: idp.issuer, clientId: idp.clientId },
    way: { kind: "browser" },
  });
  const { authorizationUrl } = begun.show as AuthorizationRequest;
  const url = new URL(authorizationUrl);
  const finished = begun.finish(never);
  finished.catch(() => undefined);
  return { url, finished, returnTo: new URL(url.searchParams.get("redirect_uri") ?? "") };
}

test("PKCE, state and nonce; a browser that comes back is told that it is done", async () => {
  const { url, finished, returnTo } = await begin();
  expect(url.searchParams.get("code_challenge_method")).toBe("S256");
  for (const name of ["code_challenge", "state", "nonce"]) {
    expect(url.searchParams.get(name)?.length).toBeGreaterThan(40);
  }
  expect(returnTo.hostname).toBe("127.0.0.1");
  expect(returnTo.pathname).toBe("/callback");
  const page = await idp.browse(url.href, "bob");
  expect(page.status).toBe(200);
  expect(page.text).toContain("You are logged in");
  expect((await finished).claimed.identity).toMatchObject({
    subject: "bob",
    email: "bob@example.com",
    groups: ["support"],
  });
  expect(room.keychain.texts.size).toBe(1);
  // The page is gone with the login.
  await expect(fetch(returnTo)).rejects.toThrow();
});

test("who says no is told so, on the page and in the terminal", async () => {
  const { url, finished } = await begin();
  const page = await idp.browse(url.href, "nobody");
  expect(page.status).toBe(400);
  expect(page.text).toContain("denied");
  await expect(finished).rejects.toMatchObject({ problem: "login_denied" });
});

test("a reply without our state changes nothing: no page can end a login", async () => {
  const { url, finished, returnTo } = await begin();
  for (const query of ["", "?code=x", "?code=x&state=wrong", "?error=access_denied"]) {
    expect((await fetch(new URL(query, returnTo))).status).toBe(404);
  }
  expect((await idp.browse(url.href)).status).toBe(200);
  expect((await finished).claimed.identity.subject).toBe("ada");
});

test.each([
  [
    "another issuer's reply (RFC 9207)",
    (url: URL) => url.searchParams.set("iss", "https://evil.example"),
  ],
  [
    "a reply without iss, where the provider promised one",
    (url: URL) => url.searchParams.delete("iss"),
  ],
  ["a code that is not for this login", (url: URL) => url.searchParams.set("code", "stolen")],
])("%s is not believed", async (_, tamper) => {
  const { url, finished, returnTo } = await begin();
  const reply = new URL(returnTo);
  reply.searchParams.set("code", "some-code");
  reply.searchParams.set("state", url.searchParams.get("state") ?? "");
  reply.searchParams.set("iss", idp.issuer);
  tamper(reply);
  expect((await fetch(reply)).status).toBe(400);
  await expect(finished).rejects.toMatchObject({ problem: "identity_provider_refused" });
  expect(room.keychain.texts.size).toBe(0);
});

test("an ID token of another login (nonce) is not believed", async () => {
  const { url, finished } = await begin();
  url.searchParams.set("nonce", "another");
  expect((await idp.browse(url.href)).status).toBe(400);
  await expect(finished).rejects.toMatchObject({ problem: "identity_provider_refused" });
  expect(room.keychain.texts.size).toBe(0);
});

test("a code taken on its way is worth nothing without the verifier", async () => {
  const { url, finished } = await begin();
  url.searchParams.set("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  expect((await idp.browse(url.href)).status).toBe(400);
  await expect(finished).rejects.toMatchObject({
    problem: "identity_provider_refused",
    message: expect.stringContaining("invalid_grant"),
  });
});

test("given up, the page is closed", async () => {
  const begun = await room.oauth.signIn({
    given: { issuer: idp.issuer, clientId: idp.clientId },
    way: { kind: "browser" },
  });
  const url = new URL((begun.show as AuthorizationRequest).authorizationUrl);
  const leaving = new AbortController();
  const finished = begun.finish(leaving.signal);
  leaving.abort(new Error("left"));
  await expect(finished).rejects.toThrow("left");
  await expect(fetch(url.searchParams.get("redirect_uri") ?? "")).rejects.toThrow();
});
