/**
 * Cipher: the record encrypted at rest, whole pages of the file and of its
 * log (ChaCha20-Poly1305, by SQLite3 Multiple Ciphers). The key is 32 random
 * bytes from the secret store: nothing has to be derived from it, and whoever
 * has the file alone has nothing.
 */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import type { Database } from "better-sqlite3";

/** What a plain database begins with. */
const plainBeginning = "SQLite format 3\0";

/** The build of SQLite at hand has no ciphers. */
export class CipherUnavailable extends Error {
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
    super(`${file} is encrypted, and the secret store has not its key`);
    this.name = "CipherKeyWrong";
  }
}

/** Is there a file, and can anybody read it? */
export function isPlainFile(file: string): boolean {
  return beginningOf(file) === plainBeginning;
}

/** Is there a file that is encrypted? */
export function isEncryptedFile(file: string): boolean {
  const beginning = beginningOf(file);
  return beginning !== undefined && beginning.length === 16 && beginning !== plainBeginning;
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

/** Encrypts a plain file, page by page, in place; nobody else may have it open. */
export function encryptFile(database: Database, key: Buffer): void {
  chooseCipher(database);
  // A log written before would stay as it is.
  database.pragma("journal_mode = DELETE");
  database.pragma(`rekey = 'raw:${key.toString("hex")}'`);
}

function chooseCipher(database: Database): void {
  const [row] = database.pragma("cipher = 'chacha20'") as readonly Record<string, unknown>[];
  if (row === undefined || !Object.values(row).includes("chacha20")) throw new CipherUnavailable();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
