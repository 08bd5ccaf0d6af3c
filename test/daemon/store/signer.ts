/** A signer with a key of one test's own. */
import { generateKeyPairSync, sign } from "node:crypto";
import type { Signer } from "../../../src/daemon/store/seals.js";

export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const der = publicKey.export({ format: "der", type: "spki" });
  return { publicKey: der.subarray(-32), sign: (bytes) => sign(null, bytes, privateKey) };
}
