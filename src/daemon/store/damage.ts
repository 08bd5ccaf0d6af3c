/**
 * Damage: a page of the record's file that cannot be read stops no start. The
 * search index is made again where it alone is damaged; anything else is kept
 * aside, said and never deleted (SECURITY C4), and a new record is begun.
 */
import { existsSync, renameSync, statSync } from "node:fs";
import { applyKey, isPlainFile } from "./cipher.js";
import type { Warn } from "./open.js";
import { searchTables } from "./search-tables.js";
import { type Database, openSqlite, sqliteCode } from "./sqlite.js";

export interface DamageOptions {
  readonly file: string;
  /** What it is encrypted with. */
  readonly key?: Buffer | undefined;
  readonly warn: Warn;
  readonly now: () => number;
}

/** Opens; where the file turns out to be damaged, mends it or puts it aside and opens again. */
export async function openDespiteDamage<Opened>(
  options: DamageOptions,
  open: () => Promise<Opened>,
): Promise<Opened> {
  const { file, warn } = options;
  try {
    return await open();
  } catch (error) {
    if (!isDamage(error) || file === ":memory:") throw error;
    if (remakeIndex(options)) {
      warn("the search index was damaged: it is made again from the record", error);
      try {
        return await open();
      } catch (again) {
        if (!isDamage(again)) throw again;
      }
    }
    const aside = putAside(file, options.now());
    warn(`the record was damaged and is kept aside as ${aside}; a new one was begun`, error);
    return open();
  }
}

/** Does SQLite say that the file is not as it wrote it? */
function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB";
}

const suffixes = ["", "-wal", "-shm"] as const;

function putAside(file: string, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[:.-]/g, "");
  const aside = `${file}.corrupt-${time}`;
  for (const suffix of suffixes) {
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${aside}${suffix}`);
  }
  return aside;
}

/** Tables, their shadows and indexes that are made from the record (search-tables.ts). */
const isOfIndex = (name: string) =>
  /^(?:said(?:_\w+)?|indexed|indexed_through|session_facts(?:_by_kind)?|sqlite_autoindex_session_facts_\d+)$/.test(
    name,
  );
/** More than there are pages of an index. */
const mostFound = 1_000_000;
/** Up to this size the room of the old index is given back at once. */
const vacuumedBytes = 256 * 1024 * 1024;

/**
 * Begins the search index again; false where it is not that which is damaged, or not that alone. A
 * damaged tree cannot be dropped, nor even looked at: its names are taken out of the schema, and the
 * rest is checked without it. Where that is damaged too, nothing of the file has changed.
 */
function remakeIndex({ file, key }: DamageOptions): boolean {
  let database: Database | undefined;
  try {
    database = openSqlite(file, { timeout: 2_000 });
    if (key !== undefined && !isPlainFile(file)) applyKey(database, key);
    database.unsafeMode(true);
    database.exec("BEGIN IMMEDIATE");
    forgetIndex(database);
    if (!isWhole(database)) {
      database.exec("ROLLBACK");
      return false;
    }
    database.exec("COMMIT");
    database.exec(searchTables);
    if (statSync(file).size <= vacuumedBytes) database.exec("VACUUM");
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  } finally {
    database?.close();
  }
}

function forgetIndex(database: Database): void {
  database.pragma("writable_schema = ON");
  const names = database.prepare<[], string>("SELECT name FROM sqlite_schema").pluck().all();
  const remove = database.prepare("DELETE FROM sqlite_schema WHERE name = ?");
  for (const name of names) if (isOfIndex(name)) remove.run(name);
  database.pragma("writable_schema = RESET");
}

/** Is the rest of the file in order, apart from pages that the old index left behind? */
function isWhole(database: Database): boolean {
  const found = database.pragma(`quick_check(${mostFound})`) as readonly object[];
  const lines = found.flatMap((row) => String(Object.values(row)[0]).split("\n"));
  // Both follow from the names that were taken out.
  const left = /^(?:ok|\*\*\* .*|Page \d+.* never used|max rootpage \(\d+\) disagrees .*|)$/;
  return lines.every((line) => left.test(line));
}
