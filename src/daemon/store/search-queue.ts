/**
 * Search queue: exchanges that wait to be indexed: those that end now, in
 * memory, and those of before the start, looked up a page at a time. Who
 * searches knows by a mark when all that waited as they came is done.
 */
import type { Database } from "better-sqlite3";
import { createQueue } from "./queue.js";

export interface SearchQueue {
  ended(key: bigint): void;
  /** The next one: what just ended, or, where a search waits for all of it, in turns with what is older. */
  next(hurried: boolean): bigint | undefined;
  waits(): boolean;
  /** How many wait. */
  count(): number;
  /** All that `next` gave is written. */
  settle(): void;
  /** What has ended by now. */
  mark(): number;
  /** Is all written that waited when the mark was taken? */
  isSettled(mark: number): boolean;
  /** Everything has been indexed: the next start need not look at it. Inside a transaction of the caller. */
  note(through: bigint): void;
  /** The last exchange that has ended; undefined where that was noted. */
  unnoted(): bigint | undefined;
}

/** Exchanges of before the start that are looked up at once. */
const page = 500;

/** Creates the queue of a database. */
export function createSearchQueue(database: Database): SearchQueue {
  const noteThrough = database.prepare("UPDATE indexed_through SET exchange = ?");
  const older = database
    .prepare<[bigint, bigint], string>(
      `SELECT CAST(key AS TEXT) FROM endings WHERE key > ? AND key <= ?
       AND key NOT IN (SELECT exchange FROM indexed) ORDER BY key LIMIT ${page}`,
    )
    .pluck();
  const olderCount = database
    .prepare<[bigint, bigint], number>(
      `SELECT count(*) FROM endings WHERE key > ? AND key <= ?
       AND key NOT IN (SELECT exchange FROM indexed)`,
    )
    .pluck();
  const keyOf = (sql: string) => BigInt(database.prepare<[], string>(sql).pluck().get() ?? "0");
  const latest = "SELECT CAST(ifnull(max(key), 0) AS TEXT) FROM endings";

  const fresh = createQueue<bigint>();
  let history = createQueue<bigint>();
  let noted = keyOf("SELECT CAST(exchange AS TEXT) FROM indexed_through");
  let lookedUp = noted;
  const before = keyOf(latest);
  /** Those of before the start that were not looked up; counted when first asked for. */
  let unseen: number | undefined;
  let added = 0;
  let settled = 0;
  let isHistorySettled = false;
  let wasFresh = false;

  const waitsHistory = () => history.length > 0 || lookedUp < before;

  function nextOlder(): bigint | undefined {
    if (history.length === 0 && lookedUp < before) {
      const found = older.all(lookedUp, before).map(BigInt);
      history = createQueue(found);
      lookedUp = found.at(-1) ?? before;
      if (unseen !== undefined) unseen = Math.max(0, unseen - found.length);
    }
    return history.shift();
  }

  return {
    ended(key) {
      fresh.push(key);
      added += 1;
    },
    next(hurried) {
      wasFresh = fresh.length > 0 && !(hurried && wasFresh && waitsHistory());
      return (wasFresh ? fresh.shift() : nextOlder()) ?? fresh.shift();
    },
    waits: () => fresh.length > 0 || waitsHistory(),
    count() {
      unseen ??= lookedUp < before ? (olderCount.get(lookedUp, before) ?? 0) : 0;
      return fresh.length + history.length + unseen;
    },
    settle() {
      settled = added - fresh.length;
      isHistorySettled = !waitsHistory();
    },
    mark: () => added,
    isSettled: (mark) => isHistorySettled && settled >= mark,
    note(through) {
      noteThrough.run(through);
      noted = through;
    },
    unnoted() {
      const through = keyOf(latest);
      return through === noted ? undefined : through;
    },
  };
}
