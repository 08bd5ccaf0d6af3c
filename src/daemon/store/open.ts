/**
 * Open: a connection to the database file, fit for the data path, or a reason
 * why not. The file is its owner's alone, SQLite is one without the WAL reset
 * corruption (SECURITY C3). What is damaged is thrown as SQLite says it: damage.ts
 * knows what to do with it (C4).
 */
import { chmodSync, closeSync, existsSync, openSync, statSync } from "node:fs";
import { applyKey, decryptFile, encryptFile, isPlainFile } from "./cipher.js";
import { type Database, openSqlite } from "./sqlite.js";

/** Says something a person should know. */
export type Warn = (message: string, detail?: unknown) => void;

export interface OpenOptions {
  /** Path of the file, or `:memory:`. */
  readonly file: string;
  /** 32 bytes that it is encrypted with; a plain file is encrypted now. Absent: it is plain. */
  readonly key?: Buffer | undefined;
  /** With `key`: it is to be plain from now on. */
  readonly decrypt?: boolean | undefined;
  /** Brings the file up to date; what it finds corrupt counts as the file's corruption. */
  readonly prepare: (database: Database) => void;
}

const oldestSqlite = [3, 51, 3] as const;

/** A file left by a crash is looked through whole up to this size: about a tenth of a second. */
const checkedBytes = 64 * 1024 * 1024;

const suffixes = ["", "-wal", "-shm"] as const;

/** Opens the database; throws as SQLite does where it is damaged (damage.ts). */
export function openDatabase({ file, prepare, key, decrypt = false }: OpenOptions): Database {
  const inMemory = file === ":memory:";
  const crashed = !inMemory && existsSync(`${file}-wal`);
  if (!inMemory) keepPrivate(file);
  const database = openSqlite(file, { timeout: 2_000 });
  try {
    if (key !== undefined) {
      if (isPlainFile(file)) {
        if (!decrypt) encryptFile(database, key);
      } else {
        applyKey(database, key);
        if (decrypt) decryptFile(database);
      }
    }
    requireSqlite(database);
    // Larger pages than SQLite's own 4 KB: prompts are tens of KB, and a page costs more than its bytes.
    database.pragma("page_size = 8192");
    // What is pruned gives its room back; a file that was begun without this keeps it for itself.
    database.pragma("auto_vacuum = INCREMENTAL");
    if (!inMemory) database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    // The record is written far more than it is read: 4 MB hold the pages being appended to.
    database.pragma("cache_size = -4000");
    database.pragma("journal_size_limit = 134217728");
    if (crashed && statSync(file).size <= checkedBytes) quickCheck(database);
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite gives the log and its index the file's own mode, so it must be right from the first byte. */
function keepPrivate(file: string): void {
  closeSync(openSync(file, "a", 0o600));
  for (const suffix of suffixes) {
    const path = `${file}${suffix}`;
    if (existsSync(path) && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  }
}

function requireSqlite(database: Database): void {
  const version = database.prepare("SELECT sqlite_version()").pluck().get() as string;
  const parts = version.split(".").map(Number);
  for (const [place, oldest] of oldestSqlite.entries()) {
    const part = parts[place] ?? 0;
    if (part > oldest) return;
    if (part < oldest) {
      throw new Error(
        `SQLite ${version} can corrupt its log: install better-sqlite3 with SQLite ${oldestSqlite.join(".")} or later`,
      );
    }
  }
}

function quickCheck(database: Database): void {
  const found = database.pragma("quick_check(1)", { simple: true });
  if (found !== "ok") {
    throw Object.assign(new Error(`quick_check: ${String(found)}`), { code: "SQLITE_CORRUPT" });
  }
}
