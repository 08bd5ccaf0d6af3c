/** A file whose schema makes SQLite compute what it reads is refused before any of it is read. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyFile } from "../../../src/daemon/store/record-log.js";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { temporaryFolder } from "./temporary-folder.js";

/** Rows that never end; the `WHERE` is never true, so that SQLite does not come back at all. */
const endless = `WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
  SELECT id, id AS at, id AS data, id AS key, id AS signature FROM n WHERE id < 0`;
const view = `DROP TABLE prunings; CREATE VIEW prunings AS ${endless}`;
/** SQLite compares the type without regard to case, and only up to a zero byte. */
const typed = (type: string) =>
  `${view}; PRAGMA writable_schema = ON;
   UPDATE sqlite_schema SET type = ${type} WHERE name = 'prunings'`;

test.each([
  ["a view", view, "views or triggers"],
  ["a view in capitals", typed("'VIEW'"), "views or triggers"],
  ["a view and a zero byte", typed("'view' || char(0) || 'x'"), "views or triggers"],
  ["a view of bytes", typed("CAST('view' AS BLOB)"), "views or triggers"],
  ["a trigger", "CREATE TRIGGER t AFTER INSERT ON seals BEGIN SELECT 1; END", "views or triggers"],
  [
    "a virtual table",
    "DROP TABLE prunings; CREATE VIRTUAL TABLE prunings USING fts5(id, at, data, key, signature)",
    "virtual tables",
  ],
  [
    "a virtual table that reads a view as it is opened",
    `CREATE VIRTUAL TABLE odd USING fts5(id); DROP TABLE odd_config;
     CREATE VIEW odd_config AS SELECT at AS k, data AS v FROM (${endless})`,
    "virtual tables",
  ],
  [
    "a computed column",
    `DROP TABLE prunings; CREATE TABLE prunings (id INTEGER PRIMARY KEY, at, key, signature,
       data AS (printf('%.*c', 30000, 'a') LIKE '%a%a%a%a%a%a%b'))`,
    "columns that are computed",
  ],
])("%s is no record", async (_name, change, why) => {
  const file = join(temporaryFolder(), "record.db");
  const store = await openStore({ file, warn: () => undefined });
  await store.close();
  expect((await verifyFile(file, {})).problems).toEqual([]);
  const database = openSqlite(file);
  database.pragma("foreign_keys = OFF");
  database.unsafeMode(true);
  database.exec(change);
  database.close();
  await expect(verifyFile(file, {})).rejects.toThrow(`it has ${why}`);
});
