/**
 * Reply rows: the rows that hold a recorded reply, in their order, one in memory
 * at a time. Each row names the one before it, so their numbers come first.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import type { Pace } from "./pace.js";

export interface Row {
  readonly table: "exchanges" | "endings" | "frames";
  readonly key: bigint | number;
  readonly bytes: Buffer;
}

/** Rows whose numbers are looked up before others may run. */
const walked = 256;

/** Creates the reader of a database. */
export function createReplyRows(database: Database, timed: Pace["timed"]) {
  const previous = database
    .prepare<[number], number | null>("SELECT previous FROM frames WHERE id = ?")
    .pluck();
  const between = database
    .prepare<[number], Buffer>("SELECT data FROM frames WHERE id = ?")
    .pluck();

  /** `last`: the last row between opening and ending; `frames`: what the ending's own row holds. */
  return async function* replyRows(
    key: bigint,
    { last, frames }: { readonly last: number | null; readonly frames: Buffer | null },
  ): AsyncGenerator<Row> {
    const ids: number[] = [];
    for (let id = last; id !== null; ) {
      ids.push(id);
      const before: number | null | undefined = previous.get(id);
      // Rows are numbered as they are written: one that names a later one would never end.
      id = before != null && before < id ? before : null;
      if (ids.length % walked === 0) await turn();
    }
    for (const id of ids.reverse()) {
      const bytes = timed(() => between.get(id));
      if (bytes !== undefined) yield { table: "frames", key: id, bytes };
    }
    if (frames !== null) yield { table: "endings", key, bytes: frames };
  };
}
