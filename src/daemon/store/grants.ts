/**
 * Grants: permissions that approvals left, as rows. A use is counted by an
 * update that holds all its conditions, so a grant for one request lets one by
 * however many ask at once (SECURITY A2).
 */
import type { Database } from "better-sqlite3";
import type { GrantScope } from "../model/decision.js";
import type { Grant } from "../model/review.js";
import type { NoteChange } from "./change-log.js";
import type { GroupCommit } from "./group-commit.js";
import type { GrantLog } from "./review-log.js";
import { createWriting } from "./writing.js";

interface GrantRow {
  readonly id: string;
  readonly review: string;
  readonly rule: string | null;
  readonly kind: GrantScope["kind"];
  readonly ms: number | null;
  readonly session: string | null;
  readonly binding: string | null;
  readonly issuer: string;
  readonly subject: string;
  readonly identity: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly uses: number;
}

/** More than one is ambiguous; these many are named. */
const mostFound = 10;

const inForce = `revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now)
  AND (kind <> 'once' OR uses = 0)`;

/** Creates what writes a grant, inside whatever transaction there is. */
export function createGrantWriter(database: Database, note: NoteChange): (grant: Grant) => void {
  const insert = database.prepare(
    `INSERT INTO grants VALUES (@id, @review, @rule, @kind, @ms, @session, @binding, @issuer,
      @subject, @identity, @created_at, @expires_at, @revoked_at, @uses)`,
  );
  return (grant) => {
    insert.run(rowOf(grant));
    note("grant", grant.id);
  };
}

/** Creates a database's grants. */
export function createGrantLog(database: Database, group: GroupCommit, note: NoteChange): GrantLog {
  const byId = database.prepare<[string], GrantRow>("SELECT * FROM grants WHERE id = ?");
  const byBeginning = database.prepare<[string, string], GrantRow>(
    `SELECT * FROM grants WHERE id > ? AND id < ? || char(0x10ffff)
     ORDER BY created_at DESC, rowid DESC LIMIT ${mostFound}`,
  );
  const newest = database.prepare<[number], GrantRow>(
    "SELECT * FROM grants ORDER BY created_at DESC, rowid DESC LIMIT ?",
  );
  const speaking = database.prepare<[Record<string, unknown>], GrantRow>(
    `SELECT * FROM grants
     WHERE issuer = @issuer AND subject = @subject AND ${inForce}
       AND (session IS NULL OR session = @session)
       AND binding = CASE kind WHEN 'once' THEN @binding ELSE @likeness END
     ORDER BY kind <> 'once', session IS NULL, created_at`,
  );
  const use = database.prepare<[Record<string, unknown>]>(
    `UPDATE grants SET uses = uses + 1 WHERE id = @id AND ${inForce}`,
  );
  const revoke = database.prepare(
    "UPDATE grants SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
  );
  const { decide } = createWriting(group);

  /** Says whether it changed anything, and notes it where it did. */
  function changed(id: string, { changes }: { readonly changes: number }): boolean {
    if (changes === 1) note("grant", id);
    return changes === 1;
  }

  return {
    async find(id) {
      if (id === "") return [];
      const exact = byId.get(id);
      return (exact === undefined ? byBeginning.all(id, id) : [exact]).map(grantOf);
    },
    list: async ({ limit }) => newest.all(limit).map(grantOf),
    async speakingFor({ sessionId: session, identity, ...hashes }, now) {
      const { issuer, subject } = identity;
      const wanted = { issuer, subject, session, ...hashes, now: now.getTime() };
      return speaking.all(wanted).map(grantOf);
    },
    use: (id, now) => decide(() => changed(id, use.run({ id, now: now.getTime() }))),
    revoke: (id, at) => decide(() => changed(id, revoke.run(at.getTime(), id))),
  };
}

function rowOf(grant: Grant): GrantRow {
  const { scope, identity } = grant;
  return {
    id: grant.id,
    review: grant.review,
    rule: grant.rule,
    kind: scope.kind,
    ms: scope.kind === "time" ? scope.ms : null,
    session: grant.sessionId,
    binding: grant.binding,
    issuer: identity.issuer,
    subject: identity.subject,
    identity: JSON.stringify(identity),
    created_at: grant.createdAt.getTime(),
    expires_at: grant.expiresAt?.getTime() ?? null,
    revoked_at: grant.revokedAt?.getTime() ?? null,
    uses: grant.uses,
  };
}

function grantOf(row: GrantRow): Grant {
  return {
    id: row.id,
    review: row.review,
    rule: row.rule,
    scope: row.kind === "time" ? { kind: "time", ms: row.ms ?? 0 } : { kind: row.kind },
    sessionId: row.session,
    identity: JSON.parse(row.identity),
    binding: row.binding,
    createdAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
    uses: row.uses,
  };
}
