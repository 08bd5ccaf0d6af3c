import { inspect } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import { CredentialError, type OutgoingRequest } from "../../../src/daemon/credentials/source.js";
import { createStaticKeySource } from "../../../src/daemon/credentials/static-key.js";
import type { Connection } from "../../../src/daemon/model/connection.js";
import { Secret } from "../../../src/daemon/model/secret.js";
import { bindSecret } from "../../../src/daemon/secrets/bound-secret.js";
import { type SecretStore, SecretStoreError } from "../../../src/daemon/secrets/secret-store.js";

const key = "sk-live-0123456789";
const origin = "https://api.openai.com";
const identity = { issuer: "os:host", subject: "ann", email: null, groups: [], profile: null };
const { signal } = new AbortController();

const connection: Connection = {
  name: "openai",
  provider: "openai",
  origin,
  basePath: "/v1",
  credential: { kind: "static-key", secretStore: "keychain", secretName: "openai-1" },
  allowPrivateNetwork: false,
  createdAt: new Date(1),
  rotatedAt: null,
};

let texts: Map<string, Secret>;
let reads: string[];
let failure: SecretStoreError | undefined;
let gate: Promise<void>;

function storeNamed(name: SecretStore["name"]): SecretStore {
  return {
    name,
    async get(secretName) {
      reads.push(`${name} ${secretName}`);
      await gate;
      if (failure !== undefined) throw failure;
      return texts.get(secretName);
    },
    set: async () => undefined,
    delete: async () => undefined,
  };
}
const sourceOf = () =>
  createStaticKeySource({ stores: { keychain: storeNamed("keychain"), file: storeNamed("file") } });

beforeEach(() => {
  texts = new Map([["openai-1", bindSecret({ origin, value: new Secret(key) })]]);
  reads = [];
  failure = undefined;
  gate = Promise.resolve();
});

const requestTo = (to: string): OutgoingRequest => ({
  method: "POST",
  origin: to,
  path: "/v1/responses",
  headers: ["accept", "*/*"],
  body: new Uint8Array(),
});

async function errorOf(promise: Promise<unknown>): Promise<CredentialError> {
  const error = await promise.then(
    () => new Error("it succeeded"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CredentialError)) throw error;
  const shown = inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error);
  expect(shown + error.stack + error.hint).not.toContain(key);
  expect(error.hint).not.toBe("");
  return error;
}

test("puts the key on the request as the provider takes it", async () => {
  const credential = await sourceOf().obtain(connection, identity, signal);
  const request = requestTo(origin);
  await credential.apply(request);
  expect(request.headers).toEqual(["accept", "*/*", "authorization", `Bearer ${key}`]);
  expect(credential.sensitive).toEqual([key]);
  expect(credential.expiresAt).toBeUndefined();
  expect(inspect(credential, { depth: null })).not.toContain(key);
});

test("asks the store once, however many ask at once and later", async () => {
  const source = sourceOf();
  await Promise.all([1, 2, 3].map(() => source.obtain(connection, identity, signal)));
  await source.obtain(connection, identity, signal);
  expect(reads).toEqual(["keychain openai-1"]);
});

test("a rotated key is on the next request", async () => {
  const source = sourceOf();
  await source.obtain(connection, identity, signal);
  texts.set("openai-2", bindSecret({ origin, value: new Secret("sk-new") }));
  const credential = { ...connection.credential, secretName: "openai-2" };
  const rotated = { ...connection, credential, rotatedAt: new Date(2) };
  const obtained = await source.obtain(rotated, identity, signal);
  expect(obtained.sensitive).toEqual(["sk-new"]);
});

test("a key rotated under the same name is read again too", async () => {
  const source = sourceOf();
  await source.obtain(connection, identity, signal);
  texts.set("openai-1", bindSecret({ origin, value: new Secret("sk-new") }));
  const rotated = { ...connection, rotatedAt: new Date(2) };
  expect((await source.obtain(rotated, identity, signal)).sensitive).toEqual(["sk-new"]);
});

test("the store is the connection's own", async () => {
  const credential = { ...connection.credential, secretStore: "file" as const };
  await sourceOf().obtain({ ...connection, credential }, identity, signal);
  expect(reads).toEqual(["file openai-1"]);
});

describe("refuses", () => {
  test("a connection whose origin was edited", async () => {
    const moved = { ...connection, origin: "https://evil.example" };
    const { message, hint } = await errorOf(sourceOf().obtain(moved, identity, signal));
    expect(message).toContain(`bound to ${origin}`);
    expect(message).toContain("https://evil.example");
    expect(hint).toContain("rotate openai");
  });

  test("to put the key on a request to another origin", async () => {
    const credential = await sourceOf().obtain(connection, identity, signal);
    const request = requestTo("https://evil.example");
    await errorOf((async () => credential.apply(request))());
    expect(request.headers).toEqual(["accept", "*/*"]);
  });

  test("a missing key and a text that is none", async () => {
    texts.clear();
    expect((await errorOf(sourceOf().obtain(connection, identity, signal))).message).toBe(
      "the keychain has no key of connection openai",
    );
    for (const text of [key, JSON.stringify({ value: key }), `{"origin":1,"value":"${key}"}`]) {
      texts.set("openai-1", new Secret(text));
      const { message } = await errorOf(sourceOf().obtain(connection, identity, signal));
      expect(message).toContain("is not a key");
    }
  });

  test("a provider that it knows no header for", async () => {
    const other = { ...connection, provider: "constructor" };
    await errorOf(sourceOf().obtain(other, identity, signal));
  });
});

test("a failing store's reason and hint are passed on, and the next request tries anew", async () => {
  const source = sourceOf();
  failure = new SecretStoreError("locked", "the keychain is locked", "unlock it");
  const error = await errorOf(source.obtain(connection, identity, signal));
  expect(error).toMatchObject({ hint: "unlock it", cause: { fault: "locked" } });
  expect(error.message).toBe("the key of connection openai cannot be read: the keychain is locked");
  failure = undefined;
  expect((await source.obtain(connection, identity, signal)).sensitive).toEqual([key]);
});

test("a store that waits for its passphrase: the command that asks for it is named", async () => {
  failure = new SecretStoreError("passphrase-needed", "it is sealed by a passphrase", "set it");
  const { hint } = await errorOf(sourceOf().obtain(connection, identity, signal));
  expect(hint).toContain("hoopx connections test openai asks for the passphrase on a terminal");
  expect(hint).toContain("HOOPX_PASSPHRASE");
  failure = undefined;
});

test("one who leaves ends his wait and not the others'", async () => {
  let open = () => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  const source = sourceOf();
  const leaving = new AbortController();
  const left = source.obtain(connection, identity, leaving.signal);
  const stayed = source.obtain(connection, identity, signal);
  const reason = new Error("the client left");
  leaving.abort(reason);
  await expect(left).rejects.toBe(reason);
  open();
  expect((await stayed).sensitive).toEqual([key]);
  expect(reads).toHaveLength(1);
  await expect(source.obtain(connection, identity, leaving.signal)).rejects.toBe(reason);
});
