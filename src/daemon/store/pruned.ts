/**
 * Pruned: what was taken out of the record on purpose. Each pruning is a
 * record of its own in the chain, signed: it names the places it took, so that
 * a gap that no pruning names is a gap.
 */
import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";
import type { ChangingKind } from "./canonical.js";
import type { RecordProblem } from "./record-report.js";
import { isSignedBy } from "./signature.js";

/** What a pruning says of itself, as JSON. */
export interface PruningData {
  readonly sessions: number;
  readonly exchanges: number;
  readonly bytes: number;
  /** Runs of places: the first, the last, and the last one's hash, hex. */
  readonly places: readonly (readonly [first: number, last: number, hash: string])[];
  /** Records that changed, by kind: their names. */
  readonly records: Readonly<Partial<Record<ChangingKind, readonly string[]>>>;
}

export interface Pruned {
  /** The greatest place that was taken; 0 where none was. */
  readonly last: number;
  has(place: number): boolean;
  /** The hash that what follows a run is held to. */
  hashAt(place: number): Buffer | undefined;
  hasRecord(kind: ChangingKind, key: string): boolean;
}

/** What is signed of a pruning, as docs/transcript-format.md has it. */
export function pruningText(data: string, at: number): Buffer {
  const digest = createHash("sha256").update(data).digest("hex");
  return Buffer.from(`hoopx pruning 1\ndata ${digest}\nat ${at}\n`);
}

interface PruningRow {
  readonly id: number;
  readonly at: number;
  readonly data: string;
  readonly key: Buffer | null;
  readonly signature: Buffer | null;
}

/** All that prunings took; one that this key did not sign is a problem, and took nothing. */
export function readPruned(
  database: Database,
  trusted: Buffer | undefined,
  problems: RecordProblem[],
): Pruned {
  const runs: Run[] = [];
  const hashes = new Map<number, Buffer>();
  const records = new Set<string>();
  const rows = database.prepare<[], PruningRow>("SELECT * FROM prunings ORDER BY id").all();
  for (const { id, at, data, key, signature } of rows) {
    const add = (kind: "signature" | "edited", message: string) =>
      problems.push({ kind, record: "pruning", id: String(id), session: null, message });
    const ours = trusted === undefined || (key !== null && trusted.equals(key));
    const signed =
      key !== null && signature !== null && isSignedBy(key, pruningText(data, at), signature);
    if (!ours || !signed) {
      add(
        "signature",
        `pruning ${id} is not signed by ${ours ? "its" : "this installation's"} key`,
      );
      continue;
    }
    const took = pruningIn(data);
    if (took === undefined) {
      add("edited", `pruning ${id} does not say which places it took`);
      continue;
    }
    for (const [first, last, hash] of took.places) {
      runs.push([first, last]);
      hashes.set(last, Buffer.from(hash, "hex"));
    }
    for (const [kind, keys] of Object.entries(took.records)) {
      for (const name of keys ?? []) records.add(`${kind} ${name}`);
    }
  }
  const joined = joinedRuns(runs);
  return {
    last: joined.at(-1)?.[1] ?? 0,
    has: (place) => isIn(joined, place),
    hashAt: (place) => hashes.get(place),
    hasRecord: (kind, name) => records.has(`${kind} ${name}`),
  };
}

type Run = readonly [first: number, last: number];

/** What a pruning says, where it is what one says: the file may be anyone's. */
function pruningIn(data: string): PruningData | undefined {
  let took: PruningData;
  try {
    took = JSON.parse(data) as PruningData;
  } catch {
    return undefined;
  }
  const isPlace = (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0;
  const sound =
    Array.isArray(took?.places) &&
    took.places.every(
      (run: unknown) =>
        Array.isArray(run) &&
        isPlace(run[0]) &&
        isPlace(run[1]) &&
        run[0] <= run[1] &&
        typeof run[2] === "string",
    ) &&
    typeof took.records === "object" &&
    took.records !== null &&
    Object.values(took.records).every((names) => Array.isArray(names));
  return sound ? took : undefined;
}

/** The runs in order, none within another. A run is never walked: a file may say that it has 10^15 places. */
function joinedRuns(runs: readonly Run[]): readonly Run[] {
  const joined: [number, number][] = [];
  for (const [first, last] of [...runs].sort(([one], [other]) => one - other)) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

function isIn(runs: readonly Run[], place: number): boolean {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle] as Run)[1] < place) low = middle + 1;
    else high = middle;
  }
  const run = runs[low];
  return run !== undefined && run[0] <= place;
}
