/**
 * Daemon lock: one daemon per record. A lock beside the record decides, wherever the run
 * folder is and whatever becomes of it. A start that finds the lock taken leaves
 * the field to a daemon that answers; one that is still starting, or already on
 * its way out, is waited for, so that every start ends with a daemon.
 */
import { statSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Home, lockFileOf } from "../../contract/home.js";
import { processLives, processStart } from "../processes/process-start.js";
import { type ExclusiveLock, takeExclusiveLock } from "../store/exclusive-lock.js";
import { clearHolder, keepHolder, readHolder } from "./run-files.js";

const patience = 8_000;
const step = 25;

export interface HeldLock extends ExclusiveLock {
  /** Is the file still the one that is locked? */
  isOwn(): boolean;
}

/** The lock, held for life; undefined where another daemon answers. Rejects where one neither answers nor ends. */
export async function becomeTheDaemon(home: Home): Promise<HeldLock | undefined> {
  const file = lockFileOf(home);
  // By the clock: on a busy machine a step takes longer, and the command that waits gives up after 10 s.
  const deadline = performance.now() + patience;
  while (performance.now() < deadline) {
    const lock = takeExclusiveLock(file);
    // A lock file that was removed is no daemon's end: one that still lives holds the record.
    if (lock !== undefined && !holderLives(home)) return held(home, file, lock);
    lock?.release();
    if (await answers(home.socket)) return undefined;
    await delay(step);
  }
  const pid = readHolder(home)?.pid;
  const who = pid === undefined ? "another process" : `hoopxd, process ${pid},`;
  throw new Error(
    `${who} holds the record in ${home.data} and does not answer on ${home.socket}: end it${pid === undefined ? "" : ` (kill ${pid})`}, then hoopx daemon start`,
  );
}

function held(home: Home, file: string, lock: ExclusiveLock): HeldLock {
  const { dev, ino } = statSync(file);
  keepHolder(home, { pid: process.pid, start: processStart(process.pid) });
  const isOwn = () => {
    const now = statSync(file, { throwIfNoEntry: false });
    return now !== undefined && now.dev === dev && now.ino === ino;
  };
  return {
    isOwn,
    release() {
      if (isOwn()) clearHolder(home);
      lock.release();
    },
  };
}

/** Only where the system tells a process from a later one of its number. */
function holderLives(home: Home): boolean {
  const holder = readHolder(home);
  if (holder === undefined || holder.start === null || holder.pid === process.pid) return false;
  return processLives(holder.pid, holder.start);
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", () => resolve(false));
  });
}
