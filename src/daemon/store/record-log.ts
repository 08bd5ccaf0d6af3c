/**
 * Record log: the record as a whole: its chain's head, whether it is as it was
 * written, the seals on it, and what leaves it by age.
 */
import { open, stat } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { addLaterColumns } from "./canonical.js";
import { type Chain, type ChainHead, shownHead } from "./chain.js";
import type { NoteChange } from "./change-log.js";
import { applyKey } from "./cipher.js";
import { createGiveBack } from "./give-back.js";
import type { GroupCommit } from "./group-commit.js";
import { type Continues, createLinkLookup } from "./link-lookup.js";
import { notPlain } from "./plain-tables.js";
import { createPruning, type PruneCount, type RunnerTable } from "./prune.js";
import { damagedReport, type RecordReport, type VerifyOptions } from "./record-report.js";
import { createSealing, type Signer } from "./seals.js";
import type { SearchForget } from "./search-forget.js";
import { type Database, openSqlite, sqliteCode } from "./sqlite.js";
import type { StoredChunks } from "./stored-chunks.js";
import { verifyRecord } from "./verify.js";
import { createWriting } from "./writing.js";

export interface RecordLog {
  head(): ChainHead;
  /**
   * Holds all of it to its chain, and to its head as this process knows it. Others run in between;
   * what is written meanwhile is not looked at.
   */
  verify(options?: VerifyOptions): Promise<RecordReport>;
  /** Does the record go on from a head that was kept elsewhere? */
  readonly continues: Continues;
  /** Signs the head; gives what is signed, which is what was there where nothing came since. */
  seal(signer: Signer): Promise<ChainHead>;
  /** Resolves once what is written outlives a power cut too. */
  settle(): Promise<void>;
  /** Takes out what is over since before then; sessions whose runner lives stay, here and below. */
  prune(before: Date, signer: Signer): Promise<PruneCount>;
  /** Takes out the oldest that are over until what is left takes no more than so many bytes. */
  pruneTo(bytes: number, signer: Signer): Promise<PruneCount>;
  /** What pruning would take. */
  prunable(before: Date): Promise<{ readonly sessions: number; readonly exchanges: number }>;
}

export interface RecordLogOptions {
  readonly database: Database;
  readonly file: string;
  readonly key: Buffer | undefined;
  readonly chain: Chain;
  readonly group: GroupCommit;
  readonly note: NoteChange;
  readonly chunks: StoredChunks;
  readonly forget: SearchForget;
  readonly runners: RunnerTable;
  readonly now: () => number;
}

/** Sessions, and strangers' exchanges, that leave in one transaction. */
const pruneStep = 16;

/** Bytes given back in one transaction. */
const vacuumBytes = 4 * 1024 * 1024;

/** Creates the log over an open database. */
export function createRecordLog(options: RecordLogOptions): RecordLog {
  const { database, chain, group, note, now } = options;
  const { decide, write } = createWriting(group);
  const giveBack = createGiveBack(database, write);
  const sealing = createSealing(database, chain);
  const pruning = createPruning(database, note, options.chunks, options.forget, options.runners);
  let sealed: ChainHead | undefined;

  /** Bytes of the file that hold something. */
  function size(): number {
    const of = (name: string) => database.pragma(name, { simple: true }) as number;
    return (of("page_count") - of("freelist_count")) * of("page_size");
  }

  async function pruneWhile(
    wanted: () => boolean,
    before: number,
    signer: Signer,
  ): Promise<PruneCount> {
    const total = { sessions: 0, exchanges: 0, bytes: 0 };
    while (wanted()) {
      const found = pruning.over(before, pruneStep);
      if (found.sessions.length === 0 && found.strangers.length === 0) break;
      const count = await decide(() => pruning.take(found, signer, now()));
      total.sessions += count.sessions;
      total.exchanges += count.exchanges;
      total.bytes += count.bytes;
    }
    if (total.exchanges > 0) {
      for (let first = true; await decide(() => options.forget.merge(first)); ) first = false;
    }
    if (total.exchanges > 0) {
      await giveBack({ step: vacuumBytes, spare: 0, goesOn: () => true });
    }
    return total;
  }

  return {
    head: () => shownHead(chain.head()),

    verify: (given = {}) =>
      reading(options, (reader) => walk(reader, { head: shownHead(chain.head()), ...given })),

    continues: createLinkLookup(database, () => chain.head().place),

    async seal(signer) {
      const { place } = chain.head();
      if (sealed?.place === place) return sealed;
      if (place === 0) return shownHead(chain.head());
      sealed = shownHead(await decide(() => sealing(signer, now())));
      return sealed;
    },

    async settle() {
      // The log alone: a descriptor of the file itself would take SQLite's locks with it as it closes.
      const log = await open(`${options.file}-wal`, "r+").catch(() => undefined);
      await log?.sync().finally(() => log.close());
    },

    prune: (before, signer) => pruneWhile(() => true, before.getTime(), signer),
    pruneTo: (bytes, signer) => pruneWhile(() => size() > bytes, now(), signer),

    async prunable(before) {
      const all = Number.MAX_SAFE_INTEGER;
      const { sessions, strangers } = pruning.over(before.getTime(), all);
      const count = database
        .prepare<[string], number>("SELECT count(*) FROM exchanges WHERE session = ?")
        .pluck();
      const own = sessions.reduce((sum, id) => sum + (count.get(id) ?? 0), 0);
      return { sessions: sessions.length, exchanges: own + strangers.length };
    },
  };
}

/**
 * Verifies the record in a file that nothing of ours writes, encrypted with `key` where there is
 * one; throws for what is no record.
 */
export async function verifyFile(
  file: string,
  options: VerifyOptions,
  key?: Buffer,
): Promise<RecordReport> {
  // SQLite would wait for a writer of a pipe, and all of the daemon with it.
  if (!(await stat(file)).isFile()) throw new Error("it is not a file");
  return reading({ file, key }, (reader) => {
    const computed = notPlain(reader);
    if (computed !== undefined) throw new Error(`it has ${computed}, and a record has none`);
    addLaterColumns(reader);
    return walk(reader, options);
  });
}

/** A connection of its own sees one moment of the file, and can be read while others write. */
async function reading<Result>(
  {
    database,
    file,
    key,
  }: Pick<RecordLogOptions, "file" | "key"> & { readonly database?: Database },
  read: (reader: Database) => Promise<Result>,
): Promise<Result> {
  if (file === ":memory:" && database !== undefined) return read(database);
  const reader = openSqlite(file, { readonly: true, fileMustExist: true });
  try {
    if (key !== undefined) applyKey(reader, key);
    reader.exec("BEGIN");
    return await read(reader);
  } finally {
    reader.close();
  }
}

/** Bytes after which others may run: some milliseconds. */
const stride = 2 * 1024 * 1024;

async function walk(reader: Database, options: VerifyOptions): Promise<RecordReport> {
  try {
    return await walkThrough(verifyRecord(reader, options));
  } catch (error) {
    if (!(error instanceof Error && sqliteCode(error).startsWith("SQLITE_CORRUPT"))) throw error;
    return damagedReport(error.message);
  }
}

async function walkThrough(steps: Generator<number, RecordReport>): Promise<RecordReport> {
  let since = 0;
  let pages = 0;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    pages += 1;
    if (step.value - since < stride && pages < 8) continue;
    since = step.value;
    pages = 0;
    await turn();
  }
}
