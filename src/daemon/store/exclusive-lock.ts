/**
 * Exclusive lock: one daemon per home, one renewal per login. SQLite's lock on
 * a file of its own is the kernel's, so it ends with the process however that
 * ends, `kill -9` included; a pid file alone would have to be believed.
 */
import { setTimeout as delay } from "node:timers/promises";
import { openSqlite, sqliteCode } from "./sqlite.js";

export interface ExclusiveLock {
  release(): void;
}

/** Takes the lock for life; undefined where another process has it. */
export function takeExclusiveLock(file: string): ExclusiveLock | undefined {
  const database = openSqlite(file, { timeout: 0 });
  try {
    database.pragma("locking_mode = EXCLUSIVE");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (/^SQLITE_(?:BUSY|LOCKED)/.test(sqliteCode(error))) return undefined;
    throw new Error(`the lock file ${file} cannot be used: delete it and start again`, {
      cause: error,
    });
  }
  return { release: () => database.close() };
}

const step = 20;

/** Waits for the lock as long as the signal lets it. */
export async function awaitExclusiveLock(
  file: string,
  signal: AbortSignal,
): Promise<ExclusiveLock> {
  for (;;) {
    const lock = takeExclusiveLock(file);
    if (lock !== undefined) return lock;
    await delay(step, undefined, { signal });
  }
}
