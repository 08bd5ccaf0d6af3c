/**
 * Sessions: who ran what, as rows. Of a session's token only the digest is
 * here.
 */
import type { Database } from "better-sqlite3";
import {
  type ProcessCheck,
  replayLabel,
  type Session,
  type SessionCredential,
  type SessionStatus,
} from "../model/session.js";
import type { NoteChange } from "./change-log.js";
import type { GroupCommit } from "./group-commit.js";
import type { SearchIndex } from "./search-index.js";
import { createSessionSearch } from "./session-search.js";
import type { SessionFilter, SessionLog } from "./store.js";
import { createTotals } from "./totals.js";
import { createWriting } from "./writing.js";

interface SessionRow {
  readonly id: string;
  readonly token_digest: Buffer;
  readonly title: string | null;
  readonly labels: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly groups: string;
  readonly pid: number | null;
  readonly runner_pid: number;
  readonly runner_start: string | null;
  readonly command: string;
  readonly cwd: string;
  readonly host: string;
  readonly user: string;
  readonly connections: string;
  readonly started_at: number;
  readonly expires_at: number;
  readonly policy_hash: string;
  readonly status: SessionStatus;
  readonly ended_at: number | null;
  readonly exit_code: number | null;
  readonly profile: string | null;
  readonly pid_start: string | null;
  readonly git: string | null;
  readonly ci: string | null;
  readonly credentials: string;
  readonly process_check: ProcessCheck;
}

/** More than one is ambiguous; these many are named. */
const mostFound = 10;

/** Creates what writes a new session, inside whatever transaction there is. */
export function createSessionWriter(
  database: Database,
  note: NoteChange,
): (session: Session) => void {
  const insert = database.prepare(
    `INSERT INTO sessions VALUES (
      @id, @token_digest, @title, @labels, @issuer, @subject, @email, @groups, @pid, @runner_pid,
      @runner_start, @command, @cwd, @host, @user, @connections, @started_at, @expires_at,
      @policy_hash, @status, @ended_at, @exit_code, @profile, @pid_start, @git, @ci, @credentials,
      @process_check)`,
  );
  return (session) => {
    insert.run(rowOf(session));
    note("session", session.id);
  };
}

/** Creates a database's sessions. */
export function createSessionLog(
  database: Database,
  group: GroupCommit,
  note: NoteChange,
  index: Pick<SearchIndex, "flush" | "waiting">,
): SessionLog {
  const insert = createSessionWriter(database, note);
  const updateChild = database.prepare(
    "UPDATE sessions SET pid = ?, pid_start = ?, command = ? WHERE id = ?",
  );
  const updateStatus = database.prepare(
    "UPDATE sessions SET status = ?, ended_at = ?, exit_code = ? WHERE id = ?",
  );
  const byId = database.prepare<[string], SessionRow>("SELECT * FROM sessions WHERE id = ?");
  const newest = database.prepare<[], SessionRow>(
    `SELECT * FROM sessions WHERE json_extract(labels, '$."${replayLabel}"') IS NULL
     ORDER BY started_at DESC, rowid DESC LIMIT 1`,
  );
  const byBeginning = database.prepare<[string, string], SessionRow>(
    `SELECT * FROM sessions WHERE id > ? AND id < ? || char(0x10ffff)
     ORDER BY started_at DESC, rowid DESC LIMIT ${mostFound}`,
  );
  const ofRunners = database.prepare<[string], SessionRow>(
    `SELECT * FROM sessions WHERE rowid IN
       (SELECT max(rowid) FROM sessions WHERE runner_pid IN (SELECT value FROM json_each(?))
        GROUP BY runner_pid, runner_start) ORDER BY rowid`,
  );
  const search = createSessionSearch(database);

  const { write } = createWriting(group);
  const written = (id: string, run: () => { readonly changes: number }) =>
    write(() => {
      if (run().changes === 0) throw new Error(`no session ${id} in the record`);
      note("session", id);
    });

  return {
    add: (session) => write(() => insert(session)),
    setChild: (id, { pid, pidStart, command }) =>
      written(id, () => updateChild.run(pid, pidStart, command, id)),
    end: (id, { status, endedAt, exitCode }) =>
      written(id, () => updateStatus.run(status, endedAt.getTime(), exitCode, id)),

    async find(id) {
      if (id === "") return [];
      const exact = id === "last" ? newest.get() : byId.get(id);
      const rows = exact === undefined ? byBeginning.all(id, id) : [exact];
      return rows.map(sessionOf);
    },

    async list(filter) {
      if (asksIndex(filter)) await index.flush();
      const rows = (await search(filter)).map((id) => byId.get(id));
      // One may have been pruned meanwhile.
      return rows.filter((row) => row !== undefined).map(sessionOf);
    },

    ofRunners: async (pids) => ofRunners.all(JSON.stringify(pids)).map(sessionOf),

    unindexed: () => index.waiting(),

    totals: createTotals(database),
  };
}

/** Does the answer depend on what exchanges said and did? */
function asksIndex({ search, model, tool, outcomes, masked, costOver }: SessionFilter): boolean {
  return [search, model, tool, outcomes, masked, costOver].some((asked) => asked !== undefined);
}

function rowOf(session: Session): SessionRow {
  const { identity, process } = session;
  return {
    id: session.id,
    token_digest: Buffer.from(session.tokenDigest),
    title: session.title,
    labels: JSON.stringify(session.labels),
    issuer: identity.issuer,
    subject: identity.subject,
    email: identity.email,
    groups: JSON.stringify(identity.groups),
    pid: process.pid,
    runner_pid: process.runnerPid,
    runner_start: process.runnerStart,
    command: process.command,
    cwd: process.cwd,
    host: process.host,
    user: process.user,
    connections: JSON.stringify(session.connections),
    started_at: session.startedAt.getTime(),
    expires_at: session.expiresAt.getTime(),
    policy_hash: session.policyHash,
    status: session.status,
    ended_at: session.endedAt?.getTime() ?? null,
    exit_code: session.exitCode,
    profile: identity.profile,
    pid_start: process.pidStart,
    git: process.git && JSON.stringify(process.git),
    ci: process.ci && JSON.stringify(process.ci),
    credentials: JSON.stringify(session.credentials),
    process_check: session.processCheck,
  };
}

function sessionOf(row: SessionRow): Session {
  return {
    id: row.id,
    tokenDigest: row.token_digest,
    title: row.title,
    labels: JSON.parse(row.labels),
    identity: {
      issuer: row.issuer,
      subject: row.subject,
      email: row.email,
      groups: JSON.parse(row.groups),
      profile: row.profile,
    },
    process: {
      pid: row.pid,
      pidStart: row.pid_start,
      runnerPid: row.runner_pid,
      runnerStart: row.runner_start,
      command: row.command,
      cwd: row.cwd,
      host: row.host,
      user: row.user,
      git: row.git === null ? null : JSON.parse(row.git),
      ci: row.ci === null ? null : JSON.parse(row.ci),
    },
    processCheck: row.process_check,
    connections: JSON.parse(row.connections),
    credentials: credentialsOf(row.credentials),
    startedAt: new Date(row.started_at),
    expiresAt: new Date(row.expires_at),
    policyHash: row.policy_hash,
    status: row.status,
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
    exitCode: row.exit_code,
  };
}

function credentialsOf(text: string): readonly SessionCredential[] {
  return (JSON.parse(text) as { expiresAt: string | null }[]).map((credential) => ({
    ...(credential as unknown as SessionCredential),
    expiresAt: credential.expiresAt === null ? null : new Date(credential.expiresAt),
  }));
}
