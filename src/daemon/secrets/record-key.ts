/**
 * Record key: what the record's heads are signed with, Ed25519, and what its
 * file is encrypted with where that is wanted; made once for an installation
 * and kept in its secret store. The record's file alone is not enough to sign
 * again what was changed in it, nor to read it.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";
import { Secret } from "../model/secret.js";
import type { SecretStore } from "./secret-store.js";

export interface RecordKey {
  /** Raw public key, 32 bytes. */
  readonly publicKey: Buffer;
  /** RFC 8032, 64 bytes. */
  sign(bytes: Buffer): Buffer;
}

const entry = "record-key";

/** Gets the key, making it where there is none; rejects as the secret store does. */
export async function openRecordKey(store: SecretStore): Promise<RecordKey> {
  const kept = await store.get(entry);
  if (kept !== undefined) return keyOf(privateKeyIn(kept));
  const { privateKey } = generateKeyPairSync("ed25519");
  const pkcs8 = privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");
  await store.set(entry, new Secret(pkcs8));
  return keyOf(privateKey);
}

const storeEntry = "record-store-key";

/** The 32 bytes that the record's file is encrypted with; `make`: where there are none, new ones. */
export async function openStoreKey(store: SecretStore, make: boolean): Promise<Buffer> {
  const kept = await store.get(storeEntry);
  if (kept !== undefined) return Buffer.from(kept.reveal(), "base64");
  if (!make) throw new Error(`the ${store.name} has no ${storeEntry}: the record cannot be read`);
  const key = randomBytes(32);
  await store.set(storeEntry, new Secret(key.toString("base64")));
  return key;
}

function privateKeyIn(secret: Secret): KeyObject {
  try {
    const key = Buffer.from(secret.reveal(), "base64");
    return createPrivateKey({ key, format: "der", type: "pkcs8" });
  } catch {
    // The cause would show a part of it.
    throw new Error(`${entry} in the secret store is not an Ed25519 key`);
  }
}

function keyOf(privateKey: KeyObject): RecordKey {
  const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { publicKey: der.subarray(-32), sign: (bytes) => sign(null, bytes, privateKey) };
}
