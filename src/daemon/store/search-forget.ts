/**
 * Search forget: what is pruned leaves the index. A row that is taken out is
 * only marked so there; its words go when the index's parts are merged, which
 * is done in steps once pruning is through.
 */
import type { Database } from "better-sqlite3";

export interface SearchForget {
  /** Inside a transaction of the caller. */
  exchange(key: bigint): void;
  /** Inside a transaction of the caller. */
  session(id: string): void;
  /** One step of merging, inside a transaction of the caller; false where there is nothing left to do. */
  merge(first: boolean): boolean;
}

/** Pages of the index that are written in one step. */
const mergedPages = 64;

/** Creates what takes exchanges and sessions out of a database's index. */
export function createSearchForget(database: Database): SearchForget {
  const text = database.prepare("DELETE FROM said WHERE rowid = ?");
  const key = database.prepare("DELETE FROM indexed WHERE exchange = ?");
  const facts = database.prepare("DELETE FROM session_facts WHERE session = ?");
  const merge = database.prepare("INSERT INTO said (said, rank) VALUES ('merge', ?)");
  const changes = database.prepare<[], number>("SELECT total_changes()").pluck();
  return {
    exchange(exchange) {
      if (key.run(exchange).changes > 0) text.run(exchange);
    },
    session: (id) => void facts.run(id),
    // As SQLite has it (FTS5, "The 'merge' command"): a negative number begins a merge of all
    // parts, and a step that changes less than two rows found nothing to do.
    merge(first) {
      const before = changes.get() ?? 0;
      merge.run(first ? -mergedPages : mergedPages);
      return (changes.get() ?? 0) - before >= 2;
    },
  };
}
