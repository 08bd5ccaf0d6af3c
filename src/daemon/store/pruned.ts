/**
 * Pruned: what was taken out of the record on purpose. Each pruning is a
 * record of its own in the chain, signed: it names what it took, so that a gap
 * that it does not name is a gap.
 */
import type { Database } from "better-sqlite3";
import type { RecordKind } from "./canonical.js";
import { pruningText } from "./prune.js";
import { isSignedBy } from "./seals.js";
import type { RecordProblem } from "./verify.js";

/** What a pruning took: by kind the keys, runs of numbers as `[first, last]`. */
export type PrunedKeys = Readonly<
  Partial<Record<RecordKind, readonly (string | readonly [string, string])[]>>
>;

export interface Pruned {
  readonly keys: ReadonlySet<string>;
  readonly runs: ReadonlyMap<RecordKind, readonly (readonly [bigint, bigint])[]>;
}

interface PruningRow {
  readonly id: number;
  readonly at: number;
  readonly data: string;
  readonly key: Buffer | null;
  readonly signature: Buffer | null;
}

/** All that prunings took; one that this key did not sign is a problem, and took nothing. */
export function checkPrunings(
  database: Database,
  trusted: Buffer | undefined,
  problems: RecordProblem[],
): Pruned {
  const keys = new Set<string>();
  const runs = new Map<RecordKind, (readonly [bigint, bigint])[]>();
  const rows = database.prepare<[], PruningRow>("SELECT * FROM prunings ORDER BY id").all();
  for (const { id, at, data, key, signature } of rows) {
    const ours = trusted === undefined || (key !== null && trusted.equals(key));
    const signed =
      key !== null && signature !== null && isSignedBy(key, pruningText(data, at), signature);
    if (!ours || !signed) {
      const message = `pruning ${id} is not signed by ${ours ? "its" : "this installation's"} key`;
      problems.push({
        ...{ kind: "signature", record: "pruning", id: String(id), session: null, message },
      });
      continue;
    }
    const { took } = JSON.parse(data) as { readonly took: PrunedKeys };
    for (const [kind, names] of Object.entries(took) as [RecordKind, PrunedKeys["session"]][]) {
      for (const name of names ?? []) {
        if (typeof name === "string") keys.add(`${kind} ${name}`);
        else runs.set(kind, [...(runs.get(kind) ?? []), [BigInt(name[0]), BigInt(name[1])]]);
      }
    }
  }
  return { keys, runs };
}

/** Was it taken out on purpose? */
export function isPruned({ keys, runs }: Pruned, kind: RecordKind, id: string): boolean {
  if (keys.has(`${kind} ${id}`)) return true;
  const own = runs.get(kind);
  if (own === undefined) return false;
  const key = BigInt(id);
  return own.some(([first, last]) => key >= first && key <= last);
}
