/**
 * Schema: what a file is brought to (migrations.ts has the tables).
 *
 * Laid out for the data path (docs/decisions/0005-store.md): a transaction
 * that opens an exchange touches the ends of `exchanges` and of one index, one
 * that ends it touches the end of `endings`; frames that are written together
 * with either travel in its row, packed, and only those in between get rows in
 * `frames`, each naming the one before it, so that no index is needed there.
 */
import type { Database } from "better-sqlite3";
import { migrations } from "./migrations.js";

/** Brings a database to this version's schema; refuses one that a newer hoopx wrote. */
export function migrate(database: Database): void {
  const has = database.pragma("user_version", { simple: true }) as number;
  if (has > migrations.length) {
    throw new Error(
      `${database.name} was written by a newer hoopx (schema ${has}, this one knows ${migrations.length}): use that version, or move the file away`,
    );
  }
  if (has === migrations.length) return;
  database.transaction(() => {
    for (const step of migrations.slice(has)) database.exec(step);
    database.pragma(`user_version = ${migrations.length}`);
  })();
}
