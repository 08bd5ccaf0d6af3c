/**
 * Search: which processes of the whole machine have a socket open. It costs
 * tens of milliseconds, so it is done only where a token came from where it
 * should not, in slices that let everything else go on, one search at a time,
 * and only so often: a process that copied a token cannot keep the daemon searching.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { ProcessEntry, ProcessTable } from "./process-table.js";

export interface SearchOptions {
  readonly table: ProcessTable;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly perMinute: number;
}

/** Undefined: not searched, since that was done often enough lately. */
export type Search = (inode: number) => Promise<readonly ProcessEntry[] | undefined>;

/** Milliseconds of work before others get their turn, and of work in all. */
const slice = 2;
const limit = 2_000;
const minute = 60_000;

/** Creates the search. */
export function createSearch({ table, now, perMinute }: SearchOptions): Search {
  let last: Promise<unknown> = Promise.resolve();
  const done: number[] = [];

  async function searchAll(inode: number): Promise<readonly ProcessEntry[]> {
    const holders: ProcessEntry[] = [];
    const began = now();
    let sliceBegan = began;
    for (const pid of table.all()) {
      if (table.sockets(pid).includes(inode)) {
        const entry = table.entry(pid);
        if (entry !== undefined) holders.push(entry);
      }
      if (now() - sliceBegan < slice) continue;
      if (now() - began > limit) break;
      await turn();
      sliceBegan = now();
    }
    return holders;
  }

  return async function search(inode) {
    while (done[0] !== undefined && now() - done[0] >= minute) done.shift();
    if (done.length >= perMinute) return undefined;
    done.push(now());
    const mine = last.then(() => searchAll(inode));
    last = mine.catch(() => undefined);
    return mine;
  };
}
