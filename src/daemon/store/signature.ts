/**
 * Signature: whether a text was signed by a key (Ed25519, RFC 8032). Seals,
 * prunings and exports are signed with the key of the installation.
 */
import { createPublicKey, verify } from "node:crypto";

/** Is it the signature of this text by this raw key? */
export function isSignedBy(key: Buffer, text: Buffer, signature: Buffer): boolean {
  try {
    // RFC 8410: the 12 bytes before an Ed25519 key that make it a SubjectPublicKeyInfo.
    const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
    return verify(
      null,
      text,
      createPublicKey({ key: der, format: "der", type: "spki" }),
      signature,
    );
  } catch {
    return false;
  }
}
