/**
 * Link hashes: the hash of every place in the chain, as the rows have it, in
 * one block of memory (32 bytes a place), so that each row can be held to the
 * one before it in whatever order rows are read.
 */
import type { Database } from "better-sqlite3";
import { linkedKinds, tableOf } from "./canonical.js";
import { type ChainHead, genesis } from "./chain.js";
import type { Pruned } from "./pruned.js";

export interface LinkHashes {
  readonly head: ChainHead;
  readonly count: number;
  /** The hash of a place; undefined where there is none, and nobody signed that it was pruned. */
  at(place: number): Buffer | undefined;
  /** Runs of places that are missing. */
  gaps(): readonly (readonly [first: number, last: number])[];
}

const page = 8_192;

/** Reads them all; yields after each page. */
export function* readLinkHashes(database: Database, pruned: Pruned): Generator<number, LinkHashes> {
  let block = Buffer.alloc(32 * 1024);
  let present = new Uint8Array(1024);
  let last = 0;
  let count = 0;

  function put(place: number, hash: Buffer): void {
    if (place >= present.length) {
      const size = Math.max(place + 1, present.length * 2);
      const larger = Buffer.alloc(size * 32);
      block.copy(larger);
      block = larger;
      const marks = new Uint8Array(size);
      marks.set(present);
      present = marks;
    }
    hash.copy(block, place * 32, 0, 32);
    present[place] = 1;
    if (place > last) last = place;
    count += 1;
  }

  for (const kind of linkedKinds) {
    const { table, key } = tableOf[kind];
    const rows = database
      .prepare<[bigint, number], readonly [string, number | null, Buffer | null]>(
        `SELECT CAST(${key} AS TEXT), place, hash FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`,
      )
      .raw();
    for (let after = -1n; ; ) {
      const found = rows.all(after, page);
      for (const [, place, hash] of found) {
        // A number that no link ever had would take memory for all before it.
        if (place !== null && hash !== null && place > 0 && place < 2 ** 31) put(place, hash);
      }
      yield 0;
      if (found.length < page) break;
      after = BigInt(found.at(-1)?.[0] ?? 0);
    }
  }

  const at = (place: number) => {
    if (place === 0) return genesis.hash;
    if (present[place] === 1) return block.subarray(place * 32, place * 32 + 32);
    return pruned.hashAt(place);
  };
  return {
    head: { place: last, hash: (at(last) ?? genesis.hash).toString("hex") },
    count,
    at,
    gaps() {
      const gaps: [number, number][] = [];
      for (let place = 1; place <= last; place += 1) {
        if (present[place] === 1 || pruned.has(place)) continue;
        const run = gaps.at(-1);
        if (run !== undefined && run[1] === place - 1) run[1] = place;
        else gaps.push([place, place]);
      }
      return gaps;
    },
  };
}
