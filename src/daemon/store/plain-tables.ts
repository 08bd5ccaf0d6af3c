/**
 * Plain tables: does a file that is read as a record hold rows, and nothing
 * that SQLite computes as it is read? A view, or a column that is an expression,
 * can take for ever, and no other work of this process runs meanwhile.
 */
import { tableOf } from "./canonical.js";
import type { Database } from "./sqlite.js";

/** The index of the search is in a record's file, and is not read to verify it. */
const notRead = "said";

/** Tables that are read beside those of the kinds of records. */
const besides = ["ended", "pieces"];

/**
 * What a record has none of, in words; undefined for a file of plain tables. The kinds that are
 * allowed are compared byte for byte: SQLite itself takes `VIEW`, or `view` and a zero byte, for a
 * view. `PRAGMA table_list` is no help, since it opens virtual tables, which then read others.
 */
export function notPlain(reader: Database): string | undefined {
  const made = reader
    .prepare<[string], { readonly type: unknown }>(
      `SELECT type FROM main.sqlite_schema
       WHERE type IS NOT 'index'
         AND (type IS NOT 'table' OR sql IS NULL OR sql NOT GLOB 'CREATE TABLE *')
         AND (type IS NOT 'table' OR name IS NOT ?) LIMIT 1`,
    )
    .get(notRead);
  if (made !== undefined) {
    return made.type === "table" ? "virtual tables" : "views or triggers";
  }
  for (const table of [...Object.values(tableOf).map((each) => each.table), ...besides]) {
    const columns = reader.pragma(`main.table_xinfo(${table})`) as readonly { hidden: number }[];
    if (columns.some(({ hidden }) => hidden !== 0)) return "columns that are computed";
  }
  return undefined;
}
