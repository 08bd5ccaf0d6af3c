/**
 * Random id: a prefix that says of what, and 80 random bits in 16 letters that
 * cannot be mistaken for each other.
 */
import { randomBytes } from "node:crypto";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** `ses_` and 16 letters, for the prefix `ses`. */
export function randomId(prefix: string): string {
  let id = `${prefix}_`;
  for (const byte of randomBytes(16)) id += alphabet[byte % 32];
  return id;
}
