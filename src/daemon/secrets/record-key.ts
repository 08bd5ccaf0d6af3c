/**
 * Record key: what the record's heads are signed with, Ed25519, made once for
 * an installation and kept in its secret store. The record's file alone is not
 * enough to sign anew what was changed in it.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
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

function privateKeyIn(secret: Secret): KeyObject {
  try {
    const key = Buffer.from(secret.reveal(), "base64");
    return createPrivateKey({ key, format: "der", type: "pkcs8" });
  } catch {
    // The cause would show a part of it.
    throw new Error(`${entry} in the secret store is no Ed25519 key`);
  }
}

function keyOf(privateKey: KeyObject): RecordKey {
  const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { publicKey: der.subarray(-32), sign: (bytes) => sign(null, bytes, privateKey) };
}
