/**
 * Link hashes: the hash of every place in the chain, as the rows have it, in
 * one block of memory (32 bytes a place), so that each row can be held to the
 * one before it in whatever order rows are read.
 */
import type { Database } from "better-sqlite3";
import { linkedKinds, tableOf } from "./canonical.js";
import { type ChainHead, genesis } from "./chain.js";
import { type KeyRun, keyRuns } from "./linked-rows.js";
import type { Pruned } from "./pruned.js";

export interface LinkHashes {
  readonly head: ChainHead;
  readonly count: number;
  /** All rows that were read. */
  readonly runs: readonly KeyRun[];
  /** The hash of a place; undefined where there is none, and no signature says that it was pruned. */
  at(place: number): Buffer | undefined;
  /** Does a row have this place? */
  has(place: number): boolean;
  /** Do several rows have this place? */
  isShared(place: number): boolean;
  /** Runs of places that are missing. */
  gaps(): readonly (readonly [first: number, last: number])[];
}

/** Places that may be missing, beyond so many times the rows that are there. */
const slack = 2 ** 20;
const times = 16;
/** The greatest place that is read at all: two gigabytes of hashes. What a pruning names may be anything. */
const greatestPlace = 2 ** 26;

/** Reads them all; yields after each run of rows. */
export function* readLinkHashes(database: Database, pruned: Pruned): Generator<number, LinkHashes> {
  let block = Buffer.alloc(32 * 1024);
  let present = new Uint8Array(1024);
  let last = 0;
  let count = 0;

  function put(place: number, hashes: Buffer, from: number): void {
    if (place >= present.length) {
      const size = Math.max(place + 1, present.length * 2);
      const larger = Buffer.alloc(size * 32);
      block.copy(larger);
      block = larger;
      const marks = new Uint8Array(size);
      marks.set(present);
      present = marks;
    }
    hashes.copy(block, place * 32, from, from + 32);
    present[place] = present[place] === 0 ? 1 : 2;
    if (place > last) last = place;
    count += 1;
  }

  const runs: KeyRun[] = [];
  for (const kind of linkedKinds) {
    const { table, key } = tableOf[kind];
    // All of a run in two values: a buffer for each hash would cost more than reading it.
    const joined = database
      .prepare<[bigint, bigint], readonly [string, Buffer | null]>(
        `SELECT json_group_array(place), CAST(group_concat(hash, '') AS BLOB) FROM
           (SELECT place, hash FROM ${table} WHERE ${key} BETWEEN ? AND ? AND typeof(place) = 'integer'
            AND typeof(hash) = 'blob' AND length(hash) = 32 ORDER BY ${key})`,
      )
      .raw();
    for (const run of keyRuns(database, kind)) {
      runs.push(run);
      const [places, hashes] = joined.get(run.first, run.last) ?? ["[]", null];
      if (hashes !== null) putAll(JSON.parse(places) as readonly number[], hashes);
      yield 0;
    }
  }

  function putAll(places: readonly number[], hashes: Buffer): void {
    for (const [number, place] of places.entries()) {
      // A number that no link ever had would take memory for all before it.
      const greatest = Math.min(greatestPlace, slack + pruned.last + (count + 1) * times);
      if (place > 0 && place <= greatest) put(place, hashes, number * 32);
    }
  }

  const has = (place: number) => (present[place] ?? 0) > 0;
  const at = (place: number) => {
    if (place === 0) return genesis.hash;
    if (has(place)) return block.subarray(place * 32, place * 32 + 32);
    return pruned.hashAt(place);
  };
  return {
    head: { place: last, hash: (at(last) ?? genesis.hash).toString("hex") },
    ...{ count, runs, at, has },
    isShared: (place) => present[place] === 2,
    gaps() {
      const gaps: [number, number][] = [];
      for (let place = 1; place <= last; place += 1) {
        if (has(place) || pruned.has(place)) continue;
        const run = gaps.at(-1);
        if (run !== undefined && run[1] === place - 1) run[1] = place;
        else gaps.push([place, place]);
      }
      return gaps;
    },
  };
}
