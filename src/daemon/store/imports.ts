/**
 * Imports: sessions that another record was made of, and were put in here.
 * What they are held to, the origin's seal, is kept beside them, so that they
 * leave as they came. Their grants stay with it: a permission that a file
 * brings in speaks for no request.
 */
import type { Database } from "better-sqlite3";
import type { Session, SessionId } from "../model/session.js";
import type { NoteChange } from "./change-log.js";
import type { GroupCommit } from "./group-commit.js";
import { createSessionWriter } from "./sessions.js";
import { createWriting } from "./writing.js";

export interface Import {
  readonly session: SessionId;
  readonly at: Date;
  /** SHA-256 of the origin's lines, hex. */
  readonly head: string;
  /** Its last line, as it came. */
  readonly seal: string;
  /** Lines of grants, as they came. */
  readonly grants: readonly string[];
  /** False while it is written, and where the daemon died in it: the same file finishes it. */
  readonly complete: boolean;
}

export interface ImportLog {
  /** Writes the session, and that it comes from elsewhere; `first` is the least key of its exchanges. */
  begin(
    session: Session,
    origin: Omit<Import, "session" | "complete">,
    first: bigint | undefined,
  ): Promise<void>;
  finish(id: SessionId): Promise<void>;
  find(id: SessionId): Promise<Import | undefined>;
}

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
