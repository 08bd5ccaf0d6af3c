/**
 * Verify: the record held against its chain. It says what was edited, taken
 * out, put in, moved or cut off, by the name of the record; one that was
 * pruned is no gap, for the chain says that too. Reads only, a page at a time,
 * so that whoever walks it can let others run in between.
 */
import type { Database } from "better-sqlite3";
import { columnsOf, type RecordKind, recordKinds, tableOf, type Value } from "./canonical.js";
import type { ChainHead } from "./chain.js";
import { createLinkCheck } from "./link-check.js";
import { digestOfRow, selectRows } from "./noted-rows.js";
import { checkPrunings, isPruned } from "./pruned.js";
import { checkSeals } from "./seals.js";

export interface RecordProblem {
  readonly kind: "edited" | "deleted" | "inserted" | "reordered" | "cut" | "signature";
  readonly record: RecordKind | "link" | "seal";
  /** The record's own name; a link's number. */
  readonly id: string;
  /** Null where the record itself does not say, or is not there. */
  readonly session: string | null;
  /** One sentence. */
  readonly message: string;
}

export interface RecordReport {
  readonly links: number;
  readonly records: number;
  readonly bytes: number;
  readonly head: ChainHead;
  /** The last link that was signed, and by which key; null where none was. */
  readonly sealed: { readonly link: number; readonly at: Date; readonly key: string } | null;
  readonly problems: readonly RecordProblem[];
}

export interface VerifyOptions {
  /** A head that was kept elsewhere: the record has to contain it. */
  readonly head?: ChainHead | undefined;
  /** The key that may have signed it: raw Ed25519, 32 bytes. Absent: whichever did. */
  readonly trusted?: Buffer | undefined;
}

/** Rows looked at before others may run; of kinds with frames fewer. */
const page = 512;

interface Mismatch {
  readonly kind: RecordKind;
  readonly key: string;
  readonly row: readonly (Value | Buffer)[];
  readonly expected: Buffer;
}

/** Records of which is looked whether they changed places with one another. */
const comparedMismatches = 64;

/** Walks the record; yields after each page the bytes looked at so far. */
export function* verifyRecord(
  database: Database,
  options: VerifyOptions = {},
): Generator<number, RecordReport> {
  const problems: RecordProblem[] = [];
  const links = createLinkCheck(database, problems);
  yield* links.walk();
  const { expected, head } = links;
  const sealed = checkSeals(database, { ...options, links, problems });
  const pruned = checkPrunings(database, options.trusted, problems);
  const mismatches: Mismatch[] = [];
  let records = 0;
  let bytes = 0;

  for (const kind of recordKinds) {
    const { key, frames } = tableOf[kind];
    const rows = selectRows(database, kind, `WHERE ${key} > ? ORDER BY ${key} LIMIT ?`);
    const names = columnsOf[kind] as readonly string[];
    const sessionAt = kind === "session" ? 0 : names.indexOf("session");
    const size = frames === undefined ? page : 64;
    for (let after: unknown = isText(kind) ? "" : -1n; ; ) {
      const found = rows.all(after, size) as (Value | Buffer)[][];
      for (const row of found) {
        const name = String(row[0]);
        records += 1;
        if (frames !== undefined) bytes += (row.at(-1) as Buffer | null)?.length ?? 0;
        const wanted = expected.get(`${kind} ${name}`);
        const session = sessionAt === -1 ? null : ((row[sessionAt] as string | null) ?? null);
        if (wanted === undefined) {
          const message = `${label(kind, name)} is in no link: it was put in`;
          problems.push({ kind: "inserted", record: kind, id: name, session, message });
          continue;
        }
        expected.delete(`${kind} ${name}`);
        if (digestOfRow(kind, row).equals(wanted)) continue;
        mismatches.push({ kind, key: name, row, expected: wanted });
        const message = `${label(kind, name)} is not as it was written`;
        problems.push({ kind: "edited", record: kind, id: name, session, message });
      }
      if (found.length < size) break;
      const lastKey = found.at(-1)?.[0];
      after = isText(kind) ? lastKey : BigInt(lastKey as string | number);
      yield bytes;
    }
    yield bytes;
  }

  for (const name of expected.keys()) {
    const [kind, id] = name.split(" ", 2) as [RecordKind, string];
    if (isPruned(pruned, kind, id)) continue;
    const message = `${label(kind, id)} is missing: it was taken out`;
    problems.push({ kind: "deleted", record: kind, id, session: null, message });
  }
  return {
    ...{ links: links.count, records, bytes, head, sealed },
    problems: withSwaps(problems, mismatches),
  };
}

/** Names kinds whose rows are keyed by text. */
function isText(kind: RecordKind): boolean {
  return kind === "session" || kind === "review" || kind === "grant";
}

function label(kind: RecordKind, id: string): string {
  return kind === "frames" ? `row ${id} of frames` : `${kind} ${id}`;
}

/** Two edited records, each of which is what the other was, were moved. */
function withSwaps(
  problems: readonly RecordProblem[],
  mismatches: readonly Mismatch[],
): readonly RecordProblem[] {
  const swapped = new Map<string, string>();
  const compared = mismatches.slice(0, comparedMismatches);
  for (const one of compared) {
    for (const other of compared) {
      if (one === other || one.kind !== other.kind) continue;
      const moved = digestOfRow(one.kind, [other.key, ...one.row.slice(1)]);
      const asNumber = digestOfRow(one.kind, [Number(other.key), ...one.row.slice(1)]);
      if (moved.equals(other.expected) || asNumber.equals(other.expected)) {
        swapped.set(`${one.kind} ${one.key}`, other.key);
      }
    }
  }
  return problems.map((problem) => {
    const other = swapped.get(`${problem.record} ${problem.id}`);
    if (other === undefined || problem.kind !== "edited") return problem;
    const kind = problem.record as RecordKind;
    const message = `${label(kind, problem.id)} is what ${label(kind, other)} was: they changed places`;
    return { ...problem, kind: "reordered", message };
  });
}
