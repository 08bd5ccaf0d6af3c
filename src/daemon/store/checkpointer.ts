/**
 * Checkpointer: a worker thread that moves the log into the database file, so
 * that the thread of the data path never waits for the disk to take pages it
 * already wrote. Each message asks for one pass; `stop` ends it.
 */
import { parentPort, workerData } from "node:worker_threads";
import { applyKey } from "./cipher.js";
import { openSqlite } from "./sqlite.js";

/** What a pass came to: pages in the log, or why there was none. */
export type CheckpointReport = { readonly pages: number } | { readonly error: string };

const port = parentPort;
if (port === null)
  throw new Error("the checkpointer is a worker of the daemon: hoopx daemon start");

const { file, key } = workerData as { readonly file: string; readonly key?: string };
const database = openSqlite(file, { fileMustExist: true });
if (key !== undefined) applyKey(database, Buffer.from(key, "hex"));
database.pragma("wal_autocheckpoint = 0");
database.pragma("synchronous = NORMAL");
database.pragma("cache_size = -256");

port.on("message", (asked: "pass" | "stop") => {
  if (asked === "stop") {
    database.close();
    port.close();
    return;
  }
  port.postMessage(pass());
});

function pass(): CheckpointReport {
  try {
    const [row] = database.pragma("wal_checkpoint(PASSIVE)") as { readonly log: number }[];
    return { pages: row?.log ?? 0 };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
