/**
 * Noted rows: records that are read again once they were written, for the
 * chain: those of which columns change later (sessions, reviews, grants), and
 * those that were there before there was a chain.
 */
import type { Database, Statement } from "better-sqlite3";
import {
  columnsOf,
  digestOf,
  type RecordKind,
  recordKinds,
  tableOf,
  type Value,
} from "./canonical.js";
import type { Chain } from "./chain.js";

/** A row's columns in canonical order, then its frames where its kind has some. */
type Row = readonly (Value | Buffer)[];

/** Select of a kind's canonical rows; `rest` is what follows the table's name. */
export function selectRows(
  database: Database,
  kind: RecordKind,
  rest: string,
): Statement<unknown[]> {
  const { table, frames } = tableOf[kind];
  const columns = [...columnsOf[kind], ...(frames === undefined ? [] : [frames])];
  return database.prepare(`SELECT ${columns.join(", ")} FROM ${table} ${rest}`).raw();
}

/** Digest of a row as `selectRows` gives it. */
export function digestOfRow(kind: RecordKind, row: Row): Buffer {
  if (tableOf[kind].frames === undefined) return digestOf(kind, row as readonly Value[]);
  return digestOf(kind, row.slice(0, -1) as readonly Value[], row.at(-1) as Buffer | null);
}

/** Notes a row as it now is, inside the transaction that changed it. */
export type NoteRow = (kind: RecordKind, key: string | number | bigint) => void;

/** Creates what notes rows of a database. */
export function createRowNotes(database: Database, chain: Pick<Chain, "note">): NoteRow {
  const byKey = new Map<RecordKind, Statement<unknown[]>>();
  return function note(kind: RecordKind, key: string | number | bigint): void {
    let select = byKey.get(kind);
    if (select === undefined) {
      select = selectRows(database, kind, `WHERE ${tableOf[kind].key} = ?`);
      byKey.set(kind, select);
    }
    const row = select.get(key) as Row | undefined;
    if (row !== undefined) chain.note(kind, key, digestOfRow(kind, row));
  };
}

/** Rows of one link, at most: what a link names is read as a whole. */
const linkRows = 4_096;

/** Brings records of before the chain into it; nothing where it has begun. */
export function adoptRows(database: Database, chain: Chain): void {
  if (chain.head().id > 0) return;
  for (const kind of recordKinds) {
    const { key } = tableOf[kind];
    const keys = database
      .prepare<[], string | number>(
        `SELECT ${columnsOf[kind][0]} FROM ${tableOf[kind].table} ORDER BY ${key}`,
      )
      .pluck()
      .all();
    const note = createRowNotes(database, chain);
    for (let from = 0; from < keys.length; from += linkRows) {
      database.transaction(() => {
        for (const one of keys.slice(from, from + linkRows)) {
          note(kind, /^(exchange|ending|exchange-review)$/.test(kind) ? BigInt(one) : one);
        }
        chain.transaction.seal();
      })();
      chain.transaction.committed();
    }
  }
}
