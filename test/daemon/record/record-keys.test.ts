import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { Secret } from "../../../src/daemon/model/secret.js";
import { createRecordKeys } from "../../../src/daemon/record/record-keys.js";
import type { SecretStore } from "../../../src/daemon/secrets/secret-store.js";
import { temporaryFolder } from "../store/temporary-folder.js";

let folder: string;
let kept: Record<"keychain" | "file", Map<string, Secret>>;

beforeEach(() => {
  folder = temporaryFolder();
  kept = { keychain: new Map(), file: new Map() };
});

function keysWith(usual: "keychain" | "file", known?: "keychain" | "file") {
  const storeOf = (name: "keychain" | "file"): SecretStore => ({
    name,
    get: async (key) => kept[name].get(key),
    set: async (key, secret) => void kept[name].set(key, secret),
    delete: async (key) => void kept[name].delete(key),
  });
  const stores = { keychain: storeOf("keychain"), file: storeOf("file") };
  return createRecordKeys({ folder, stores, usual, known: () => known });
}

test("the file's key stays in the store that it was made in, until the file is plain", async () => {
  expect(await keysWith("file").ofFile(false)).toBeUndefined();
  const key = await keysWith("file").ofFile(true);
  expect(key).toHaveLength(32);
  expect(await keysWith("keychain").ofFile(true)).toEqual(key);
  // To be decrypted, it is opened with its key.
  expect(await keysWith("keychain").ofFile(false)).toEqual(key);
  expect(kept.keychain.size).toBe(0);
  keysWith("keychain").fileIsPlain();
  expect(await keysWith("keychain").ofFile(false)).toBeUndefined();
});

test("a key that its store does not have any more is not made again", async () => {
  await keysWith("file").ofFile(true);
  kept.file.clear();
  await expect(keysWith("file").ofFile(true)).rejects.toThrow(/no record-store-key/);
  expect(existsSync(join(folder, "record-encrypted.json"))).toBe(true);
});

test("the signing key goes to a store that is known to work, and is found there later", async () => {
  expect(keysWith("keychain").hasSigner()).toBe(false);
  const { signer } = await keysWith("keychain", "file").openVault();
  const note = JSON.parse(readFileSync(join(folder, "record-key.json"), "utf8"));
  expect(note).toEqual({ store: "file", publicKey: signer.publicKey.toString("hex") });
  const again = await keysWith("keychain", "keychain").openVault();
  expect(again.signer.publicKey).toEqual(signer.publicKey);
  expect(keysWith("keychain").hasSigner()).toBe(true);
});

test("a note that cannot be read is said, and no second key is made", async () => {
  writeFileSync(join(folder, "record-encrypted.json"), "{");
  await expect(keysWith("file").ofFile(true)).rejects.toThrow(
    /record-encrypted.json cannot be read/,
  );
  expect(kept.file.size).toBe(0);
});
