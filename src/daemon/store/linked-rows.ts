/**
 * Linked rows: the rows of the chain, read through a run at a time. Of most of
 * them the columns are not needed: SQLite itself puts together what is hashed,
 * and a row is taken apart only where that does not fit.
 */
import type { Database } from "better-sqlite3";
import {
  allColumnsOf,
  canonicalSql,
  type LinkedKind,
  linkedKinds,
  tableOf,
  type Value,
} from "./canonical.js";
import { prefix } from "./chain.js";
import { selectRows } from "./change-log.js";

/** Keys of neighbouring rows of a table: the first and the last, both among them. */
export interface KeyRun {
  readonly kind: LinkedKind;
  readonly first: bigint;
  readonly last: bigint;
}

/** A row as it is hashed. */
export interface LinkedBytes {
  /** Null where its types are not what was ever written. */
  readonly place: number | null;
  /** Room for a link's prefix, the canonical text, and the frames as they are stored. */
  readonly bytes: Buffer | null;
}

/** A row in its columns. */
export interface LinkedRow {
  /** What it is called where something is said of it. */
  readonly name: string;
  readonly session: string | null;
  readonly columns: readonly Value[];
  readonly place: number | null;
  readonly hash: Buffer | null;
  readonly frames: Buffer | null;
  /** Are its frames of the type that was written? */
  readonly typed: boolean;
}

/** Rows read at once; each may hold a megabyte. */
const runRows = 32;
const lowest = -(2n ** 63n);
const highest = 2n ** 63n - 1n;

/** All rows of a table, in runs; no key is in none of them. */
export function* keyRuns(database: Database, kind: LinkedKind): Generator<KeyRun> {
  const { table, key } = tableOf[kind];
  // Keys are beyond what a number holds, so the last one of a run is asked for as text.
  const ends = database
    .prepare<[bigint], string>(
      `SELECT CAST(${key} AS TEXT) FROM ${table} WHERE ${key} >= ? ORDER BY ${key} LIMIT 1 OFFSET ${runRows - 1}`,
    )
    .pluck();
  for (let first = lowest; first <= highest; ) {
    const last = BigInt(ends.get(first) ?? highest);
    yield { kind, first, last };
    first = last + 1n;
  }
}

/** Creates what reads runs: as what is hashed, and by columns. */
export function createLinkedRows(database: Database) {
  const statements = new Map(linkedKinds.map((kind) => [kind, statementsOf(database, kind)]));
  const of = (kind: LinkedKind) => statements.get(kind) as ReturnType<typeof statementsOf>;

  return {
    bytes({ kind, first, last }: KeyRun): readonly LinkedBytes[] {
      try {
        const rows = of(kind).bytes.all(first, last);
        return rows.map(([place, bytes]) => ({ place, bytes }));
      } catch {
        // JSON has no text for a column that was made a BLOB: each row is taken apart.
        return of(kind)
          .keys.all(first, last)
          .map(() => ({ place: null, bytes: null }));
      }
    },
    /** One row of a run, by its number in it. */
    row({ kind, first, last }: KeyRun, number: number): LinkedRow {
      const name = of(kind).keys.all(first, last)[number] ?? "";
      // Nothing is found by its key where the file's own order is damaged: it fits nowhere then.
      const row = (of(kind).row.get(BigInt(name)) ?? []) as readonly unknown[];
      const width = allColumnsOf(kind).length;
      const columns = row.slice(0, width) as Value[];
      const [place, hash, frames] = row.slice(width);
      return {
        ...{ name, columns, place: place as number | null },
        session: kind === "exchange" ? ((columns[1] as string | null) ?? null) : null,
        hash: Buffer.isBuffer(hash) ? hash : null,
        frames: Buffer.isBuffer(frames) ? frames : null,
        typed: frames === null || Buffer.isBuffer(frames),
      };
    },
  };
}

function statementsOf(database: Database, kind: LinkedKind) {
  const { table, key, frames = "NULL" } = tableOf[kind];
  const where = `WHERE ${key} BETWEEN ? AND ? ORDER BY ${key}`;
  const typed = `CASE WHEN typeof(${frames}) IN ('blob', 'null') THEN place END`;
  // The text holds no line feed but its last byte, which says where the frames begin.
  const bytes = `CAST(zeroblob(${prefix}) || ${canonicalSql(kind)} || coalesce(${frames}, '') AS BLOB)`;
  return {
    bytes: database
      .prepare<[bigint, bigint], readonly [number | null, Buffer]>(
        `SELECT ${typed}, ${bytes} FROM ${table} ${where}`,
      )
      .raw(),
    keys: database
      .prepare<[bigint, bigint], string>(`SELECT CAST(${key} AS TEXT) FROM ${table} ${where}`)
      .pluck(),
    row: selectRows(database, kind, `WHERE ${key} = ?`, ["place", "hash", frames]),
  };
}
