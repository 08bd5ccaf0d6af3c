/**
 * Verify: the record held to its chain. It says what was edited, taken out,
 * put in, moved or cut off, by the name of the record; what was pruned is no
 * gap, for the chain says that too. Reads only, a page at a time, so that
 * its caller can let others run in between.
 */
import type { Database } from "better-sqlite3";
import {
  type ChangingKind,
  canonicalText,
  changingKinds,
  type LinkedKind,
  type Value,
} from "./canonical.js";
import { createLinkHash, hashInPlace, prefix } from "./chain.js";
import { selectRows, stateDigest } from "./change-log.js";
import { readLinkHashes } from "./link-hashes.js";
import { createLinkedRows, type LinkedBytes, type LinkedRow } from "./linked-rows.js";
import { missingRows } from "./missing-rows.js";
import { readPruned } from "./pruned.js";
import {
  labelOf,
  type RecordProblem,
  type RecordReport,
  type VerifyOptions,
} from "./record-report.js";
import { checkSeals } from "./seals.js";
import { createStoredChunks, isExpandable } from "./stored-chunks.js";

/** Bytes of chunks held while rows are read: what a few sessions said. */
const keptChunks = 8 * 1024 * 1024;
/** Rows that are compared to see whether they changed places. */
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
  const chunks = createStoredChunks(database, keptChunks);
  const rows = createLinkedRows(database);
  const pruned = readPruned(database, options.trusted, problems);
  const links = yield* readLinkHashes(database, pruned);
  const sealed = checkSeals(database, { ...options, links, pruned, problems });
  const states = new Map<string, string>();
  const seen = new Set<number>();
  /** Seals that were made before are in no link: older versions wrote them beside the chain. */
  let firstSeal = Number.POSITIVE_INFINITY;
  const mismatches: Mismatch[] = [];
  let records = 0;
  let bytes = 0;

  /** A chunk that is missing or damaged: the row's hash will say so. */
  function expanded(row: Buffer): Buffer {
    try {
      return chunks.expand(row);
    } catch {
      return row;
    }
  }

  /** Is it what was written, by what SQLite says is hashed? What is not so is looked at closer. */
  function fits({ place, bytes: row }: LinkedBytes): boolean {
    if (place === null || row === null || !links.has(place) || links.isShared(place)) return false;
    const [before, hash] = [links.at(place - 1), links.at(place)];
    if (before === undefined || hash === undefined) return false;
    const end = textEnd(row);
    const frames = row.subarray(end);
    const isSmaller = isExpandable(frames);
    const whole = isSmaller ? expanded(frames) : frames;
    const found = isSmaller
      ? linkHash(before, place, row.subarray(prefix, end), whole)
      : hashInPlace(before, place, row);
    if (!found.equals(hash)) return false;
    bytes += whole.length;
    return true;
  }

  function lookAtLinked(kind: LinkedKind, row: LinkedRow): void {
    const { name: key, session, columns, place, hash } = row;
    const frames = row.frames === null ? null : expanded(row.frames);
    bytes += frames?.length ?? 0;
    if (place === null || hash === null || !links.has(place) || seen.has(place)) {
      const message = `${labelOf(kind, key)} has no place of its own in the chain: it was put in`;
      problems.push({ kind: "inserted", record: kind, id: key, session, message });
      return;
    }
    if (links.isShared(place)) seen.add(place);
    const before = links.at(place - 1);
    // After a gap it is not known what its hash should be.
    if (before === undefined) return;
    const text = canonicalText(kind, columns);
    if (row.typed && linkHash(before, place, text, frames).equals(hash)) return;
    mismatches.push({ kind, key, place, hash, columns, frames });
    const message = `${labelOf(kind, key)} is not as it was written, or not what it follows`;
    problems.push({ kind: "edited", record: kind, id: key, session, message });
  }

  function noteState([kind, key, digest]: readonly Value[]): void {
    states.set(`${kind} ${key}`, String(digest));
    if (kind === "seal") firstSeal = Math.min(firstSeal, Number(key));
  }

  for (const run of links.runs) {
    for (const [number, row] of rows.bytes(run).entries()) {
      const closer = fits(row) ? undefined : rows.row(run, number);
      if (run.kind === "change") noteState(closer?.columns ?? columnsIn(row));
      else records += 1;
      if (closer !== undefined) lookAtLinked(run.kind, closer);
    }
    yield bytes;
  }

  for (const kind of changingKinds) {
    for (const row of selectRows(database, kind, "").all() as Value[][]) {
      const key = String(row[0]);
      if (kind !== "seal") records += 1;
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
      kind === "session" || kind === "import"
        ? key
        : kind === "review"
          ? ((row[1] as string | null) ?? null)
          : null;
    const wanted = states.get(`${kind} ${key}`);
    states.delete(`${kind} ${key}`);
    if (wanted === stateDigest(kind, row).toString("hex")) return;
    const inserted = wanted === undefined;
    if (inserted && kind === "seal" && Number(key) < firstSeal) return;
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

  /** Two changed rows changed places where each is what the other was. */
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
    const right = (place: number, hash: Buffer, as: string) => {
      const before = links.at(place - 1);
      return before !== undefined && linkHash(before, place, as, one.frames).equals(hash);
    };
    if (one.kind !== "change" && right(one.place, one.hash, renamed)) return true;
    if (right(other.place, other.hash, text)) return true;
    // A change's place is its name: its hash came with it, and so may the one before it have.
    return one.kind === "change" && right(other.place, one.hash, text);
  }
}

/** Where a row's canonical text ends: with the only line feed in it. */
function textEnd(bytes: Buffer): number {
  return bytes.indexOf(10, prefix) + 1;
}

/** The columns of a row's canonical text. */
function columnsIn({ bytes }: LinkedBytes): readonly Value[] {
  return bytes === null ? [] : JSON.parse(bytes.toString("utf8", prefix, textEnd(bytes))).slice(1);
}
