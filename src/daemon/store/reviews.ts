/**
 * Reviews: as rows of the database. What is looked for has columns of its own;
 * the rest of a review is one JSON text, with its dates as ISO 8601.
 */
import type { Database } from "better-sqlite3";
import type { Review } from "../model/review.js";
import type { NoteChange } from "./change-log.js";
import { createGrantWriter } from "./grants.js";
import type { GroupCommit } from "./group-commit.js";
import type { ReviewLog } from "./review-log.js";
import { createWriting } from "./writing.js";

/** More than one is ambiguous; these many are named. */
const mostFound = 10;

/** Creates a database's reviews. */
export function createReviewLog(
  database: Database,
  group: GroupCommit,
  note: NoteChange,
): ReviewLog {
  const insert = database.prepare("INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?, 0, ?)");
  const link = database.prepare("INSERT OR REPLACE INTO exchange_reviews VALUES (?, ?)");
  const update = database.prepare(
    "UPDATE reviews SET status = ?, data = ? WHERE id = ? AND status = 'pending'",
  );
  const tell = database.prepare("UPDATE reviews SET told = 1 WHERE id = ? AND told = 0");
  const byId = database.prepare<[string], string>("SELECT data FROM reviews WHERE id = ?").pluck();
  const byBeginning = database
    .prepare<[string, string], string>(
      `SELECT data FROM reviews WHERE id > ? AND id < ? || char(0x10ffff)
       ORDER BY created_at DESC, rowid DESC LIMIT ${mostFound}`,
    )
    .pluck();
  const filtered = database
    .prepare<[Record<string, unknown>], string>(
      `SELECT data FROM reviews
       WHERE (@status IS NULL OR status = @status) AND (@session IS NULL OR session = @session)
       ORDER BY created_at DESC, rowid DESC LIMIT @limit`,
    )
    .pluck();
  const untold = database.prepare<[string, string], { readonly id: string; readonly data: string }>(
    `SELECT id, data FROM reviews WHERE session = ? AND binding = ? AND status = 'denied' AND told = 0
     ORDER BY created_at DESC, rowid DESC LIMIT 1`,
  );
  const insertGrant = createGrantWriter(database, note);
  const { write, decide } = createWriting(group);

  /** Says whether it changed anything, and notes it where it did. */
  function changed(id: string, { changes }: { readonly changes: number }): boolean {
    if (changes === 1) note("review", id);
    return changes === 1;
  }

  const updated = (review: Review) => update.run(review.status, textOf(review), review.id);

  function linked(exchange: bigint, id: string): void {
    link.run(exchange, id);
    note("exchange-review", exchange);
  }

  return {
    open: (review) =>
      write(() => {
        const { id, sessionId, exchange, binding, status, createdAt } = review;
        insert.run(id, sessionId, exchange, binding, status, createdAt.getTime(), textOf(review));
        note("review", id);
        linked(exchange, id);
      }),
    join: (exchange, id) => write(() => linked(exchange, id)),
    change: (review) => decide(() => changed(review.id, updated(review))),
    settle: (review, grant) =>
      decide(() => {
        const settled = changed(review.id, updated(review));
        if (settled && grant !== undefined) insertGrant(grant);
        return settled;
      }),
    told: (id) => write(() => changed(id, tell.run(id))),

    async find(id) {
      if (id === "") return [];
      const exact = byId.get(id);
      return (exact === undefined ? byBeginning.all(id, id) : [exact]).map(reviewOf);
    },

    async list({ limit, status, sessionId }) {
      const wanted = { limit, status: status ?? null, session: sessionId ?? null };
      return filtered.all(wanted).map(reviewOf);
    },

    async takeDenial(sessionId, binding, now) {
      const found = untold.get(sessionId, binding);
      if (found === undefined) return undefined;
      const review = reviewOf(found.data);
      if (review.expiresAt <= now) return undefined;
      const taken = await decide(() => changed(found.id, tell.run(found.id)));
      return taken ? review : undefined;
    },
  };
}

function textOf(review: Review): string {
  return JSON.stringify({ ...review, exchange: String(review.exchange) });
}

function reviewOf(text: string): Review {
  const data = JSON.parse(text) as Review & { readonly exchange: unknown };
  return {
    ...data,
    exchange: BigInt(String(data.exchange)),
    // Reviews of older versions have neither: an approval of one speaks for that request alone.
    origin: data.origin ?? null,
    likeness: data.likeness ?? null,
    createdAt: new Date(data.createdAt),
    expiresAt: new Date(data.expiresAt),
    decidedAt: data.decidedAt === null ? null : new Date(data.decidedAt),
    approvals: data.approvals.map((approval) => ({ ...approval, at: new Date(approval.at) })),
  };
}
