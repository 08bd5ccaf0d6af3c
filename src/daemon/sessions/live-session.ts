/**
 * Live session: one session as the daemon holds it in memory, with the timers
 * and the lease that keep it. It stays for a while after its session is over.
 */
import type { Session } from "../model/session.js";

/** What the data path sees of a session. */
export interface TokenHolder {
  readonly session: Session;
  /** False once it ended, expired or was revoked. */
  readonly live: boolean;
  /** Aborts when it is over. */
  readonly over: AbortSignal;
  /** The next exchange's place in the session. */
  nextSeq(): number;
}

export interface LiveSession extends TokenHolder {
  session: Session;
  live: boolean;
  /** Ends it at its TTL; monotonic, so a changed clock neither kills nor prolongs it. */
  expiry: NodeJS.Timeout | undefined;
  /** Ends it where no runner leases it in time. */
  unleased: NodeJS.Timeout | undefined;
  /** Looks whether its run still lives. */
  watch: NodeJS.Timeout | undefined;
  /** The lease in force; a later one takes its place. */
  lease: AbortController | undefined;
  readonly ending: AbortController;
}

/** A session that counts its exchanges on from `lastSeq`. */
export function createLiveSession(session: Session, lastSeq: number): LiveSession {
  const ending = new AbortController();
  let seq = lastSeq;
  return {
    session,
    live: session.status === "active",
    over: ending.signal,
    nextSeq: () => {
      seq += 1;
      return seq;
    },
    expiry: undefined,
    unleased: undefined,
    watch: undefined,
    lease: undefined,
    ending,
  };
}

/** Stops a session's timers. */
export function stopTimers(entry: LiveSession): void {
  clearTimeout(entry.expiry);
  clearTimeout(entry.unleased);
  clearInterval(entry.watch);
}
