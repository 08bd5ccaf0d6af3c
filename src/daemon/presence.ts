/**
 * Presence: a running daemon stays the one that commands reach. A logout
 * removes the run folder, and with it the control socket: it is bound again
 * within a second. Where that cannot be done, no person could revoke a session any
 * more, so the daemon stops; so it does where its lock is no longer its own.
 */
import { statSync } from "node:fs";
import type { Home } from "../contract/home.js";
import { prepareRunFolders } from "./folders.js";
import type { HeldLock } from "./one-daemon.js";
import { type PidFile, writePidFile } from "./run-files.js";

export interface PresenceOptions {
  readonly home: Home;
  readonly lock: Pick<HeldLock, "isOwn">;
  readonly control: { rebind(): Promise<void> };
  /** What lies beside the socket. */
  readonly pidFile: PidFile;
  /** The daemon cannot go on. */
  readonly stop: (reason: string) => void;
  readonly log: {
    warn(facts: object, message: string): void;
    error(facts: object, message: string): void;
  };
  /** Milliseconds between two looks. */
  readonly every?: number;
}

export interface Presence {
  stop(): void;
}

/** Looks that find no way to bind again before the daemon stops. */
const patience = 20;

/** Begins to watch socket and lock. */
export function createPresence(options: PresenceOptions): Presence {
  const { home, lock, log, every = 500 } = options;
  const { socket } = home;
  // A named pipe of Windows is in no folder, and ends with its process.
  const named = process.platform === "win32";
  let bound = named ? undefined : inodeOf(socket);
  let busy = false;
  let failed = 0;
  const timer = setInterval(() => void look(), every).unref();

  async function look(): Promise<void> {
    if (busy) return;
    if (!lock.isOwn()) {
      clearInterval(timer);
      const why = "the lock beside the record is no longer this daemon's";
      log.error({ pid: process.pid }, why);
      options.stop(why);
      return;
    }
    if (named || (bound !== undefined && inodeOf(socket) === bound)) return;
    busy = true;
    try {
      prepareRunFolders(home);
      await options.control.rebind();
      writePidFile(home, options.pidFile);
      bound = inodeOf(socket);
      failed = 0;
      log.warn({ socket }, "the control socket was gone and is bound again");
    } catch (error) {
      bound = undefined;
      failed += 1;
      if (failed === 1) log.error({ err: error, socket }, "the control socket cannot be bound");
      if (failed >= patience) {
        clearInterval(timer);
        options.stop("no command reaches this daemon any more");
      }
    }
    busy = false;
  }

  return { stop: () => clearInterval(timer) };
}

function inodeOf(file: string): number | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })?.ino;
  } catch {
    return undefined;
  }
}
