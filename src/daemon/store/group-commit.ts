/**
 * Group commit: one transaction for all writes of one turn of the event loop. Each
 * write learns, in its order, that it is durable or why it is not.
 *
 * A disk that fails fails the whole group. A write that is wrong in itself
 * fails alone: the group is rolled back and each of it is written by itself.
 */
import type { Database } from "better-sqlite3";
import type { Warn } from "./open.js";

/** Told when a write is durable, or why it is not. Called in the order of the writes. */
export type Durable = (error?: Error) => void;

export interface Write {
  /** Runs its statements, inside a transaction; throws if it cannot. */
  apply(): void;
  /** About how much it writes, bytes. */
  readonly size: number;
  /** It shares a row with others of its transaction: its bytes count, and not that it is one more. */
  readonly joins?: boolean;
  readonly durable: Durable;
}

/** What is told of a transaction by those who keep state beside the database. */
export interface Transaction {
  /**
   * Another process wrote to the file since the last one: what is known of it may be old. Throws where
   * that is not to be.
   */
  foreign(): void;
  /** All its writes are applied: the last chance to add to it. */
  seal(): void;
  committed(): void;
  rolledBack(): void;
}

export interface GroupCommitOptions {
  readonly database: Database;
  readonly transaction: Transaction;
  /** Told after each transaction about how much it wrote, bytes. */
  readonly wrote: (bytes: number) => void;
  readonly warn: Warn;
  /** Why nothing may be written any more; asked before each transaction. Absent: it always may. */
  readonly loss?: () => Error | undefined;
}

export interface GroupCommit {
  add(write: Write): void;
  /** Writes wait until `release`. */
  hold(): void;
  release(): void;
  /** Writes all that waits, at once, and takes nothing more. */
  close(): void;
}

/** A transaction is kept to a few milliseconds: what is over it waits one turn. */
const mostWrites = 128;
const mostBytes = 1024 * 1024;
/** What a write costs beside its bytes, in bytes: its waiter is told too. */
const writeOverhead = 512;

/** Errors of single statements, not of the file or the disk. */
const ofOneWrite = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/;

/** Creates the group that all of a store's writes go through. */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { database, transaction, wrote, warn, loss = () => undefined } = options;
  const begin = database.prepare("BEGIN IMMEDIATE");
  const end = database.prepare("COMMIT");
  const rollback = database.prepare("ROLLBACK");
  // Changes with every commit of another connection.
  const version = database.prepare<[], number>("PRAGMA data_version").pluck();
  let seen = version.get();
  let queue: Write[] = [];
  let scheduled: NodeJS.Immediate | undefined;
  let held = false;
  let closed = false;

  function schedule(): void {
    if (held) return;
    scheduled ??= setImmediate(() => {
      scheduled = undefined;
      flush();
    });
  }

  function flush(): void {
    const { writes, size } = take();
    if (writes.length === 0) return;
    commit(writes);
    wrote(size);
    if (queue.length > 0) schedule();
  }

  function take(): { readonly writes: readonly Write[]; readonly size: number } {
    let count = 0;
    let rows = 0;
    let size = 0;
    for (const write of queue) {
      const weight = size + count * writeOverhead + write.size;
      if (rows === mostWrites || (count > 0 && weight > mostBytes)) break;
      count += 1;
      // Small frames of a stream come by the thousand, and wait no turns for that.
      if (write.joins !== true) rows += 1;
      size += write.size;
    }
    const writes = count === queue.length ? queue : queue.slice(0, count);
    queue = count === queue.length ? [] : queue.slice(count);
    return { writes, size };
  }

  function commit(writes: readonly Write[]): void {
    const error = loss() ?? attempt(writes);
    if (error === undefined || writes.length === 1 || !isOfOneWrite(error)) {
      for (const write of writes) tell(write, error);
    } else {
      for (const write of writes) commit([write]);
    }
  }

  function attempt(writes: readonly Write[]): Error | undefined {
    try {
      begin.run();
      const now = version.get();
      if (now !== seen) {
        seen = now;
        transaction.foreign();
      }
      for (const write of writes) write.apply();
      transaction.seal();
      end.run();
    } catch (error) {
      // A full disk has often rolled back already.
      if (database.inTransaction) rollback.run();
      transaction.rolledBack();
      return error instanceof Error ? error : new Error(String(error));
    }
    transaction.committed();
    return undefined;
  }

  function tell({ durable }: Write, error: Error | undefined): void {
    try {
      durable(error);
    } catch (thrown) {
      // The others of the group must still be told.
      warn("a write's waiter failed", thrown);
    }
  }

  return {
    add(write) {
      if (closed) {
        setImmediate(tell, write, new Error("the store is closed"));
        return;
      }
      queue.push(write);
      schedule();
    },
    hold() {
      held = true;
      clearImmediate(scheduled);
      scheduled = undefined;
    },
    release() {
      held = false;
      if (queue.length > 0) schedule();
    },
    close() {
      closed = true;
      clearImmediate(scheduled);
      while (queue.length > 0) commit(take().writes);
    },
  };
}

function isOfOneWrite(error: Error): boolean {
  if (!("code" in error && typeof error.code === "string")) return true;
  return !error.code.startsWith("SQLITE_") || ofOneWrite.test(error.code);
}
