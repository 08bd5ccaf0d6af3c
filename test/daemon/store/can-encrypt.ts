/** Has the SQLite at hand ciphers? The one for newer Nodes, which the matrix takes, has none. */
import { openSqlite } from "../../../src/daemon/store/sqlite.js";

export function canEncrypt(): boolean {
  const database = openSqlite(":memory:");
  const [row] = database.pragma("cipher = 'chacha20'") as readonly object[];
  database.close();
  return row !== undefined;
}
