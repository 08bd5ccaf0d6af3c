/**
 * Session registry: who may use the data path right now. A token dies with its
 * run (the lease), at its TTL, on end and on revoke (SECURITY L6); the moment
 * it does, `over` aborts, before anything is written. A restart of the daemon
 * keeps the sessions whose run still lives, and each must be leased again. Only
 * a session's own runner holds its lease and ends it (SECURITY A7).
 */
import { timingSafeEqual } from "node:crypto";
import type { Identity } from "../model/identity.js";
import type { Secret } from "../model/secret.js";
import {
  newSessionId,
  newSessionToken,
  type ProcessCheck,
  type Session,
  type SessionCredential,
  type SessionId,
  type SessionProcess,
  type SessionStatus,
} from "../model/session.js";
import type { Runner } from "../processes/insiders.js";
import { processLives } from "../processes/process-start.js";
import { processTable } from "../processes/process-table.js";
import { startedProcess, withChild } from "../processes/run-root.js";
import type { ExchangeLog, SessionLog } from "../store/store.js";
import {
  createLiveSession,
  type LiveSession,
  stopTimers,
  type TokenHolder,
} from "./live-session.js";
import { createRunners } from "./runners.js";
import { createSessionIndex } from "./session-index.js";

export interface SessionObserver {
  started(session: Session): void;
  ended(session: Session): void;
  /** A session that ended by itself could not be written down as over. */
  fault(session: Session, error: unknown): void;
}

export interface SessionRegistryOptions {
  readonly sessions: SessionLog;
  readonly exchanges: Pick<ExchangeLog, "lastSeq">;
  /** Masks what a session says of itself, before anything keeps or shows it. */
  readonly masked: (session: Session) => Promise<Session>;
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
  /** Its runner is the process that the kernel named, or the one that says so where no kernel does. */
  readonly process: Omit<SessionProcess, "pid" | "pidStart">;
  readonly credentials: readonly SessionCredential[];
  /** `unavailable`: its token is good for any process. */
  readonly processCheck: ProcessCheck;
}

/** The process that asks to hold or to end a session is not its runner. */
export class NotTheRunner extends Error {
  constructor(id: SessionId, what: string) {
    super(`only the process that started session ${id} ${what}`);
    this.name = "NotTheRunner";
  }
}

/** The hold of a run on its session. */
interface Lease {
  /** Aborts when the session is over, another lease took this one's place, or the daemon stops. */
  readonly over: AbortSignal;
  /** The run let go: a session not ended yet ends now. */
  release(): Promise<void>;
}

/** Who asks to hold or to end a session. */
export interface Holder {
  isRunnerOf(process: SessionProcess): boolean;
}

export interface LeaseRequest {
  readonly id: SessionId;
  readonly token: Uint8Array;
  readonly childPid: number | null;
  readonly by: Holder;
}

export interface SessionRegistry {
  /** A live session or one lately over, by the SHA-256 of its token. */
  authenticate(digest: Uint8Array): TokenHolder | undefined;
  start(request: NewSession): Promise<{ readonly session: Session; readonly token: Secret }>;
  /** Undefined: no live session of that id has that token. Throws NotTheRunner and ForeignProcess. */
  lease(request: LeaseRequest): Promise<Lease | undefined>;
  /** Undefined: no live session of that id. Throws NotTheRunner. */
  end(id: SessionId, exitCode: number | null, by: Holder): Promise<Session | undefined>;
  revoke(id: SessionId): Promise<Session | undefined>;
  /** Tells this one, too, of what happens from now on. */
  observe(observer: SessionObserver): void;
  /** Takes up the sessions of the daemon before. */
  restore(): Promise<void>;
  live(): number;
  liveSessions(): readonly Session[];
  /** Those that asked for sessions and live, also of sessions that are over. */
  runners(): readonly Runner[];
  /** The runs that a process is inside of, the innermost first; undefined where that cannot be told. */
  runsAround(pid: number): readonly RunAround[] | undefined;
  /** The outermost run that a process is below, or the process itself: what counts as one client. */
  clientOf(pid: number): string;
  /** The daemon stops: leases are let go, and the sessions stay for the next one to take up. */
  suspend(): void;
}

export interface RunAround {
  readonly id: SessionId;
  /** Undefined where its session is over. */
  readonly holder: TokenHolder | undefined;
}

/** Sessions that are over and still told so to a late request. */
const remembered = 1024;

/** Creates the registry; `restore` before the first request. */
export function createSessionRegistry(options: SessionRegistryOptions): SessionRegistry {
  const { sessions, exchanges, now, leaseWithin, watchEvery } = options;
  const observers: SessionObserver[] = [];
  const index = createSessionIndex(remembered);
  const runners = createRunners();
  let suspended = false;

  async function finish(
    entry: LiveSession,
    status: SessionStatus,
    exitCode: number | null,
  ): Promise<Session> {
    if (!entry.live) return entry.session;
    const endedAt = now();
    entry.live = false;
    entry.session = { ...entry.session, status, endedAt, exitCode };
    stopTimers(entry);
    index.retire(entry);
    entry.ending.abort(new Error(`session ${entry.session.id} is over`));
    entry.lease?.abort();
    await sessions.end(entry.session.id, { status, endedAt, exitCode });
    for (const observer of observers) observer.ended(entry.session);
    return entry.session;
  }

  /** For ends that no caller asked for or waits on. */
  function finishAlone(entry: LiveSession, status: SessionStatus): Promise<void> {
    return finish(entry, status, null).then(
      () => undefined,
      (error) => {
        for (const observer of observers) observer.fault(entry.session, error);
      },
    );
  }

  function setTimers(entry: LiveSession, lifetime: number, leaseBy: number): void {
    entry.expiry = setTimeout(() => void finishAlone(entry, "expired"), lifetime);
    entry.unleased = setTimeout(() => void finishAlone(entry, "ended"), leaseBy);
    const { runnerPid, runnerStart } = entry.session.process;
    const lives = () => processLives(runnerPid, runnerStart);
    // A run that cannot be seen from here (a container's) is known by its lease alone.
    if (!isSeen(entry.session.process) || !lives()) return;
    // The agent has the token, so it could take the lease from a run that is being killed.
    entry.watch = setInterval(() => lives() || void finishAlone(entry, "ended"), watchEvery);
  }

  async function restoreOne(session: Session): Promise<void> {
    const entry = createLiveSession(session, await exchanges.lastSeq(session.id));
    index.add(entry);
    runners.add(session);
    const { runnerPid, runnerStart } = session.process;
    const whole = session.expiresAt.getTime() - session.startedAt.getTime();
    // A clock set back must not lengthen a session.
    const left = Math.min(session.expiresAt.getTime() - now().getTime(), whole);
    if (left <= 0) return finishAlone(entry, "expired");
    const gone = isSeen(session.process) && !processLives(runnerPid, runnerStart);
    if (gone) return finishAlone(entry, "ended");
    setTimers(entry, left, leaseWithin.restored);
  }

  return {
    observe: (observer) => void observers.push(observer),
    authenticate: (digest) => index.byDigest(digest),
    live: () => index.liveCount(),
    liveSessions: () => index.allLive().map(({ session }) => session),
    runners: () => runners.all(),
    runsAround: (pid) => runners.around(pid)?.map((id) => ({ id, holder: index.live(id) })),
    clientOf: (pid) => runners.clientOf(pid),

    async start({ ttlSeconds, ...request }) {
      const token = newSessionToken();
      const startedAt = now();
      const session = await options.masked({
        ...request,
        id: newSessionId(),
        tokenDigest: token.digest(),
        process: startedProcess(request.process),
        startedAt,
        expiresAt: new Date(startedAt.getTime() + ttlSeconds * 1000),
        status: "active",
        endedAt: null,
        exitCode: null,
      });
      await sessions.add(session);
      const entry = createLiveSession(session, 0);
      index.add(entry);
      runners.add(session);
      setTimers(entry, ttlSeconds * 1000, leaseWithin.started);
      for (const observer of observers) observer.started(session);
      return { session, token };
    },

    async lease({ id, token, childPid, by }) {
      const entry = index.live(id);
      if (!entry || !timingSafeEqual(entry.session.tokenDigest, token)) return undefined;
      if (!by.isRunnerOf(entry.session.process)) throw new NotTheRunner(id, "holds its lease");
      const process = childPid === null ? null : withChild(entry.session, childPid);
      if (process !== null && process !== entry.session.process) {
        const told = await options.masked({ ...entry.session, process });
        if (!entry.live) return undefined;
        entry.session = { ...entry.session, process: told.process };
        const { pid, pidStart, command } = told.process;
        await sessions.setChild(id, { pid, pidStart, command });
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

    async end(id, exitCode, by) {
      const entry = index.live(id);
      if (entry === undefined) return undefined;
      if (!by.isRunnerOf(entry.session.process)) throw new NotTheRunner(id, "ends it");
      return finish(entry, "ended", exitCode);
    },

    async revoke(id) {
      const entry = index.live(id);
      if (entry === undefined) return undefined;
      // An agent may have started sessions of its own: they would go on without the one that it was given.
      const revoked = await finish(entry, "revoked", null);
      const inside = index
        .allLive()
        .filter(({ session }) => runners.around(session.process.runnerPid)?.includes(id));
      for (const each of inside) await finish(each, "revoked", null);
      return revoked;
    },

    async restore() {
      // All that live, however many sessions came since: what is below them is inside a run.
      for (const session of await sessions.ofRunners(processTable.all())) {
        const { runnerPid, runnerStart } = session.process;
        if (processLives(runnerPid, runnerStart)) runners.add(session);
      }
      const recent = await sessions.list({ limit: remembered });
      // Oldest first, so that those longest over are the first to be forgotten.
      for (const session of [...recent].reverse()) {
        if (session.status === "active") continue;
        const entry = createLiveSession(session, await exchanges.lastSeq(session.id));
        entry.ending.abort(new Error(`session ${session.id} is over`));
        index.add(entry);
      }
      const active = await sessions.list({ limit: Number.MAX_SAFE_INTEGER, status: "active" });
      for (const session of active) await restoreOne(session);
    },

    suspend() {
      suspended = true;
      for (const entry of index.allLive()) {
        stopTimers(entry);
        entry.lease?.abort();
      }
    },
  };
}

/** Can its runner be looked at from here? */
function isSeen({ runnerStart }: SessionProcess): boolean {
  return runnerStart !== null || process.platform !== "linux";
}
