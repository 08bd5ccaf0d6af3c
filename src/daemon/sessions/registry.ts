/**
 * Session registry: who may use the data path right now. A token dies with its
 * run (the lease), at its TTL, on end and on revoke (SECURITY L6); the moment
 * it does, `over` aborts, before anything is written. A restart of the daemon
 * keeps the sessions whose run still lives, and each must be leased anew.
 */
import { timingSafeEqual } from "node:crypto";
import type { Identity } from "../model/identity.js";
import type { Secret } from "../model/secret.js";
import {
  newSessionId,
  newSessionToken,
  type Session,
  type SessionCredential,
  type SessionId,
  type SessionProcess,
  type SessionStatus,
} from "../model/session.js";
import type { ProcessChecker } from "../processes/process-check.js";
import { processLives, processStart } from "../processes/process-start.js";
import { withChild } from "../processes/run-root.js";
import type { ExchangeLog, SessionLog } from "../store/store.js";
import { createEntry, type Entry, stopTimers, type TokenHolder } from "./entry.js";
import { createRoll } from "./roll.js";

export interface SessionObserver {
  started(session: Session): void;
  ended(session: Session): void;
  /** A session that ended by itself could not be written down as over. */
  fault(session: Session, error: unknown): void;
}

export interface SessionRegistryOptions {
  readonly sessions: SessionLog;
  readonly exchanges: Pick<ExchangeLog, "lastSeq">;
  readonly observer: SessionObserver;
  /** Can a run be held to its processes? */
  readonly checkFor: ProcessChecker["checkFor"];
  readonly now: () => Date;
  /** Milliseconds within which a new session, and one restored, must be leased. */
  readonly leaseWithin: { readonly started: number; readonly restored: number };
  /** Milliseconds between looks at a session's run. */
  readonly watchEvery: number;
}

export interface NewSession {
  readonly connections: readonly string[];
  readonly ttlSeconds: number;
  readonly title: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly identity: Identity;
  readonly policyHash: string;
  readonly process: Omit<SessionProcess, "pid" | "pidStart" | "runnerStart">;
  /** As the runner sees it; undefined where it does not say. */
  readonly pidNamespace: string | undefined;
  readonly credentials: readonly SessionCredential[];
  /** Is its token good for any process? Only of a session from which nothing goes out. */
  readonly anyProcess?: boolean;
}

/** The hold of a run on its session. */
interface Lease {
  /** Aborts when the session is over, another lease took this one's place, or the daemon stops. */
  readonly over: AbortSignal;
  /** The run let go: a session not ended yet ends now. */
  release(): Promise<void>;
}

export interface SessionRegistry {
  /** A live session or one lately over, by the SHA-256 of its token. */
  authenticate(digest: Uint8Array): TokenHolder | undefined;
  start(request: NewSession): Promise<{ readonly session: Session; readonly token: Secret }>;
  /** Undefined: no live session of that id has that token. Throws ForeignProcess. */
  lease(id: SessionId, token: Uint8Array, childPid: number | null): Promise<Lease | undefined>;
  /** Undefined: no live session of that id. */
  end(id: SessionId, exitCode: number | null): Promise<Session | undefined>;
  revoke(id: SessionId): Promise<Session | undefined>;
  /** Takes up the sessions of the daemon before. */
  restore(): Promise<void>;
  live(): number;
  liveSessions(): readonly Session[];
  /** The daemon stops: leases are let go, and the sessions stay for the next one to take up. */
  suspend(): void;
}

/** Sessions that are over and still told so to a late request. */
const remembered = 1024;

/** Creates the registry; `restore` before the first request. */
export function createSessionRegistry(options: SessionRegistryOptions): SessionRegistry {
  const { sessions, exchanges, observer, now, leaseWithin, watchEvery } = options;
  const roll = createRoll(remembered);
  let suspended = false;

  async function finish(
    entry: Entry,
    status: SessionStatus,
    exitCode: number | null,
  ): Promise<Session> {
    if (!entry.live) return entry.session;
    const endedAt = now();
    entry.live = false;
    entry.session = { ...entry.session, status, endedAt, exitCode };
    stopTimers(entry);
    roll.retire(entry);
    entry.ending.abort(new Error(`session ${entry.session.id} is over`));
    entry.lease?.abort();
    await sessions.end(entry.session.id, { status, endedAt, exitCode });
    observer.ended(entry.session);
    return entry.session;
  }

  /** For ends that nobody asked for and nobody waits on. */
  function finishAlone(entry: Entry, status: SessionStatus): Promise<void> {
    return finish(entry, status, null).then(
      () => undefined,
      (error) => observer.fault(entry.session, error),
    );
  }

  function setTimers(entry: Entry, lifetime: number, leaseBy: number): void {
    entry.expiry = setTimeout(() => void finishAlone(entry, "expired"), lifetime);
    entry.unleased = setTimeout(() => void finishAlone(entry, "ended"), leaseBy);
    const { runnerPid, runnerStart } = entry.session.process;
    const lives = () => processLives(runnerPid, runnerStart);
    // A run that cannot be seen from here (a container's) is known by its lease alone.
    if (!lives()) return;
    // The agent has the token, so it could take the lease from a run that is being killed.
    entry.watch = setInterval(() => lives() || void finishAlone(entry, "ended"), watchEvery);
  }

  async function restoreOne(session: Session): Promise<void> {
    const entry = createEntry(session, await exchanges.lastSeq(session.id));
    roll.add(entry);
    const { runnerPid, runnerStart } = session.process;
    const whole = session.expiresAt.getTime() - session.startedAt.getTime();
    // A clock set back must not lengthen a session.
    const left = Math.min(session.expiresAt.getTime() - now().getTime(), whole);
    if (left <= 0) return finishAlone(entry, "expired");
    if (!processLives(runnerPid, runnerStart)) return finishAlone(entry, "ended");
    setTimers(entry, left, leaseWithin.restored);
  }

  return {
    authenticate: (digest) => roll.byDigest(digest),
    live: () => roll.liveCount(),
    liveSessions: () => roll.allLive().map(({ session }) => session),

    async start({ ttlSeconds, pidNamespace, anyProcess = false, ...request }) {
      const token = newSessionToken();
      const startedAt = now();
      const { runnerPid } = request.process;
      const runnerStart = processStart(runnerPid);
      const session: Session = {
        ...request,
        id: newSessionId(),
        tokenDigest: token.digest(),
        process: { ...request.process, pid: null, pidStart: null, runnerStart },
        processCheck: anyProcess
          ? "unavailable"
          : options.checkFor({ pid: runnerPid, start: runnerStart, pidNamespace }),
        startedAt,
        expiresAt: new Date(startedAt.getTime() + ttlSeconds * 1000),
        status: "active",
        endedAt: null,
        exitCode: null,
      };
      await sessions.add(session);
      const entry = createEntry(session, 0);
      roll.add(entry);
      setTimers(entry, ttlSeconds * 1000, leaseWithin.started);
      observer.started(session);
      return { session, token };
    },

    async lease(id, token, childPid) {
      const entry = roll.live(id);
      if (entry === undefined || !timingSafeEqual(entry.session.tokenDigest, token)) {
        return undefined;
      }
      if (childPid !== null) {
        const process = withChild(entry.session, childPid);
        // Before anything is waited for: the agent asks already.
        entry.session = { ...entry.session, process };
        await sessions.setPid(id, childPid, process.pidStart);
        if (!entry.live) return undefined;
      }
      clearTimeout(entry.unleased);
      entry.lease?.abort();
      const lease = new AbortController();
      entry.lease = lease;
      return {
        over: lease.signal,
        async release() {
          if (entry.lease === lease && !suspended) await finishAlone(entry, "ended");
        },
      };
    },

    async end(id, exitCode) {
      const entry = roll.live(id);
      return entry && finish(entry, "ended", exitCode);
    },

    async revoke(id) {
      const entry = roll.live(id);
      return entry && finish(entry, "revoked", null);
    },

    async restore() {
      const recent = await sessions.list({ limit: remembered });
      // Oldest first, so that those longest over are the first to be forgotten.
      for (const session of [...recent].reverse()) {
        if (session.status === "active") continue;
        const entry = createEntry(session, await exchanges.lastSeq(session.id));
        entry.ending.abort(new Error(`session ${session.id} is over`));
        roll.add(entry);
      }
      const active = await sessions.list({ limit: Number.MAX_SAFE_INTEGER, status: "active" });
      for (const session of active) await restoreOne(session);
    },

    suspend() {
      suspended = true;
      for (const entry of roll.allLive()) {
        stopTimers(entry);
        entry.lease?.abort();
      }
    },
  };
}
