/**
 * Sealed format: the bytes of the sealed file, and nothing of where they lie.
 *
 *   line 1  hoopx-sealed-1
 *   line 2  JSON {"key":"passphrase","salt":S,"check":C} or {"key":"file","check":C}
 *   line 3  SHA-256 of lines 1 and 2, hex: a changed byte is told from a wrong passphrase
 *   line 4  base64 of IV (12 bytes), ciphertext, tag (16 bytes)
 *
 * AES-256-GCM over JSON {name: secret} as a whole, names included, with lines
 * 1 to 3 as additional data and a fresh random IV at every write. The key is
 * scrypt(passphrase, S, N=2^17, r=8, p=1) or the 32 bytes of the key file;
 * C is the first 16 bytes of HMAC-SHA-256(key, line 1), so that a wrong key
 * is known as such. Other costs are another version, never read from the file.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  scrypt,
} from "node:crypto";
import { promisify } from "node:util";

const version = "hoopx-sealed-1";
const cipher = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 192 * 1024 * 1024 };
const derive = promisify<string, Uint8Array, number, typeof cost, Buffer>(scrypt);

/** What opens a sealed file; the key never leaves its KeyObject. */
export interface SealingKey {
  /** Hex; undefined for the key of a key file. */
  readonly salt: string | undefined;
  readonly key: KeyObject;
}

export interface SealedText {
  /** Hex; undefined where a key file opens it. */
  readonly salt: string | undefined;
  readonly check: string;
  readonly head: string;
  readonly body: Buffer;
}

export type Entries = ReadonlyMap<string, string>;

/** Derives the key of a passphrase; a new file's salt is fresh. About 0.4 s and 128 MB. */
export async function passphraseKey(
  passphrase: string,
  salt = randomBytes(16).toString("hex"),
): Promise<SealingKey> {
  // NFC: the same words typed on another keyboard are the same passphrase.
  const bytes = await derive(passphrase.normalize("NFC"), Buffer.from(salt, "hex"), 32, cost);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return { salt, key };
}

/** The key that a key file's text holds; undefined for a text that is none. */
export function fileKey(text: string): SealingKey | undefined {
  const [, encoded] = /^([0-9a-f]{64})\n?$/.exec(text) ?? [];
  if (encoded === undefined) return undefined;
  return { salt: undefined, key: createSecretKey(encoded, "hex") };
}

/** Text of a new key file. */
export function newFileKey(): string {
  return `${randomBytes(32).toString("hex")}\n`;
}

/** Reads the outer form; undefined for bytes that were changed or cut. */
export function readSealed(text: string): SealedText | undefined {
  const lines = text.split("\n");
  const [first, second = "", sum, encoded = "", end] = lines;
  if (lines.length !== 5 || first !== version || end !== "") return undefined;
  if (sum !== sumOf(second)) return undefined;
  const [, salt, check] =
    /^\{"key":(?:"passphrase","salt":"([0-9a-f]{32})"|"file"),"check":"([0-9a-f]{32})"\}$/.exec(
      second,
    ) ?? [];
  const body = Buffer.from(encoded, "base64");
  // Base64 has several texts for the same bytes; only the one that was written counts.
  if (check === undefined || body.toString("base64") !== encoded) return undefined;
  if (body.length < ivBytes + tagBytes) return undefined;
  return { salt, check, head: headOf(second), body };
}

/** Whether the key is the one the file was sealed with. */
export function opens(key: SealingKey, sealed: SealedText): boolean {
  return key.salt === sealed.salt && checkOf(key.key) === sealed.check;
}

/** The entries; undefined where the bytes are not what this key sealed. */
export function unseal(sealed: SealedText, { key }: SealingKey): Entries | undefined {
  const { body } = sealed;
  const decipher = createDecipheriv(cipher, key, body.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(sealed.head));
  decipher.setAuthTag(body.subarray(-tagBytes));
  try {
    const plain = [decipher.update(body.subarray(ivBytes, -tagBytes)), decipher.final()];
    return new Map(Object.entries(JSON.parse(Buffer.concat(plain).toString("utf8"))));
  } catch {
    // A parser's error would quote what it read.
    return undefined;
  }
}

/** The whole file's text. */
export function seal(entries: Entries, { salt, key }: SealingKey): string {
  const check = checkOf(key);
  const second = JSON.stringify(
    salt === undefined ? { key: "file", check } : { key: "passphrase", salt, check },
  );
  const head = headOf(second);
  const iv = randomBytes(ivBytes);
  const sealing = createCipheriv(cipher, key, iv, { authTagLength: tagBytes });
  sealing.setAAD(Buffer.from(head));
  const body = Buffer.concat([
    iv,
    sealing.update(JSON.stringify(Object.fromEntries(entries)), "utf8"),
    sealing.final(),
    sealing.getAuthTag(),
  ]);
  return `${head}${body.toString("base64")}\n`;
}

function headOf(second: string): string {
  return `${version}\n${second}\n${sumOf(second)}\n`;
}

function sumOf(second: string): string {
  return createHash("sha256").update(`${version}\n${second}\n`).digest("hex");
}

function checkOf(key: KeyObject): string {
  return createHmac("sha256", key).update(version).digest("hex").slice(0, 32);
}
