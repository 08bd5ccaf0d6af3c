/**
 * Presence: a running daemon stays the one that commands reach. A logout
 * removes the run folder, and with it the control socket; another program may
 * put its own there. The socket is bound again within a second, and how often
 * that was is told. Where it cannot be bound, no person could revoke a session
 * any more, so the daemon stops; so it does where its lock is no longer its own.
 */
import type { Home } from "../../contract/home.js";
import type { ControlServer } from "../control/server.js";
import type { HeldLock } from "./daemon-lock.js";
import { prepareRunFolders } from "./folders.js";
import { type PidFile, writePidFile } from "./run-files.js";

export interface PresenceOptions {
  readonly home: Home;
  readonly lock: Pick<HeldLock, "isOwn">;
  readonly control: Pick<ControlServer, "isBound" | "rebind">;
  /** Counted here. */
  readonly rebinds: Rebinds;
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

/** How often the control socket was bound again since the start, and when that was last. */
export interface Rebinds {
  count: number;
  last: Date | null;
}

/** Looks that find no way to bind again before the daemon stops. */
const patience = 20;

/** Begins to watch socket and lock. */
export function createPresence(options: PresenceOptions): Presence {
  const { home, lock, log, control, rebinds, every = 500 } = options;
  const { socket } = home;
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
    if (control.isBound()) return;
    busy = true;
    try {
      prepareRunFolders(home);
      await control.rebind();
      writePidFile(home, options.pidFile);
      failed = 0;
      rebinds.count += 1;
      rebinds.last = new Date();
      const { count } = rebinds;
      // Each doubling: a program that takes it away twice a second must not fill the log.
      if (Number.isInteger(Math.log2(count))) {
        log.warn(
          { socket, count },
          "the control socket was gone, or another's, and is bound again",
        );
      }
    } catch (error) {
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
