/**
 * Prune: sessions of before a time leave the record, with all that belongs to
 * them. What was taken is itself a record, signed and in the chain, so that
 * the rest still verifies, and a gap that nobody signed is a gap.
 */
import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";
import type { RecordKind } from "./canonical.js";
import type { NoteRow } from "./noted-rows.js";
import type { PrunedKeys } from "./pruned.js";
import type { Signer } from "./seals.js";

export interface PruneCount {
  readonly sessions: number;
  readonly exchanges: number;
  /** Of frames, as they were stored. */
  readonly bytes: number;
}

/** What is signed of a pruning: one line, as docs/transcript-format.md has it. */
export function pruningText(data: string, at: number): Buffer {
  const digest = createHash("sha256").update(data).digest("hex");
  return Buffer.from(`hoopx pruning 1\ndata ${digest}\nat ${at}\n`);
}

/** Creates what prunes a database. */
export function createPruning(database: Database, note: NoteRow) {
  const over = database
    .prepare<[number, number], string>(
      `SELECT id FROM sessions WHERE status <> 'active' AND ended_at < ? ORDER BY ended_at LIMIT ?`,
    )
    .pluck();
  const strangers = database
    .prepare<[number, number], string>(
      "SELECT CAST(key AS TEXT) FROM exchanges WHERE session IS NULL AND started_at < ? LIMIT ?",
    )
    .pluck();
  const exchanges = database
    .prepare<[string], string>("SELECT CAST(key AS TEXT) FROM exchanges WHERE session = ?")
    .pluck();
  const size = database.prepare<[bigint], { readonly bytes: number; readonly last: number | null }>(
    `SELECT ifnull(length(exchanges.frames), 0) + ifnull(length(endings.frames), 0) AS bytes,
       endings.last_frame AS last
     FROM exchanges LEFT JOIN endings ON endings.key = exchanges.key WHERE exchanges.key = ?`,
  );
  const row = database.prepare<
    [number],
    { readonly previous: number | null; readonly bytes: number }
  >("SELECT previous, length(data) AS bytes FROM frames WHERE id = ?");
  const reviews = database
    .prepare<[string], string>("SELECT id FROM reviews WHERE session = ?")
    .pluck();
  // A grant for a time outlives its session: who looks at it finds its review gone, not the grant.
  const grants = database
    .prepare<[string], string>("SELECT id FROM grants WHERE session = ?")
    .pluck();
  const linked = database
    .prepare<[bigint], string>("SELECT review FROM exchange_reviews WHERE exchange = ?")
    .pluck();
  const remove = {
    session: database.prepare("DELETE FROM sessions WHERE id = ?"),
    exchange: database.prepare("DELETE FROM exchanges WHERE key = ?"),
    ending: database.prepare("DELETE FROM endings WHERE key = ?"),
    frames: database.prepare("DELETE FROM frames WHERE id = ?"),
    review: database.prepare("DELETE FROM reviews WHERE id = ?"),
    grant: database.prepare("DELETE FROM grants WHERE id = ?"),
    "exchange-review": database.prepare("DELETE FROM exchange_reviews WHERE exchange = ?"),
  };
  const insert = database.prepare("INSERT INTO prunings VALUES (NULL, ?, ?, ?, ?)");

  type Took = { [Kind in keyof typeof remove]: string[] };

  function takeExchange(key: string, took: Took): number {
    const number = BigInt(key);
    const found = size.get(number);
    let bytes = found?.bytes ?? 0;
    for (let id = found?.last ?? null; id !== null; ) {
      const frames = row.get(id);
      took.frames.push(String(id));
      bytes += frames?.bytes ?? 0;
      id = frames?.previous ?? null;
    }
    took.exchange.push(key);
    took.ending.push(key);
    if (linked.get(number) !== undefined) took["exchange-review"].push(key);
    return bytes;
  }

  return {
    /** Sessions, and exchanges of no session, that are over since before then; at most so many. */
    over: (before: number, limit: number) => ({
      sessions: over.all(before, limit),
      strangers: strangers.all(before, limit),
    }),

    /** Takes these out, inside a transaction of the caller. */
    take(
      {
        sessions,
        strangers: unknown,
      }: { readonly sessions: readonly string[]; readonly strangers: readonly string[] },
      signer: Signer,
      at: number,
    ): PruneCount {
      const took: Took = {
        session: [...sessions],
        ...{ exchange: [], ending: [], frames: [], review: [], grant: [], "exchange-review": [] },
      };
      let bytes = 0;
      for (const id of sessions) {
        for (const key of exchanges.all(id)) bytes += takeExchange(key, took);
        took.review.push(...reviews.all(id));
        took.grant.push(...grants.all(id));
      }
      for (const key of unknown) bytes += takeExchange(key, took);
      for (const [kind, names] of Object.entries(took) as [keyof typeof remove, string[]][]) {
        const numbered = kind === "exchange" || kind === "ending" || kind === "exchange-review";
        for (const name of names) remove[kind].run(numbered ? BigInt(name) : name);
      }
      const count = { sessions: sessions.length, exchanges: took.exchange.length, bytes };
      const data = JSON.stringify({ ...count, took: withRuns(took) });
      const { lastInsertRowid } = insert.run(
        at,
        data,
        signer.publicKey,
        signer.sign(pruningText(data, at)),
      );
      note("pruning", lastInsertRowid);
      return count;
    },
  };
}

/** Rows of frames come in runs: one pair says thousands. */
function withRuns(took: Readonly<Record<string, readonly string[]>>): PrunedKeys {
  const frames: [string, string][] = [];
  const ids = [...(took.frames ?? [])].map(Number).sort((one, other) => one - other);
  for (const id of ids) {
    const run = frames.at(-1);
    if (run !== undefined && Number(run[1]) === id - 1) run[1] = String(id);
    else frames.push([String(id), String(id)]);
  }
  return { ...(took as Partial<Record<RecordKind, readonly string[]>>), frames };
}
