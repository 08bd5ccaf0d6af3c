/**
 * Change log: records whose columns change (sessions, reviews, grants). Each
 * state they were in is a row of `changes`, linked like any other; and records
 * of before there was a chain, which are taken into it.
 */
import { hash } from "node:crypto";
import type { Database, Statement } from "better-sqlite3";
import {
  allColumnsOf,
  type ChangingKind,
  canonicalText,
  changingKinds,
  isNamedByText,
  type RecordKind,
  tableOf,
  type Value,
} from "./canonical.js";
import type { Chain } from "./chain.js";

/** Select of a kind's rows in canonical order of columns, then `more`; `rest` follows the table's name. */
export function selectRows(
  database: Database,
  kind: RecordKind,
  rest: string,
  more: readonly string[] = [],
): Statement<unknown[]> {
  const columns = [...allColumnsOf(kind), ...more];
  return database.prepare(`SELECT ${columns.join(", ")} FROM ${tableOf[kind].table} ${rest}`).raw();
}

/** SHA-256 of a changing record as it is. */
export function stateDigest(kind: ChangingKind, columns: readonly Value[]): Buffer {
  return hash("sha256", canonicalText(kind, columns), "buffer");
}

/** Notes a record as it now is, inside the transaction that changed it. */
export type NoteChange = (kind: ChangingKind, key: string | number | bigint) => void;

/** Creates what notes records of a database. */
export function createChangeLog(
  database: Database,
  chain: Pick<Chain, "link" | "head">,
): NoteChange {
  const insert = database.prepare("INSERT INTO changes VALUES (?, ?, ?, ?, ?)");
  const byKey = new Map<ChangingKind, Statement<unknown[]>>();
  return function note(kind, key) {
    let select = byKey.get(kind);
    if (select === undefined) {
      select = selectRows(database, kind, `WHERE ${tableOf[kind].key} = ?`);
      byKey.set(kind, select);
    }
    const row = select.get(key) as readonly Value[] | undefined;
    if (row === undefined) return;
    const digest = stateDigest(kind, row);
    const { place, hash: link } = chain.link("change", [kind, String(key), digest.toString("hex")]);
    insert.run(place, kind, String(key), digest, link);
  };
}

/** Rows taken in by one transaction. */
const step = 2_048;

/** Takes what was recorded before the chain into it. */
export function adoptRows(database: Database, chain: Chain): void {
  const note = createChangeLog(database, chain);
  for (const kind of ["exchange", "frames", "ending"] as const) {
    const { table, key, frames = "" } = tableOf[kind];
    const rest = `WHERE place IS NULL ORDER BY ${key} LIMIT ${step}`;
    const rows = selectRows(database, kind, rest, [frames]);
    const update = database.prepare(`UPDATE ${table} SET place = ?, hash = ? WHERE ${key} = ?`);
    for (let found = step; found === step; ) {
      inTransaction(() => {
        const page = rows.all() as Value[][];
        for (const row of page) {
          const bytes = row.pop() as unknown as Buffer | null;
          const { place, hash: link } = chain.link(kind, row, bytes);
          update.run(place, link, BigInt(row[0] as string));
        }
        found = page.length;
      });
    }
  }
  if (database.prepare("SELECT 1 FROM changes").get() !== undefined) return;
  // Of records that change there are few.
  inTransaction(() => {
    for (const kind of changingKinds) {
      for (const [key] of selectRows(database, kind, "").all() as Value[][]) {
        note(kind, isNamedByText(kind) ? String(key) : BigInt(key as string));
      }
    }
  });

  function inTransaction(run: () => void): void {
    database.transaction(run)();
    chain.transaction.committed();
  }
}
