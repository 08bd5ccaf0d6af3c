/**
 * Give back: the room in the file that nothing needs any more, returned to the
 * disk in steps, so that others write in between. A file that was begun before
 * the record could do so keeps its room for what comes.
 */
import type { Database } from "better-sqlite3";
import type { createWriting } from "./writing.js";

export interface GiveBackOptions {
  /** Bytes that go in one transaction. */
  readonly step: number;
  /** Bytes that stay for what comes. */
  readonly spare: number;
  /** Asked before each step. */
  readonly goesOn: () => boolean;
}

export type GiveBack = (options: GiveBackOptions) => Promise<void>;

/** Creates what gives back room of a database. */
export function createGiveBack(
  database: Database,
  write: ReturnType<typeof createWriting>["write"],
): GiveBack {
  const numberOf = (name: string) => Number(database.pragma(name, { simple: true }));
  const pageBytes = numberOf("page_size");

  return async function giveBack({ step, spare, goesOn }) {
    const pages = Math.ceil(step / pageBytes);
    for (let free = numberOf("freelist_count"); free * pageBytes > spare && goesOn(); ) {
      await write(() => database.pragma(`incremental_vacuum(${pages})`));
      const left = numberOf("freelist_count");
      if (left >= free) return;
      free = left;
    }
  };
}
