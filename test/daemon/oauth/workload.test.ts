import { generateKeyPairSync } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Secret } from "../../../src/daemon/model/secret.js";
import type { SignInRequest } from "../../../src/daemon/oauth/sign-in.js";
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
  // No keychain is needed, and none is touched.
  room.keychain.locked = true;
});
afterEach(() => room.remove());

async function signIn(way: SignInRequest["way"], more: Partial<SignInRequest> = {}) {
  const given = { issuer: idp.issuer, audience: "hoopx" };
  const begun = await room.oauth.signIn({ given, way, ...more });
  expect(begun.show).toBeUndefined();
  return begun.finish(never);
}

const file = () => join(room.folder, "token");
const written = () =>
  readdirSync(room.folder).filter((name) => name !== "token" && !name.endsWith(".lock"));

test("an ID token in a file: the subject and groups are its own, and nothing is written", async () => {
  writeFileSync(file(), `${await idp.workloadToken({ groups: ["ci"] })}\n`);
  const { claimed } = await signIn({ kind: "id-token-file", file: file() });
  const identity = {
    issuer: idp.issuer,
    subject: "system:serviceaccount:ci:agent",
    email: null,
    groups: ["ci"],
    profile: "default",
  };
  expect(claimed.identity).toEqual(identity);
  expect(await room.oauth.forSession({})).toEqual(identity);
  expect(written()).toEqual([]);
});

test("the file is read anew for each session, so a rotated token is taken up, and one that ran out is not", async () => {
  writeFileSync(file(), await idp.workloadToken());
  await signIn({ kind: "id-token-file", file: file() });
  writeFileSync(file(), await idp.workloadToken({ groups: ["later"] }));
  expect(await room.oauth.forSession({})).toMatchObject({ groups: ["later"] });
  const past = Math.floor(Date.now() / 1000);
  writeFileSync(file(), await idp.workloadToken({ iat: past - 7200, exp: past - 3600 }));
  await expect(room.oauth.forSession({})).rejects.toMatchObject({
    problem: "login_needed",
    message: "the ID token ran out 60 min ago",
  });
});

test("saved, a workload is known after a restart; else it is not", async () => {
  writeFileSync(file(), await idp.workloadToken());
  await signIn({ kind: "id-token-file", file: file() });
  await expect(room.another().whoami({})).rejects.toMatchObject({ problem: "login_needed" });
  await signIn({ kind: "id-token-file", file: file() }, { save: true });
  expect(await room.another().forSession({})).toMatchObject({
    subject: "system:serviceaccount:ci:agent",
  });
  expect(written()).toEqual(["profiles.yaml"]);
});

test("an ID token from a variable holds until it runs out, by the monotonic clock", async () => {
  const token = new Secret(await idp.workloadToken());
  await signIn({ kind: "id-token", token });
  expect(await room.oauth.forSession({})).toMatchObject({ profile: "default" });
  room.passed = 540_000;
  room.wall = 3_600_000;
  await expect(room.oauth.forSession({})).rejects.toMatchObject({ problem: "login_needed" });
  await expect(signIn({ kind: "id-token", token }, { save: true })).rejects.toMatchObject({
    problem: "login_needed",
  });
});

test("the job token of GitHub Actions", async () => {
  const { requestUrl, requestToken } = idp.github;
  const way = {
    kind: "github-actions",
    requestUrl,
    requestToken: new Secret(requestToken),
  } as const;
  const { claimed } = await signIn(way);
  expect(claimed.identity.subject).toBe("repo:acme/shop:ref:refs/heads/main");
  // What asks for such tokens is kept from the agent.
  const digests = { ASKS: new Secret(requestToken).digest().toString("hex"), OTHER: "00" };
  expect(room.oauth.holders(digests)).toEqual(["ASKS"]);
  await expect(signIn({ ...way, requestToken: new Secret("wrong") })).rejects.toMatchObject({
    problem: "identity_provider_refused",
  });
  await expect(
    signIn({ ...way, requestUrl: "http://actions.example/token" }),
  ).rejects.toMatchObject({ problem: "bad_request" });
});

test("a client's own key, PEM or JWK (private_key_jwt)", async () => {
  const { createPrivateKey } = await import("node:crypto");
  const pem = createPrivateKey({ key: idp.workloadKey as never, format: "jwk" }).export({
    type: "pkcs8",
    format: "pem",
  });
  for (const text of [JSON.stringify(idp.workloadKey), pem.toString()]) {
    writeFileSync(file(), text);
    const given = { issuer: idp.issuer, clientId: idp.workloadClientId };
    const { claimed, tokens } = await signIn({ kind: "client-key", keyFile: file() }, { given });
    expect(claimed.identity).toMatchObject({ subject: "hoopx-ci", email: null, groups: [] });
    expect(tokens.access?.deadline.left()).toBeGreaterThan(3_500);
  }
  expect(written()).toEqual([]);
});

test.each([
  ["nothing", ""],
  ["no key", "hello"],
  [
    "a public key",
    generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }),
  ],
])("a key file with %s says so and quotes nothing", async (_, text) => {
  writeFileSync(file(), text);
  const given = { issuer: idp.issuer, clientId: idp.workloadClientId };
  const thrown = await signIn({ kind: "client-key", keyFile: file() }, { given }).catch(
    (error) => error,
  );
  expect(thrown).toMatchObject({ problem: "bad_request" });
  expect(String(thrown.message)).toContain("holds no private key");
  expect(String(thrown.message)).not.toContain("PUBLIC KEY");
});

test.each([
  ["another audience's", { aud: "somebody-else" }, "is not for hoopx"],
  ["one from the future", { iat: Math.floor(Date.now() / 1000) + 600 }, "10 min behind"],
  ["without a subject", { sub: "" }, "lacks iat, exp or sub"],
])("a token that is %s is not believed", async (_, claims, message) => {
  writeFileSync(file(), await idp.workloadToken(claims));
  await expect(signIn({ kind: "id-token-file", file: file() })).rejects.toThrow(message);
});

test("a forged token is not believed, nor one of no signature at all", async () => {
  const [head, , signature] = (await idp.workloadToken()).split(".");
  const payload = Buffer.from(
    JSON.stringify({ iss: idp.issuer, aud: "hoopx", sub: "root", iat: 1, exp: 9e9 }),
  ).toString("base64url");
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  for (const token of [
    `${head}.${payload}.${signature}`,
    `${none}.${payload}.`,
    "not.a.token",
    "x",
  ]) {
    writeFileSync(file(), token);
    await expect(signIn({ kind: "id-token-file", file: file() })).rejects.toMatchObject({
      problem: "identity_provider_refused",
    });
  }
});

test("a file that is not there, is empty, or is none such", async () => {
  await expect(signIn({ kind: "id-token-file", file: "/nowhere/token" })).rejects.toThrow(
    "/nowhere/token, cannot be read (ENOENT)",
  );
  writeFileSync(file(), "\n");
  await expect(signIn({ kind: "id-token-file", file: file() })).rejects.toThrow("is empty");
  writeFileSync(file(), "x".repeat(70_000));
  await expect(signIn({ kind: "id-token-file", file: file() })).rejects.toThrow("too long");
});
