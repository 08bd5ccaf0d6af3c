/**
 * Compaction: makes exchanges that are over smaller, beside the data path: a
 * while after they ended, a row of at most a megabyte at a time, each in its own
 * transaction, so that neither the event loop nor the memory pays for a large
 * reply. What a growing conversation says again is kept once; streams are
 * deflated as a whole. Agents at work come first, and never put it off for ever:
 * while they are it takes a tenth of the time. One that the daemon's end cut off
 * is done after the next start.
 */
import { hash } from "node:crypto";
import type { Database } from "better-sqlite3";
import { chunksOf } from "./content-chunks.js";
import { createGiveBack } from "./give-back.js";
import type { GroupCommit } from "./group-commit.js";
import type { Warn } from "./open.js";
import { createPace } from "./pace.js";
import { partsOfRow } from "./pack.js";
import { createQueue } from "./queue.js";
import { createReplyRows, type Row } from "./reply-rows.js";
import { isExpandable, listRow, packChunk, type StoredChunks, windowRow } from "./stored-chunks.js";
import { createWriting } from "./writing.js";

export interface CompactionOptions {
  readonly database: Database;
  readonly group: GroupCommit;
  readonly chunks: StoredChunks;
  readonly warn: Warn;
  /** Milliseconds after an exchange's end; it may be read again at once, and its agent goes on. */
  readonly after: number;
}

export interface Compaction {
  /** It ended, and that is durable; `larger`: the bytes of its request or of its reply, about, whichever is more. */
  ended(key: bigint, larger: number): void;
  /** An exchange goes on: a large one takes long enough to be held up. */
  goesOn(): void;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** A row below this many bytes is not worth a second write. */
const leastBytes = 2048;
/** A part of a row below this many bytes stays in it. */
const leastPart = 1024;
/** Rows of a stream are joined to chunks of about this size: some milliseconds to deflate. */
const bundleBytes = 256 * 1024;
/** A row of that size is a body, to be cut; what is below is a stream's. */
const bodyBytes = 32 * 1024;
/** Bytes deflated before others may run: some milliseconds. */
const strideBytes = 64 * 1024;
/** Room in the file that is left by what was made smaller: what stays for what comes, and one step. */
const spareBytes = 16 * 1024 * 1024;
const givenBackBytes = 512 * 1024;
/** Exchanges that wait, and those of before the start that are looked at again; the next start does more. */
const mostWaiting = 100_000;

/** New rows, and the chunks that they need: by place in `added` where negative. */
interface Plan {
  readonly added: { readonly digest: Buffer; readonly packed: Buffer }[];
  readonly rows: {
    readonly row: Row;
    readonly make: (idOf: (chunk: number) => number) => Buffer;
  }[];
}

/** Begins to compact a database; what was left undone is done first. */
export function createCompaction(options: CompactionOptions): Compaction {
  const { database, group, chunks, warn, after } = options;
  const { decide, write } = createWriting(group);
  const giveBack = createGiveBack(database, write);
  const opening = database.prepare<[bigint], OpeningRow>(
    "SELECT session, frames FROM exchanges WHERE key = ?",
  );
  const isThere = database.prepare("SELECT 1 FROM exchanges WHERE key = ?").pluck();
  const ending = database.prepare<[bigint], EndingRow>(
    "SELECT last_frame AS last, frames FROM endings WHERE key = ?",
  );
  const update = {
    exchanges: database.prepare("UPDATE exchanges SET frames = ? WHERE key = ?"),
    endings: database.prepare("UPDATE endings SET frames = ? WHERE key = ?"),
    frames: database.prepare("UPDATE frames SET data = ? WHERE id = ?"),
  };
  const queue = createQueue(
    database
      .prepare<[number], string>(
        `SELECT CAST(key AS TEXT) FROM endings
         WHERE key > (SELECT ifnull(compacted, 0) FROM ended) ORDER BY key LIMIT ?`,
      )
      .pluck()
      .all(mostWaiting)
      .map(BigInt),
  );
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let stopped = false;
  /** Some were not queued, or not done: the next start looks at them again. */
  let left = queue.length === mostWaiting;
  let hurried = 0;
  const { timed, pause, busy } = createPace(() => hurried > 0 || stopped);
  const replyRows = createReplyRows(database, timed);

  function schedule(): void {
    // Not put off by each exchange that ends: agents that never pause are made smaller too.
    if (stopped || working !== undefined || timer !== undefined || queue.length === 0) return;
    timer = setTimeout(() => void begin(), after);
    timer.unref();
  }

  function begin(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    working ??= work().finally(() => {
      working = undefined;
      schedule();
    });
    return working;
  }

  async function work(): Promise<void> {
    while (!stopped && database.open) {
      const key = queue.shift();
      if (key === undefined) break;
      try {
        await compact(key);
      } catch (error) {
        warn("an exchange is kept as it was written", error);
      }
      await pause();
    }
    try {
      const goesOn = () => !stopped && queue.length === 0;
      await giveBack({ step: givenBackBytes, spare: spareBytes, goesOn });
    } catch (error) {
      warn("the record's file stays as large as it is", error);
    }
  }

  async function compact(key: bigint): Promise<void> {
    const first = timed(() => opening.get(key));
    const last = timed(() => ending.get(key));
    // No session, no neighbours to share with; no row, it was pruned.
    if (first === undefined || last === undefined || first.session === null) return;
    const { session } = first;
    if (first.frames !== null)
      await cut(session, key, { table: "exchanges", key, bytes: first.frames });
    let together: Row[] = [];
    let size = 0;
    for await (const row of replyRows(key, last)) {
      if (stopped) {
        left = true;
        return;
      }
      if (isExpandable(row.bytes)) continue;
      if (row.bytes.length >= bodyBytes) {
        await cut(session, key, row);
        continue;
      }
      together.push(row);
      size += row.bytes.length;
      if (size < bundleBytes) continue;
      await bundle(session, key, together);
      together = [];
      size = 0;
    }
    if (size >= leastBytes) await bundle(session, key, together);
  }

  /** A body: what is there already is not kept again. */
  async function cut(session: string, key: bigint, row: Row): Promise<void> {
    if (row.bytes.length < leastBytes || isExpandable(row.bytes)) return;
    const plan: Plan = { added: [], rows: [] };
    const parts: (Buffer | number)[] = [];
    const own = new Map<string, number>();
    let deflated = 0;
    const take = (chunk: Buffer) => {
      const digest = hash("sha256", chunk, "buffer").subarray(0, 16);
      const name = digest.toString("latin1");
      const known = own.get(name) ?? chunks.find(session, digest);
      parts.push(known ?? -plan.added.length - 1);
      if (known !== undefined) return;
      plan.added.push({ digest, packed: packChunk(chunk) });
      own.set(name, -plan.added.length);
      deflated += chunk.length;
    };
    for (const part of partsOfRow(row.bytes)) {
      // A frame's head has its length in it: what follows must not be cut with it.
      if (part.length < leastPart) {
        parts.push(part);
        continue;
      }
      for (const chunk of chunksOf(part)) {
        timed(() => take(chunk));
        if (deflated < strideBytes) continue;
        deflated = 0;
        await pause();
      }
    }
    const { length } = row.bytes;
    plan.rows.push({
      row,
      make: (idOf) =>
        listRow(
          length,
          parts.map((part) => (typeof part === "number" ? idOf(part) : part)),
        ),
    });
    await apply(session, key, plan);
  }

  /** Rows of a stream: each becomes a window of what they are together. */
  async function bundle(session: string, key: bigint, together: readonly Row[]): Promise<void> {
    const bytes = Buffer.concat(together.map((row) => row.bytes));
    const plan: Plan = { added: [], rows: [] };
    timed(() => {
      const digest = hash("sha256", bytes, "buffer").subarray(0, 16);
      plan.added.push({ digest, packed: packChunk(bytes) });
    });
    let offset = 0;
    for (const row of together) {
      const from = offset;
      plan.rows.push({ row, make: (idOf) => windowRow(idOf(-1), from, row.bytes.length) });
      offset += row.bytes.length;
    }
    await apply(session, key, plan);
  }

  async function apply(session: string, key: bigint, { added, rows }: Plan): Promise<void> {
    await pause();
    await decide(() =>
      timed(() => {
        // Pruned meanwhile, and its session's chunks with it.
        if (isThere.get(key) === undefined) return;
        const ids = added.map(
          ({ digest, packed }) =>
            chunks.find(session, digest) ?? chunks.add(session, digest, packed),
        );
        const idOf = (chunk: number) => (chunk < 0 ? (ids[-chunk - 1] ?? 0) : chunk);
        for (const { row, make } of rows) {
          const made = make(idOf);
          if (made.length < row.bytes.length) update[row.table].run(made, row.key);
        }
      }),
    );
  }

  schedule();
  return {
    ended(key, larger) {
      busy();
      if (larger < leastBytes) return;
      if (queue.length < mostWaiting) queue.push(key);
      else left = true;
      schedule();
    },
    goesOn: busy,
    async idle() {
      hurried += 1;
      while (queue.length > 0 || working !== undefined) await begin();
      hurried -= 1;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await working;
      if (left || queue.length > 0 || !database.open) return;
      database
        .prepare("UPDATE ended SET compacted = ifnull((SELECT max(key) FROM endings), 0)")
        .run();
    },
  };
}

interface OpeningRow {
  readonly session: string | null;
  readonly frames: Buffer | null;
}

interface EndingRow {
  readonly last: number | null;
  readonly frames: Buffer | null;
}
