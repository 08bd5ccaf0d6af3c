/**
 * SQLite store: the record in one file, in the write-ahead log mode, written
 * by this thread alone. A write that was called durable outlives
 * `kill -9`; a power cut can take the last transactions, never the file
 * (docs/decisions/0005-store.md).
 */
import { createChain } from "./chain.js";
import { adoptRows, createChangeLog } from "./change-log.js";
import { createCheckpoints } from "./checkpoints.js";
import { createCompaction } from "./compaction.js";
import { openDespiteDamage } from "./damage.js";
import { createExchangeLog } from "./exchanges.js";
import { createFileWatch, type FileWatch, type RecordLost } from "./file-watch.js";
import { createGrantLog } from "./grants.js";
import { createGroupCommit, type GroupCommit, type Transaction } from "./group-commit.js";
import { createImportLog } from "./imports.js";
import { openDatabase, type Warn } from "./open.js";
import type { RunnerTable } from "./prune.js";
import { createRecordLog } from "./record-log.js";
import { createReviewLog } from "./reviews.js";
import { migrate } from "./schema.js";
import { createSearchForget } from "./search-forget.js";
import { createSearchIndex, type ReadSaid } from "./search-index.js";
import { createSessionLog } from "./sessions.js";
import type { Database } from "./sqlite.js";
import type { Store } from "./store.js";
import { createStoredChunks } from "./stored-chunks.js";
import { createTranscripts } from "./transcripts.js";
import { endUnfinished, markEnded } from "./unfinished.js";
import { createUsageLog } from "./usage.js";

export interface StoreOptions {
  /** Path of the file in a folder that exists, or `:memory:`. */
  readonly file: string;
  /** Entry point of the checkpointer; absent: checkpoints happen on this thread. */
  readonly checkpointer?: URL;
  readonly warn: Warn;
  readonly now?: () => number;
  /** 32 bytes that the file is encrypted with (cipher.ts); absent: it is plain. */
  readonly key?: Buffer;
  /** With `key`: it is to be plain from now on. */
  readonly decrypt?: boolean;
  /**
   * Told once, when the file was removed, replaced or written to by another process; from then on
   * every write fails with the same error. Absent: others may write to the file too.
   */
  readonly lost?: (error: RecordLost) => void;
  /** The file whose lock keeps other daemons out: removed or replaced, the record is lost too. */
  readonly lock?: string;
  /** What a search finds of an exchange; absent: its facts only. */
  readonly read?: ReadSaid;
  /** Whose sessions no pruning takes out; absent: sessions count as left by their runners. */
  readonly runners?: RunnerTable;
}

const noRunners: RunnerTable = { all: () => [], lives: () => false };

/** Milliseconds: an agent's next request comes before that. */
const compactAfter = 2_000;
/** A search does not wait for it. */
const indexAfter = 2_000;

/**
 * Opens the record, making it where there is none; exchanges it was cut off in are ended. A damaged
 * file stops no start (damage.ts), whichever of its pages it is that a start reads.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { file, warn, now = Date.now } = options;
  return openDespiteDamage({ file, key: options.key, warn, now }, async () => {
    const database = openPrepared(options);
    let store: Store | undefined;
    try {
      store = storeOver(database, options);
      await readForStart(store, now());
      return store;
    } catch (error) {
      await store?.close().catch(() => undefined);
      if (database.open) database.close();
      throw error;
    }
  });
}

/** All that a daemon reads of its record as it starts: sessions, reviews, grants, and what was used today. */
async function readForStart(store: Store, now: number): Promise<void> {
  const limit = Number.MAX_SAFE_INTEGER;
  const live = await store.sessions.list({ limit, status: "active" });
  await store.usage.ofSessions(live.map(({ id }) => id));
  await store.usage.since(new Date(now - (now % dayMs)));
  await store.reviews.list({ limit, status: "pending" });
  await store.grants.list({ limit });
}

const dayMs = 24 * 60 * 60 * 1000;

function openPrepared(options: StoreOptions): Database {
  const { file, now = Date.now, decrypt = false } = options;
  return openDatabase({
    file,
    key: options.key,
    decrypt,
    prepare(opened) {
      migrate(opened);
      const begun = createChain(opened);
      adoptRows(opened, begun);
      opened.transaction(() => endUnfinished(opened, begun))();
      begun.transaction.committed();
      markEnded(opened, now(), begun.head());
    },
  });
}

function storeOver(database: Database, options: StoreOptions): Store {
  const { file, checkpointer, warn, now = Date.now, decrypt = false } = options;
  const key = decrypt ? undefined : options.key;
  const chain = createChain(database);
  const noteRow = createChangeLog(database, chain);
  const chunks = createStoredChunks(database);
  const ended = (key: bigint, larger: number) => {
    compaction.ended(key, larger);
    index.ended(key);
  };
  const transcripts = createTranscripts(database, chain, ended, () => compaction.goesOn());
  const checkpoints = createCheckpoints({
    database,
    checkpointer: file === ":memory:" ? undefined : checkpointer,
    key,
    group: () => group,
    warn,
  });
  const { lost } = options;
  let watch: FileWatch | undefined;
  const both = bothOf(transcripts.transaction, chain.transaction);
  const alone = () => {
    throw watch?.foreign() ?? new Error("another process wrote to the record as it was opened");
  };
  const group: GroupCommit = createGroupCommit({
    database,
    transaction: lost ? { ...both, foreign: alone } : both,
    wrote: checkpoints.wrote,
    warn,
    loss: () => watch?.loss(),
  });

  const compaction = createCompaction({ database, group, chunks, warn, after: compactAfter });

  const exchanges = createExchangeLog(database, transcripts, chunks);
  const index = createSearchIndex({
    ...{ database, group, exchanges, warn },
    read: options.read,
    running: transcripts.running,
    after: indexAfter,
  });
  const forget = createSearchForget(database);
  // Last: what throws above leaves nothing that goes on.
  watch = lost && createFileWatch({ file, lock: options.lock, written: checkpoints.touched, lost });

  return {
    sessions: createSessionLog(database, group, noteRow, index),
    exchanges,
    transcripts: transcripts.log(group),
    usage: createUsageLog(database),
    reviews: createReviewLog(database, group, noteRow),
    grants: createGrantLog(database, group, noteRow),
    imports: createImportLog(database, group, noteRow),
    record: createRecordLog({
      database,
      file,
      key,
      chain,
      group,
      note: noteRow,
      chunks,
      forget,
      runners: options.runners ?? noRunners,
      now,
    }),
    compacted: () => compaction.idle(),
    indexed: () => index.idle(),
    async close() {
      watch?.stop();
      await index.stop();
      await compaction.stop();
      group.close();
      await checkpoints.stop();
      if (!database.open) return;
      try {
        // What is not the record's file any more is left as it is.
        if (watch?.loss() === undefined && transcripts.running() === 0)
          markEnded(database, now(), chain.head());
      } catch (error) {
        warn("the next start will look through more of the record", error);
      } finally {
        database.close();
      }
    },
  };
}

/** The second sees what the first adds as it is sealed. */
function bothOf(first: Transaction, second: Transaction): Transaction {
  return {
    foreign() {
      first.foreign();
      second.foreign();
    },
    seal() {
      first.seal();
      second.seal();
    },
    committed() {
      first.committed();
      second.committed();
    },
    rolledBack() {
      first.rolledBack();
      second.rolledBack();
    },
  };
}
