/**
 * Checkpoints: when the log is moved into the database file. A worker thread
 * does it after every few megabytes. It can only start the log again when it
 * has caught up with the writes, which under constant load it never would: so
 * once the log is long, writes wait the few milliseconds of one more pass. The
 * data path's thread itself never waits for the disk.
 */
import { Worker } from "node:worker_threads";
import type { Database } from "better-sqlite3";
import type { CheckpointReport } from "./checkpointer.js";
import type { GroupCommit } from "./group-commit.js";
import type { Warn } from "./open.js";

export interface CheckpointsOptions {
  readonly database: Database;
  /** The worker's entry point; absent: SQLite checkpoints on the writing thread. */
  readonly checkpointer: URL | undefined;
  /** What the file is encrypted with. */
  readonly key?: Buffer | undefined;
  readonly group: () => GroupCommit;
  readonly warn: Warn;
}

export interface Checkpoints {
  /** Told after each transaction about how much it wrote, bytes. */
  wrote(bytes: number): void;
  /** May a checkpoint have written to the file since this was asked last? */
  touched(): boolean;
  /** Stops the worker, so that the last one to close the file is who asks. */
  stop(): Promise<void>;
}

/** Pages that a transaction writes besides its data. */
const transactionPages = 5;
/** A pass is made after about this much. */
const passBytes = 8 * 1024 * 1024;
/** From this length on the log is started again. */
const longLogBytes = 64 * 1024 * 1024;
/** A disk that hangs holds writes up this long for a pass, milliseconds. */
const longestHold = 500;

/** Creates what keeps a database's log short. */
export function createCheckpoints(options: CheckpointsOptions): Checkpoints {
  const { database, checkpointer, group, warn } = options;
  if (checkpointer === undefined)
    return { wrote: () => {}, touched: () => true, stop: async () => {} };
  database.pragma("wal_autocheckpoint = 0");
  const pageBytes = database.pragma("page_size", { simple: true }) as number;
  const limits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };
  let worker: Worker | undefined;
  let since = 0;
  let state: "idle" | "passing" | "finishing" | "failed" | "stopped" = "idle";
  let patience: NodeJS.Timeout | undefined;
  let touched = true;

  /** Started with the first pass: a daemon that records little never needs the memory. */
  function start(file: URL): Worker {
    const started = new Worker(file, {
      workerData: { file: database.name, key: options.key?.toString("hex") },
      resourceLimits: limits,
      env: {},
      execArgv: [],
    });
    started.unref();
    started.on("message", finish);
    started.on("error", (error) => fail(error));
    return started;
  }

  function ask(next: "passing" | "finishing", file: URL): void {
    state = next;
    since = 0;
    touched = true;
    worker ??= start(file);
    worker.postMessage("pass");
  }

  function finish(report: CheckpointReport): void {
    // A report that crosses the stop must not start another pass, nor another worker.
    if (state === "stopped") return;
    const finished = state;
    state = "idle";
    letGo();
    if ("error" in report) {
      warn("the record's log could not be moved into its file", report.error);
    } else if (
      finished === "passing" &&
      report.pages * pageBytes > longLogBytes &&
      checkpointer !== undefined
    ) {
      group().hold();
      patience = setTimeout(letGo, longestHold);
      ask("finishing", checkpointer);
    }
  }

  function letGo(): void {
    clearTimeout(patience);
    group().release();
  }

  function fail(error: unknown): void {
    if (state === "stopped") return;
    warn("the checkpointer failed: the record's log is moved on the data path's thread", error);
    state = "failed";
    letGo();
    database.pragma("wal_autocheckpoint = 1000");
  }

  return {
    wrote(bytes) {
      since += bytes + transactionPages * pageBytes;
      if (since >= passBytes && state === "idle") ask("passing", checkpointer);
    },

    touched() {
      const before = touched;
      touched = state !== "idle";
      return before || touched;
    },

    async stop() {
      clearTimeout(patience);
      const stopping = state === "failed" ? undefined : worker;
      state = "stopped";
      worker = undefined;
      if (stopping === undefined) return;
      stopping.ref();
      await new Promise((resolve) => {
        stopping.once("exit", resolve);
        stopping.postMessage("stop");
      });
    },
  };
}
