/**
 * Compaction: makes exchanges that are over smaller, beside the data path: a
 * while after they ended, one at a time, in steps of a few milliseconds. What
 * a growing conversation says again is kept once; streams are deflated as a
 * whole. One that the daemon's end cut off is done after the next start.
 */
import { hash } from "node:crypto";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { piecesOf } from "./cut.js";
import { createGiveBack } from "./give-back.js";
import type { Group } from "./group.js";
import type { Warn } from "./open.js";
import { partsOfRow } from "./pack.js";
import { isExpandable, listRow, type Pieces, packPiece, windowRow } from "./pieces.js";
import { createQueue } from "./queue.js";
import { createWriting } from "./writing.js";

export interface CompactionOptions {
  readonly database: Database;
  readonly group: Group;
  readonly pieces: Pieces;
  readonly warn: Warn;
  /** Milliseconds after an exchange's end; it may be read again at once, and its agent goes on. */
  readonly after: number;
}

export interface Compaction {
  /** It ended, and that is durable. */
  ended(key: bigint): void;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** A row below this many bytes is not worth a second write. */
const leastBytes = 2048;
/** A part of a row below this many bytes stays in it. */
const leastPart = 1024;
/** Rows of a stream are joined to pieces of about this size. */
const bundleBytes = 512 * 1024;
/** A row of that size is a body, to be cut; what is below is a stream's. */
const bodyBytes = 32 * 1024;
/** Bytes deflated before others may run: some milliseconds. */
const strideBytes = 64 * 1024;
/** Milliseconds without an exchange's end from which on one may be compacted. */
const quietAfter = 1_000;
/** Room in the file that is left by what was made smaller: what stays for what comes, and one step. */
const spareBytes = 16 * 1024 * 1024;
const givenBackBytes = 512 * 1024;
/** Exchanges of before the start that are looked at again. */
const mostLeft = 100_000;

interface Row {
  readonly table: "exchanges" | "endings" | "frames";
  readonly key: bigint | number;
  readonly bytes: Buffer;
}

/** New rows, and the pieces that they need: by place in `added` where negative. */
interface Plan {
  readonly added: { readonly digest: Buffer; readonly packed: Buffer }[];
  readonly rows: {
    readonly row: Row;
    readonly make: (idOf: (piece: number) => number) => Buffer;
  }[];
}

/** Begins to compact a database; what was left undone is done first. */
export function createCompaction(options: CompactionOptions): Compaction {
  const { database, group, pieces, warn, after } = options;
  const { decide, write } = createWriting(group);
  const giveBack = createGiveBack(database, write);
  const opening = database.prepare<[bigint], OpeningRow>(
    "SELECT session, frames FROM exchanges WHERE key = ?",
  );
  const ending = database.prepare<[bigint], EndingRow>(
    "SELECT last_frame AS last, frames FROM endings WHERE key = ?",
  );
  const between = database.prepare<[number], BetweenRow>(
    "SELECT previous, data FROM frames WHERE id = ?",
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
      .all(mostLeft)
      .map(BigInt),
  );
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let stopped = false;
  let hurried = 0;
  let lastEnd = Number.NEGATIVE_INFINITY;

  function schedule(): void {
    if (stopped || working !== undefined || queue.length === 0) return;
    clearTimeout(timer);
    timer = setTimeout(() => void begin(), after);
    timer.unref();
  }

  function begin(): Promise<void> {
    working ??= work().finally(() => {
      working = undefined;
      schedule();
    });
    return working;
  }

  async function work(): Promise<void> {
    while (!stopped) {
      const key = queue.shift();
      if (key === undefined) break;
      try {
        await compact(key);
      } catch (error) {
        warn("an exchange is kept as it was written", error);
      }
      await turn();
      // Agents at work come first: what waits is a key each.
      while (hurried === 0 && !stopped && performance.now() - lastEnd < quietAfter) {
        await delay(quietAfter / 5, undefined, { ref: false });
      }
    }
    try {
      const goesOn = () => !stopped && queue.length === 0;
      await giveBack({ step: givenBackBytes, spare: spareBytes, goesOn });
    } catch (error) {
      warn("the record's file stays as large as it is", error);
    }
  }

  async function compact(key: bigint): Promise<void> {
    const first = opening.get(key);
    const last = ending.get(key);
    // No session, no neighbours to share with; no row, it was pruned.
    if (first === undefined || last === undefined || first.session === null) return;
    const { session } = first;
    const plan: Plan = { added: [], rows: [] };
    if (first.frames !== null) {
      await cut(session, { table: "exchanges", key, bytes: first.frames }, plan);
    }
    const stream: Row[] = [];
    if (last.frames !== null) stream.push({ table: "endings", key, bytes: last.frames });
    for (let id = last.last; id !== null; ) {
      const row = between.get(id);
      if (row === undefined) break;
      stream.push({ table: "frames", key: id, bytes: row.data });
      id = row.previous;
    }
    stream.reverse();
    await bundle(stream, session, plan);
    if (plan.rows.length > 0) await decide(() => apply(session, key, plan));
  }

  /** A body: what is there already is not kept again. */
  async function cut(session: string, row: Row, plan: Plan): Promise<void> {
    if (row.bytes.length < leastBytes || isExpandable(row.bytes)) return;
    const parts: (Buffer | number)[] = [];
    const own = new Map<string, number>();
    let deflated = 0;
    for (const part of partsOfRow(row.bytes)) {
      // A frame's head has its length in it: what follows must not be cut with it.
      if (part.length < leastPart) {
        parts.push(part);
        continue;
      }
      for (const piece of piecesOf(part)) {
        const digest = hash("sha256", piece, "buffer").subarray(0, 16);
        const name = digest.toString("latin1");
        const known = own.get(name) ?? pieces.find(session, digest);
        parts.push(known ?? -plan.added.length - 1);
        if (known !== undefined) continue;
        plan.added.push({ digest, packed: packPiece(piece) });
        own.set(name, -plan.added.length);
        deflated += piece.length;
        if (deflated < strideBytes) continue;
        deflated = 0;
        await turn();
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
  }

  /** A stream's rows: each becomes a window of what they are together. */
  async function bundle(rows: readonly Row[], session: string, plan: Plan): Promise<void> {
    let together: Row[] = [];
    let size = 0;
    const end = () => {
      if (size >= leastBytes) {
        const bytes = Buffer.concat(together.map((row) => row.bytes));
        const digest = hash("sha256", bytes, "buffer").subarray(0, 16);
        plan.added.push({ digest, packed: packPiece(bytes) });
        const piece = -plan.added.length;
        let offset = 0;
        for (const row of together) {
          const from = offset;
          plan.rows.push({ row, make: (idOf) => windowRow(idOf(piece), from, row.bytes.length) });
          offset += row.bytes.length;
        }
      }
      together = [];
      size = 0;
    };
    for (const row of rows) {
      if (isExpandable(row.bytes)) continue;
      if (row.bytes.length >= bodyBytes) {
        await cut(session, row, plan);
        continue;
      }
      together.push(row);
      size += row.bytes.length;
      if (size < bundleBytes) continue;
      end();
      await turn();
    }
    end();
  }

  function apply(session: string, key: bigint, { added, rows }: Plan): void {
    // Pruned meanwhile, and its session's pieces with it.
    if (opening.get(key) === undefined) return;
    const ids = added.map(
      ({ digest, packed }) => pieces.find(session, digest) ?? pieces.add(session, digest, packed),
    );
    const idOf = (piece: number) => (piece < 0 ? (ids[-piece - 1] ?? 0) : piece);
    for (const { row, make } of rows) {
      const made = make(idOf);
      if (made.length < row.bytes.length) update[row.table].run(made, row.key);
    }
  }

  schedule();
  return {
    ended(key) {
      lastEnd = performance.now();
      queue.push(key);
      schedule();
    },
    async idle() {
      hurried += 1;
      while (queue.length > 0 || working !== undefined) await begin();
      hurried -= 1;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await working;
      if (queue.length > 0 || !database.open) return;
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

interface BetweenRow {
  readonly previous: number | null;
  readonly data: Buffer;
}
