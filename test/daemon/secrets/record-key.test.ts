import { createPublicKey, verify } from "node:crypto";
import { expect, test } from "vitest";
import { Secret } from "../../../src/daemon/model/secret.js";
import { openRecordKey } from "../../../src/daemon/secrets/record-key.js";
import type { SecretStore } from "../../../src/daemon/secrets/secret-store.js";

function storeOf(kept = new Map<string, Secret>()): SecretStore {
  return {
    name: "file",
    get: async (name) => kept.get(name),
    set: async (name, secret) => void kept.set(name, secret),
    delete: async (name) => void kept.delete(name),
  };
}

test("is made once, and signs as Ed25519 does", async () => {
  const store = storeOf();
  const made = await openRecordKey(store);
  const found = await openRecordKey(store);
  expect(found.publicKey).toEqual(made.publicKey);
  expect(made.publicKey).toHaveLength(32);
  const x = made.publicKey.toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const text = Buffer.from("a head");
  expect(verify(null, text, key, found.sign(text))).toBe(true);
});

test("something else in its place is said without showing it", async () => {
  const store = storeOf(new Map([["record-key", new Secret("c2VjcmV0")]]));
  const error = await openRecordKey(store).catch((thrown: Error) => thrown);
  expect(String(error)).toContain("is not an Ed25519 key");
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("c2VjcmV0");
});
