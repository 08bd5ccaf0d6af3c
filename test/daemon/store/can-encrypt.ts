/** Has the SQLite at hand ciphers? The one for newer Nodes, which the matrix takes, has none. */
import Database from "better-sqlite3";

export function canEncrypt(): boolean {
  const database = new Database(":memory:");
  const [row] = database.pragma("cipher = 'chacha20'") as readonly object[];
  database.close();
  return row !== undefined;
}
