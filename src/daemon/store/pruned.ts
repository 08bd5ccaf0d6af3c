/**
 * Pruned: what was taken out of the record on purpose. Each pruning is a
 * record of its own in the chain, signed: it names the places it took, so that
 * a gap that no pruning names is a gap.
 */
import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";
import type { ChangingKind } from "./canonical.js";
import type { RecordProblem } from "./record-report.js";
import { isSignedBy } from "./seals.js";

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
  const places = new Set<number>();
  const hashes = new Map<number, Buffer>();
  const records = new Set<string>();
  let greatest = 0;
  const rows = database.prepare<[], PruningRow>("SELECT * FROM prunings ORDER BY id").all();
  for (const { id, at, data, key, signature } of rows) {
    const ours = trusted === undefined || (key !== null && trusted.equals(key));
    const signed =
      key !== null && signature !== null && isSignedBy(key, pruningText(data, at), signature);
    if (!ours || !signed) {
      const message = `pruning ${id} is not signed by ${ours ? "its" : "this installation's"} key`;
      const record = "pruning" as const;
      problems.push({ kind: "signature", record, id: String(id), session: null, message });
      continue;
    }
    const took = JSON.parse(data) as PruningData;
    for (const [first, last, hash] of took.places) {
      for (let place = first; place <= last; place += 1) places.add(place);
      hashes.set(last, Buffer.from(hash, "hex"));
      greatest = Math.max(greatest, last);
    }
    for (const [kind, keys] of Object.entries(took.records)) {
      for (const name of keys ?? []) records.add(`${kind} ${name}`);
    }
  }
  return {
    last: greatest,
    has: (place) => places.has(place),
    hashAt: (place) => hashes.get(place),
    hasRecord: (kind, name) => records.has(`${kind} ${name}`),
  };
}
