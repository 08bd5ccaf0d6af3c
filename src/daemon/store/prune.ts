/**
 * Prune: sessions of before a time leave the record, with all that belongs to
 * them. What was taken is itself a record, signed and in the chain, so that
 * the rest still verifies, and a gap without a signature is a gap. A session
 * whose runner lives stays: by it a restarted daemon knows who is inside a run.
 */
import type { Database } from "better-sqlite3";
import type { NoteChange } from "./change-log.js";
import { type PruningData, pruningText } from "./pruned.js";
import type { Signer } from "./seals.js";
import type { SearchForget } from "./search-forget.js";
import type { StoredChunks } from "./stored-chunks.js";

export interface PruneCount {
  readonly sessions: number;
  readonly exchanges: number;
  /** Of frames, as they were stored. */
  readonly bytes: number;
}

/** The processes of this machine, as far as pruning asks for them. */
export interface RunnerTable {
  all(): readonly number[];
  /** Is it the process that started then, and does it live? */
  lives(pid: number, start: string): boolean;
}

/** Creates what prunes a database. */
export function createPruning(
  database: Database,
  note: NoteChange,
  chunks: Pick<StoredChunks, "forget">,
  searched: Pick<SearchForget, "exchange" | "session">,
  runners: RunnerTable,
) {
  const over = database
    .prepare<[number, string, number], string>(
      `SELECT id FROM sessions WHERE status <> 'active' AND ended_at < ?
       AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY ended_at LIMIT ?`,
    )
    .pluck();
  const ofRunners = database.prepare<[number, string], RunnerRow>(
    `SELECT id, runner_pid AS pid, runner_start AS start FROM sessions
     WHERE status <> 'active' AND ended_at < ? AND runner_start IS NOT NULL
     AND runner_pid IN (SELECT value FROM json_each(?))`,
  );
  const strangers = database
    .prepare<[number, number], string>(
      "SELECT CAST(key AS TEXT) FROM exchanges WHERE session IS NULL AND started_at < ? LIMIT ?",
    )
    .pluck();
  const exchanges = database
    .prepare<[string], string>("SELECT CAST(key AS TEXT) FROM exchanges WHERE session = ?")
    .pluck();
  const ends = database.prepare<[bigint], EndsRow>(
    `SELECT exchanges.place, exchanges.hash, length(exchanges.frames) AS bytes,
       endings.place AS end_place, endings.hash AS end_hash, length(endings.frames) AS end_bytes,
       endings.last_frame AS last
     FROM exchanges LEFT JOIN endings ON endings.key = exchanges.key WHERE exchanges.key = ?`,
  );
  const between = database.prepare<[number], FramesRow>(
    "SELECT previous, place, hash, length(data) AS bytes FROM frames WHERE id = ?",
  );
  const reviews = database
    .prepare<[string], string>("SELECT id FROM reviews WHERE session = ?")
    .pluck();
  // A grant for a time outlives its session: who looks at it finds its review gone, not the grant.
  const grants = database
    .prepare<[string], string>("SELECT id FROM grants WHERE session = ?")
    .pluck();
  const imported = database
    .prepare<[string], string>("SELECT session FROM imports WHERE session = ?")
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
    import: database.prepare("DELETE FROM imports WHERE session = ?"),
    link: database.prepare("DELETE FROM exchange_reviews WHERE exchange = ?"),
  };
  const insert = database.prepare("INSERT INTO prunings VALUES (NULL, ?, ?, ?, ?)");

  /** Takes out an exchange with all that is written of it; gives its bytes. */
  function takeExchange(key: bigint, places: Map<number, Buffer>): number {
    const found = ends.get(key);
    if (found === undefined) return 0;
    let bytes = (found.bytes ?? 0) + (found.end_bytes ?? 0);
    if (found.place !== null && found.hash !== null) places.set(found.place, found.hash);
    if (found.end_place !== null && found.end_hash !== null) {
      places.set(found.end_place, found.end_hash);
    }
    for (let id = found.last; id !== null; ) {
      const row = between.get(id);
      if (row === undefined) break;
      places.set(row.place, row.hash);
      bytes += row.bytes;
      remove.frames.run(id);
      id = row.previous;
    }
    remove.exchange.run(key);
    remove.ending.run(key);
    searched.exchange(key);
    return bytes;
  }

  /** Ids of sessions that are over and whose runner lives. */
  function held(before: number): readonly string[] {
    const rows = ofRunners.all(before, JSON.stringify(runners.all()));
    return rows.filter(({ pid, start }) => runners.lives(pid, start)).map(({ id }) => id);
  }

  return {
    /** Sessions, and exchanges of no session, that are over since before then; at most so many. */
    over: (before: number, limit: number) => ({
      sessions: over.all(before, JSON.stringify(held(before)), limit),
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
      const places = new Map<number, Buffer>();
      const keys = [...sessions.flatMap((id) => exchanges.all(id)), ...unknown].map(BigInt);
      let bytes = 0;
      for (const key of keys) bytes += takeExchange(key, places);
      const records = {
        session: sessions,
        review: sessions.flatMap((id) => reviews.all(id)),
        grant: sessions.flatMap((id) => grants.all(id)),
        import: sessions.flatMap((id) => imported.all(id)),
        "exchange-review": keys.filter((key) => linked.get(key) !== undefined).map(String),
      };
      for (const id of records.session) {
        remove.session.run(id);
        chunks.forget(id);
        searched.session(id);
      }
      for (const id of records.review) remove.review.run(id);
      for (const id of records.grant) remove.grant.run(id);
      for (const id of records.import) remove.import.run(id);
      for (const key of records["exchange-review"]) remove.link.run(BigInt(key));
      const count = { sessions: sessions.length, exchanges: keys.length, bytes };
      const data: PruningData = { ...count, places: runsOf(places), records };
      const text = JSON.stringify(data);
      const signature = signer.sign(pruningText(text, at));
      note("pruning", insert.run(at, text, signer.publicKey, signature).lastInsertRowid);
      return count;
    },
  };
}

interface RunnerRow {
  readonly id: string;
  readonly pid: number;
  readonly start: string;
}

interface EndsRow {
  readonly place: number | null;
  readonly hash: Buffer | null;
  readonly bytes: number | null;
  readonly end_place: number | null;
  readonly end_hash: Buffer | null;
  readonly end_bytes: number | null;
  readonly last: number | null;
}

interface FramesRow {
  readonly previous: number | null;
  readonly place: number;
  readonly hash: Buffer;
  readonly bytes: number;
}

/** Places in runs, each with the hash that what follows it is held to. */
function runsOf(places: ReadonlyMap<number, Buffer>): PruningData["places"] {
  const runs: [number, number, string][] = [];
  for (const place of [...places.keys()].sort((one, other) => one - other)) {
    const hash = places.get(place)?.toString("hex") ?? "";
    const run = runs.at(-1);
    if (run !== undefined && run[1] === place - 1) {
      run[1] = place;
      run[2] = hash;
    } else runs.push([place, place, hash]);
  }
  return runs;
}
