/**
 * Cipher: the record encrypted at rest, whole pages of the file and of its
 * log (ChaCha20-Poly1305, by SQLite3 Multiple Ciphers). The key is 32 random
 * bytes from the secret store: nothing has to be derived from it, and a reader who
 * has the file alone has nothing.
 */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import type { Database } from "better-sqlite3";

/** What a plain database begins with. */
const plainBeginning = "SQLite format 3\0";

/** The build of SQLite at hand has no ciphers. */
class CipherUnavailable extends Error {
  constructor() {
    super(
      "this build of SQLite cannot encrypt: store.encrypt needs better-sqlite3-multiple-ciphers",
    );
    this.name = "CipherUnavailable";
  }
}

/** The file is encrypted, and not with this key, or no key was given. */
export class CipherKeyWrong extends Error {
  constructor(file: string) {
    super(
      `${file} cannot be read with the key in the secret store: it is encrypted with another, or damaged`,
    );
    this.name = "CipherKeyWrong";
  }
}

/** Is there a file, and can anybody read it? */
export function isPlainFile(file: string): boolean {
  return beginningOf(file) === plainBeginning;
}

function beginningOf(file: string): string | undefined {
  if (file === ":memory:" || !existsSync(file)) return undefined;
  const handle = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(16);
    return bytes.toString("latin1", 0, readSync(handle, bytes, 0, 16, 0));
  } finally {
    closeSync(handle);
  }
}

/** Gives a connection its key, before anything is read; throws for a key that is not the file's. */
export function applyKey(database: Database, key: Buffer): void {
  chooseCipher(database);
  database.pragma(`key = 'raw:${key.toString("hex")}'`);
  try {
    database.prepare("SELECT count(*) FROM sqlite_master").get();
  } catch (error) {
    if (codeOf(error) === "SQLITE_NOTADB") throw new CipherKeyWrong(database.name);
    throw error;
  }
}

/** Encrypts a plain file, page by page, in place; no other process may have it open. */
export function encryptFile(database: Database, key: Buffer): void {
  chooseCipher(database);
  // A log written before would stay as it is.
  database.pragma("journal_mode = DELETE");
  database.pragma(`rekey = 'raw:${key.toString("hex")}'`);
}

/** Makes an encrypted file plain again; its key was given. */
export function decryptFile(database: Database): void {
  database.pragma("journal_mode = DELETE");
  database.pragma("rekey = ''");
}

function chooseCipher(database: Database): void {
  const [row] = database.pragma("cipher = 'chacha20'") as readonly Record<string, unknown>[];
  if (row === undefined || !Object.values(row).includes("chacha20")) throw new CipherUnavailable();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
