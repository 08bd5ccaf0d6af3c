/**
 * Presence: a running daemon stays the one that commands reach. A logout
 * removes the run folder, and with it the control socket: it is bound again
 * within a second. Where that cannot be done, nobody could revoke a session any
 * more, so the daemon stops; so it does where its lock is no longer its own.
 */
import { statSync } from "node:fs";

export interface PresenceOptions {
  readonly socket: string;
  /** Is the lock still ours? */
  readonly holdsLock: () => boolean;
  /** Makes the socket again, and what lies beside it. */
  readonly rebind: () => Promise<void>;
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
  const { socket, holdsLock, rebind, log, every = 500 } = options;
  // A named pipe of Windows is in no folder, and ends with its process.
  const named = process.platform === "win32";
  let bound = named ? undefined : inodeOf(socket);
  let busy = false;
  let failed = 0;
  const timer = setInterval(() => void look(), every).unref();

  async function look(): Promise<void> {
    if (busy) return;
    if (!holdsLock()) {
      clearInterval(timer);
      const why = "the lock beside the record is no longer this daemon's";
      log.error({ pid: process.pid }, why);
      options.stop(why);
      return;
    }
    if (named || (bound !== undefined && inodeOf(socket) === bound)) return;
    busy = true;
    try {
      await rebind();
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
