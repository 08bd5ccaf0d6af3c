/**
 * Tree: which processes descend from a run. Walked from the run's own process
 * downwards, so that a look costs what the run is large and not what the
 * machine is; upwards only for a process that is already in doubt. A number is
 * never trusted without its start: a reused one is another process.
 */
import type { ProcessEntry, ProcessMark, ProcessTable } from "./process-table.js";

/** No run is larger; beyond it a look would hold up all others. */
const mostProcesses = 4096;
const mostSteps = 1024;
/** Above one process: each is a file to read while all others wait. Only a program that means to be deeper is. */
const mostAncestors = 256;
/** A process whose ancestors end faster than they can be read keeps doing so on purpose. */
const mostWalks = 16;
/** How many of an ancestor's latest children may be looked at. */
const latest = 64;

/** Is it the same process still? */
export function lives(table: ProcessTable, { pid, start }: ProcessMark): boolean {
  const entry = table.entry(pid);
  return entry !== undefined && entry.start === start && !entry.gone;
}

/** The processes of these roots that live, and all below them; a step at a time (slices.ts). */
export function* processesBelow(
  table: ProcessTable,
  roots: readonly ProcessMark[],
): Generator<void, ReadonlyMap<number, ProcessEntry>> {
  const found = new Map<number, ProcessEntry>();
  const waiting = roots.filter((root) => lives(table, root)).map(({ pid }) => pid);
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (found.has(pid) || found.size >= mostProcesses) continue;
    const entry = table.entry(pid);
    if (entry === undefined) continue;
    found.set(pid, entry);
    for (const child of table.children(pid)) {
      if (child !== undefined) waiting.push(child);
      yield;
    }
  }
  return found;
}

/**
 * Processes that may have been started by the run and left it since: those the
 * run's ancestors were given (an orphan goes to init, or to a subreaper above
 * it) and that are younger than the run. A step at a time.
 */
export function* straysOf(
  table: ProcessTable,
  root: ProcessMark,
  inside: ReadonlyMap<number, ProcessEntry>,
): Generator<void, readonly ProcessEntry[]> {
  const strays: ProcessMark[] = [];
  let ancestor = table.entry(root.pid)?.parent ?? 1;
  for (let step = 0; step < mostSteps && ancestor > 0; step += 1) {
    const children: number[] = [];
    for (const child of table.children(ancestor)) {
      if (child !== undefined) children.push(child);
      if (children.length > 2 * latest) children.splice(0, latest);
      yield;
    }
    for (const pid of children.slice(-latest)) {
      const entry = inside.has(pid) ? undefined : table.entry(pid);
      if (entry !== undefined && entry.start >= root.start) strays.push(entry);
    }
    ancestor = table.entry(ancestor)?.parent ?? 0;
  }
  const below = yield* processesBelow(table, strays);
  return [...below.values()].filter(({ pid }) => !inside.has(pid));
}

/**
 * The process, its parent, and so on to the first of all. An ancestor that ends
 * while this walks hands its children to another one, so the walk starts again;
 * undefined where it never comes to an end, or there are too many: what is above
 * them could be a run.
 */
export function ancestryOf(table: ProcessTable, pid: number): readonly ProcessEntry[] | undefined {
  for (let attempt = 0; attempt < mostWalks; attempt += 1) {
    const found = walk(table, pid);
    if (found !== undefined) return found.length > mostAncestors ? undefined : found;
  }
  return undefined;
}

function walk(table: ProcessTable, pid: number): readonly ProcessEntry[] | undefined {
  const found: ProcessEntry[] = [];
  let at = pid;
  while (found.length <= mostAncestors && at > 0) {
    const entry = table.entry(at);
    const child = found.at(-1);
    if (entry === undefined) {
      // One that is there and hidden is another user's: nothing more can be seen from here.
      return child === undefined || table.exists(at) ? found : undefined;
    }
    // Younger than its child: the number is another process's by now.
    if (child !== undefined && entry.start > child.start) return undefined;
    found.push(entry);
    at = entry.parent;
  }
  return found;
}

/** Is this process one of the roots, or below one? */
export function isBelow(table: ProcessTable, pid: number, roots: readonly ProcessMark[]): boolean {
  const ancestry = ancestryOf(table, pid) ?? [];
  return ancestry.some((entry) =>
    roots.some((root) => root.pid === entry.pid && root.start === entry.start),
  );
}
