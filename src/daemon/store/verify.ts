/**
 * Verify: the record held to its chain. It says what was edited, taken out,
 * put in, moved or cut off, by the name of the record; what was pruned is no
 * gap, for the chain says that too. Reads only, a page at a time, so that
 * whoever walks it can let others run in between.
 */
import type { Database } from "better-sqlite3";
import {
  type ChangingKind,
  canonicalText,
  changingKinds,
  columnsOf,
  type LinkedKind,
  linkedKinds,
  tableOf,
  type Value,
} from "./canonical.js";
import { createLinkHash } from "./chain.js";
import { readLinkHashes } from "./link-hashes.js";
import { missingRows } from "./missing-rows.js";
import { selectRows, stateDigest } from "./noted-rows.js";
import { createPieces } from "./pieces.js";
import { readPruned } from "./pruned.js";
import {
  labelOf,
  type RecordProblem,
  type RecordReport,
  type VerifyOptions,
} from "./record-report.js";
import { checkSeals } from "./seals.js";

/** Rows looked at before others may run. */
const page = 128;
/** Rows of which is looked whether they changed places with one another. */
const compared = 64;

interface Mismatch {
  readonly kind: LinkedKind;
  readonly key: string;
  readonly place: number;
  readonly hash: Buffer;
  readonly columns: readonly Value[];
  readonly frames: Buffer | null;
}

/** Walks the record; yields after each page the bytes looked at so far. */
export function* verifyRecord(
  database: Database,
  options: VerifyOptions = {},
): Generator<number, RecordReport> {
  const problems: RecordProblem[] = [];
  const linkHash = createLinkHash();
  const pieces = createPieces(database);
  const pruned = readPruned(database, options.trusted, problems);
  const links = yield* readLinkHashes(database, pruned);
  const sealed = checkSeals(database, { ...options, links, pruned, problems });
  const states = new Map<string, string>();
  const seen = new Set<number>();
  const mismatches: Mismatch[] = [];
  let records = 0;
  let bytes = 0;

  /** A piece that is missing or damaged: the row's hash will say so. */
  function expanded(row: Buffer): Buffer {
    try {
      return pieces.expand(row);
    } catch {
      return row;
    }
  }

  function lookAtLinked(kind: LinkedKind, columns: readonly Value[], rest: readonly unknown[]) {
    const [place, hash, stored = null] = rest as [number | null, Buffer | null, (Buffer | null)?];
    const frames = stored === null ? null : expanded(stored);
    const key = kind === "change" ? String(place) : String(columns[0]);
    const session = kind === "exchange" ? ((columns[1] as string | null) ?? null) : null;
    if (kind === "change") states.set(`${columns[0]} ${columns[1]}`, String(columns[2]));
    else records += 1;
    bytes += frames?.length ?? 0;
    if (place === null || hash === null || seen.has(place)) {
      const message = `${labelOf(kind, key)} has no place of its own in the chain: it was put in`;
      problems.push({ kind: "inserted", record: kind, id: key, session, message });
      return;
    }
    seen.add(place);
    const before = links.at(place - 1);
    // After a gap nobody can say what its hash should be.
    if (before === undefined) return;
    if (linkHash(before, place, canonicalText(kind, columns), frames).equals(hash)) return;
    mismatches.push({ kind, key, place, hash, columns, frames });
    const message = `${labelOf(kind, key)} is not as it was written, or not what it follows`;
    problems.push({ kind: "edited", record: kind, id: key, session, message });
  }

  for (const kind of linkedKinds) {
    const { key, frames } = tableOf[kind];
    const more = ["place", "hash", ...(frames === undefined ? [] : [frames])];
    const rows = selectRows(database, kind, `WHERE ${key} > ? ORDER BY ${key} LIMIT ${page}`, more);
    const width = columnsOf[kind].length;
    for (let after = -1n; ; ) {
      const found = rows.all(after) as (readonly unknown[])[];
      for (const row of found) {
        lookAtLinked(kind, row.slice(0, width) as Value[], row.slice(width));
      }
      yield bytes;
      const last = found.at(-1);
      if (last === undefined || found.length < page) break;
      after = BigInt((kind === "change" ? last[width] : last[0]) as string | number);
    }
  }

  for (const kind of changingKinds) {
    for (const row of selectRows(database, kind, "").all() as Value[][]) {
      const key = String(row[0]);
      records += 1;
      lookAtState(kind, key, row);
    }
    yield bytes;
  }
  for (const name of states.keys()) {
    const [kind, key] = name.split(" ", 2) as [ChangingKind, string];
    if (pruned.hasRecord(kind, key)) continue;
    const message = `${labelOf(kind, key)} is missing: it was taken out`;
    problems.push({ kind: "deleted", record: kind, id: key, session: null, message });
  }

  function lookAtState(kind: ChangingKind, key: string, row: readonly Value[]): void {
    const session =
      kind === "session" ? key : kind === "review" ? ((row[1] as string | null) ?? null) : null;
    const wanted = states.get(`${kind} ${key}`);
    states.delete(`${kind} ${key}`);
    if (wanted === stateDigest(kind, row).toString("hex")) return;
    const inserted = wanted === undefined;
    const message = `${labelOf(kind, key)} ${inserted ? "is in no link: it was put in" : "is not as it was written"}`;
    problems.push({
      ...{ kind: inserted ? "inserted" : "edited", record: kind, id: key, session, message },
    });
  }

  problems.push(...missingRows(database, links.gaps()));
  return {
    ...{ links: links.count, records, bytes, head: links.head, sealed },
    problems: withSwaps(),
  };

  /** Two that are not as they were, each of which is what the other was, changed places. */
  function withSwaps(): readonly RecordProblem[] {
    const moved = new Map<string, string>();
    const few = mismatches.slice(0, compared);
    for (const one of few) {
      const other = few.find((each) => each !== one && each.kind === one.kind && was(one, each));
      if (other !== undefined) moved.set(`${one.kind} ${one.key}`, other.key);
    }
    return problems.map((problem) => {
      const other = moved.get(`${problem.record} ${problem.id}`);
      if (other === undefined || problem.kind !== "edited") return problem;
      const kind = problem.record as LinkedKind;
      const message = `${labelOf(kind, problem.id)} is what ${labelOf(kind, other)} was: they changed places`;
      return { ...problem, kind: "reordered", message };
    });
  }

  /** Is it right under the other's name, or in the other's place? */
  function was(one: Mismatch, other: Mismatch): boolean {
    const name = one.kind === "frames" ? Number(other.key) : other.key;
    const renamed = canonicalText(one.kind, [name, ...one.columns.slice(1)]);
    const text = canonicalText(one.kind, one.columns);
    const fits = (place: number, hash: Buffer, as: string) => {
      const before = links.at(place - 1);
      return before !== undefined && linkHash(before, place, as, one.frames).equals(hash);
    };
    if (one.kind !== "change" && fits(one.place, one.hash, renamed)) return true;
    if (fits(other.place, other.hash, text)) return true;
    // A change's place is its name: its hash came with it, and so may the one before it have.
    return one.kind === "change" && fits(other.place, one.hash, text);
  }
}
