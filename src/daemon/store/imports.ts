/**
 * Imports: sessions that another record was made of, and were put in here.
 * What they are held to, the origin's seal, is kept beside them, so that they
 * leave as they came. Their grants stay with it: a permission that a file
 * brings in speaks for no request.
 */
import type { Database } from "better-sqlite3";
import type { NoteChange } from "./change-log.js";
import type { GroupCommit } from "./group-commit.js";
import { createSessionWriter } from "./sessions.js";
import type { ImportLog } from "./store.js";
import { createWriting } from "./writing.js";

interface ImportRow {
  readonly session: string;
  readonly at: number;
  readonly head: string;
  readonly seal: string;
  readonly grants: string;
  readonly complete: number;
}

/** The step of the schema that this needs. */
export const importsStep = `
  CREATE TABLE imports (
    session TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    head TEXT NOT NULL,
    seal TEXT NOT NULL,
    grants TEXT NOT NULL,
    complete INTEGER NOT NULL
  );
  `;

/** Creates a database's imports. */
export function createImportLog(
  database: Database,
  group: GroupCommit,
  note: NoteChange,
): ImportLog {
  const insert = database.prepare("INSERT INTO imports VALUES (?, ?, ?, ?, ?, 0)");
  const complete = database.prepare("UPDATE imports SET complete = 1 WHERE session = ?");
  const bySession = database.prepare<[string], ImportRow>(
    "SELECT * FROM imports WHERE session = ?",
  );
  // Its exchanges are older than the mark up to which a start looks at nothing (unfinished.ts).
  const look = database.prepare("UPDATE ended SET through = min(through, ?)");
  const insertSession = createSessionWriter(database, note);
  const { write } = createWriting(group);

  return {
    begin: (session, { at, head, seal, grants }, first) =>
      write(() => {
        insertSession(session);
        insert.run(session.id, at.getTime(), head, seal, JSON.stringify(grants));
        note("import", session.id);
        if (first !== undefined) look.run(first - 1n);
      }),

    finish: (id) =>
      write(() => {
        complete.run(id);
        note("import", id);
      }),

    async find(id) {
      const row = bySession.get(id);
      return (
        row && {
          session: row.session,
          at: new Date(row.at),
          head: row.head,
          seal: row.seal,
          grants: JSON.parse(row.grants) as readonly string[],
          complete: row.complete === 1,
        }
      );
    },
  };
}
