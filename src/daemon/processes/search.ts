/**
 * Search: which processes of the whole machine have a socket open. It costs
 * tens of milliseconds, so it is done only where a token came from where it
 * should not, in slices that let everything else go on, one search at a time,
 * and only so often: a process that copied a token cannot keep the daemon searching.
 */
import type { ProcessEntry, ProcessTable } from "./process-table.js";
import type { Slices } from "./slices.js";

export interface SearchOptions {
  readonly table: ProcessTable;
  readonly inSlices: Slices;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly perMinute: number;
}

/** Undefined: not searched, since that was done often enough lately. */
export type Search = (inode: number) => Promise<readonly ProcessEntry[] | undefined>;

/** Milliseconds that a search may take. */
const limit = 2_000;
const minute = 60_000;

/** Creates the search. */
export function createSearch({ table, inSlices, now, perMinute }: SearchOptions): Search {
  let last: Promise<unknown> = Promise.resolve();
  const done: number[] = [];

  function* searchAll(inode: number): Generator<void, readonly ProcessEntry[]> {
    const holders: ProcessEntry[] = [];
    const began = now();
    for (const pid of table.all()) {
      for (const open of table.sockets(pid)) {
        if (now() - began > limit) return holders;
        yield;
        if (open !== inode) continue;
        const entry = table.entry(pid);
        if (entry !== undefined) holders.push(entry);
        break;
      }
    }
    return holders;
  }

  return async function search(inode) {
    while (done[0] !== undefined && now() - done[0] >= minute) done.shift();
    if (done.length >= perMinute) return undefined;
    done.push(now());
    const mine = last.then(() => inSlices(searchAll(inode)));
    last = mine.catch(() => undefined);
    return mine;
  };
}
