/**
 * Survey: which processes of a run, and which that may have left it, have
 * sockets open. Those that left are looked through whole: one of them that has
 * the socket makes its caller an outsider. Of the run's own the eldest come
 * first, since it is the eldest that opened a socket; in a large run that is
 * enough. How many open files are looked at has a bound.
 */
import type { ProcessEntry, ProcessMark, ProcessTable } from "./process-table.js";
import { processesBelow, straysOf } from "./tree.js";

type Owners = ReadonlyMap<number, readonly ProcessEntry[]>;

/** Who has which socket, by inode, as of one moment. */
export interface Survey {
  readonly owners: Owners;
  readonly strays: Owners;
  /** Open files that were looked at. */
  readonly looked: number;
  /** False: there are more than may be looked at, and who else has a socket is not known. */
  readonly whole: boolean;
}

export interface SurveyOptions {
  readonly table: ProcessTable;
  readonly root: ProcessMark;
  /** The run's processes that are known: the root, and what was inside before. */
  readonly roots: readonly ProcessMark[];
  /** Inodes. */
  readonly wanted: ReadonlySet<number>;
}

/** Open files that one look may go through: 2 seconds' work, in slices. */
export const mostFiles = 262_144;
/** Up to so many all of them are looked at, whatever was found. */
const fewFiles = 4_096;

/** Looks, a step at a time. */
export function* surveyOf({ table, root, roots, wanted }: SurveyOptions): Generator<void, Survey> {
  const inside = yield* processesBelow(table, roots);
  const left = yield* straysOf(table, root, inside);
  const owners = new Map<number, ProcessEntry[]>();
  const strays = new Map<number, ProcessEntry[]>();
  let looked = 0;

  function* lookThrough(entry: ProcessEntry, into: Map<number, ProcessEntry[]>): Generator<void> {
    for (const inode of table.sockets(entry.pid)) {
      if (looked >= mostFiles) return;
      looked += 1;
      if (inode !== undefined && wanted.has(inode)) {
        const known = into.get(inode) ?? [];
        if (!known.includes(entry)) into.set(inode, [...known, entry]);
      }
      yield;
    }
  }

  for (const entry of left) yield* lookThrough(entry, strays);
  const eldestFirst = [...inside.values()].sort((one, other) => one.start - other.start);
  for (const entry of eldestFirst) {
    if (looked > fewFiles && owners.size === wanted.size) break;
    yield* lookThrough(entry, owners);
  }
  return { owners, strays, looked, whole: looked < mostFiles };
}
