/**
 * SQLite: the native module that this Node can load, loaded at the first use.
 * Version 13 brings binaries for Node 22 and newer and needs no install script,
 * but crashes Node 20, which takes version 12. npm installs both as optional
 * packages, so a missing one shows only here: the error names the mend.
 */
import { createRequire } from "node:module";
import type BetterSqlite from "better-sqlite3";
import { type SqliteFault, sqliteMend } from "./sqlite-mend.js";

export type Database = BetterSqlite.Database;

/** The native module is not there, or cannot be loaded. `hint` says how to install it. */
export class SqliteMissingError extends Error {
  override readonly name = "SqliteMissingError";
  readonly hint: string;

  constructor(hint: string, cause: unknown) {
    super(`SQLite for Node ${process.versions.node} is not installed, or cannot be loaded`, {
      cause,
    });
    this.hint = hint;
  }
}

/** Opens a database file. Throws `SqliteMissingError` where SQLite itself is missing. */
export function openSqlite(file: string, options?: BetterSqlite.Options): Database {
  return new (library())(file, options);
}

/** SQLite's own code of an error (`SQLITE_BUSY`), empty for any other error. */
export function sqliteCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code.startsWith("SQLITE_") ? code : "";
}

const load = createRequire(import.meta.url);

/** Node remembers what it loaded. */
function library(): typeof BetterSqlite {
  const major = Number.parseInt(process.versions.node, 10);
  const name = major >= 22 ? "better-sqlite3" : "better-sqlite3-node20";
  try {
    const library = load(name) as typeof BetterSqlite;
    // The machine code is loaded with the first database only.
    new library(":memory:").close();
    return library;
  } catch (error) {
    throw new SqliteMissingError(sqliteMend(major, faultOf(error, name)), error);
  }
}

/** Node's resolution says of the package itself that it is not there; of a part of it, it is broken. */
function faultOf(error: unknown, name: string): SqliteFault {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "MODULE_NOT_FOUND" && message.includes(`'${name}'`) ? "absent" : "unusable";
}
