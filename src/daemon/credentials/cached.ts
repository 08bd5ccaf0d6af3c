/**
 * Cached: any source's credentials, kept until their end. One asks at a time,
 * for everybody who waits; in the last part of a life another is fetched while
 * requests go on with the old one; a failure is told to those who wait and
 * forgotten. A caller that stops waiting ends its own wait and not the others'.
 *
 * Age is what the monotonic clock says, or the wall clock where that says more:
 * a clock that is set does not prolong a life, nor does a machine that sleeps.
 */
import type { Connection } from "../model/connection.js";
import type { Identity } from "../model/identity.js";
import { within } from "../secrets/within.js";
import { type Credential, CredentialError, type CredentialSource } from "./source.js";

export interface CachedOptions {
  readonly source: CredentialSource;
  /** Milliseconds of the wall clock. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set. */
  readonly monotonic: () => number;
  /** Milliseconds that asking may take. */
  readonly limit: number;
  /** Aborts when the daemon stops: whatever is being asked ends. */
  readonly over: AbortSignal;
}

export interface CachedSource extends CredentialSource {
  /** What was last had for it, for any identity, and still lives; asks no issuer. */
  known(connection: Connection): Credential | undefined;
  /** Lets go of an identity's credentials. */
  forget(identity: Identity): void;
}

interface Kept {
  readonly credential: Credential;
  readonly wall: number;
  readonly monotonic: number;
  /** Ages, in milliseconds: from when another is fetched, and from when this is not used. */
  readonly stale: number;
  readonly dead: number;
}

interface Entry {
  connection: Connection;
  readonly print: string;
  readonly identity: Identity;
  kept?: Kept | undefined;
  asking?: Promise<Credential> | undefined;
  /** Monotonic moments: no early fetch before; last time one was rejected. */
  pauseUntil: number;
  rejectedAt: number;
}

/** Where nothing is said of its end. */
const unsaid = 300_000;
const earliest = 1_200_000;
const margin = 30_000;
/** After an early fetch that failed, while the old one still serves. */
const pause = 5_000;
/** An upstream that refuses whatever it is sent costs one token call in so long. */
const rejectionsApart = 10_000;

/** Wraps a source. */
export function createCachedSource(options: CachedOptions): CachedSource {
  const { source, now, monotonic, limit, over } = options;
  const entries = new Map<string, Entry>();

  function entryFor(connection: Connection, identity: Identity): Entry {
    const key = keyOf(connection, identity);
    const known = entries.get(key);
    if (known?.connection === connection) return known;
    const print = printOf(connection);
    if (known?.print === print) {
      known.connection = connection;
      return known;
    }
    for (const [other, entry] of entries) {
      if (entry.asking === undefined && alive(entry) === undefined) entries.delete(other);
    }
    const fresh = { connection, print, identity, pauseUntil: -Infinity, rejectedAt: -Infinity };
    entries.set(key, fresh);
    return fresh;
  }

  function alive({ kept }: Entry): Kept | undefined {
    return kept !== undefined && ageOf(kept) < kept.dead ? kept : undefined;
  }

  function ageOf(kept: Kept): number {
    return Math.max(monotonic() - kept.monotonic, now() - kept.wall);
  }

  /** Asks, or joins who asks already. */
  function ask(entry: Entry, rejected?: Credential): Promise<Credential> {
    entry.asking ??= fetchInto(entry, rejected).finally(() => {
      entry.asking = undefined;
    });
    // Those who wait are told; where none do, there is none to tell.
    entry.asking.catch(() => {});
    return entry.asking;
  }

  async function fetchInto(entry: Entry, rejected: Credential | undefined): Promise<Credential> {
    const { connection, identity } = entry;
    const begun = { wall: now(), monotonic: monotonic() };
    const timeout = AbortSignal.timeout(limit);
    const signal = AbortSignal.any([timeout, over]);
    try {
      const credential = await within(
        signal,
        source.obtain(connection, identity, signal, rejected),
      );
      const lifetime = credential.lifetime ?? unsaid;
      entry.kept = {
        credential,
        ...begun,
        stale: lifetime - Math.min(earliest, lifetime / 3),
        dead: lifetime - Math.min(margin, lifetime / 10),
      };
      return credential;
    } catch (error) {
      entry.pauseUntil = monotonic() + pause;
      if (!timeout.aborted || error instanceof CredentialError) throw error;
      throw new CredentialError(
        `no credential for connection ${connection.name} within ${limit / 1000} s`,
        `hoopx connections test ${connection.name}`,
        { cause: error },
      );
    }
  }

  /** Another in the place of one that the upstream refused; itself where one was just had so. */
  function replace(entry: Entry, rejected: Credential): Promise<Credential> | Credential {
    const kept = alive(entry);
    if (kept !== undefined && kept.credential !== rejected) return kept.credential;
    if (entry.asking !== undefined) return entry.asking;
    if (monotonic() - entry.rejectedAt < rejectionsApart) return rejected;
    entry.rejectedAt = monotonic();
    entry.kept = undefined;
    return ask(entry, rejected);
  }

  return {
    async obtain(connection, identity, signal, rejected) {
      const entry = entryFor(connection, identity);
      if (rejected !== undefined) {
        return within(signal, Promise.resolve(replace(entry, rejected)));
      }
      const kept = alive(entry);
      if (kept === undefined) return within(signal, ask(entry));
      if (ageOf(kept) >= kept.stale && monotonic() >= entry.pauseUntil) void ask(entry);
      return kept.credential;
    },

    known(connection) {
      const print = printOf(connection);
      let last: Kept | undefined;
      for (const entry of entries.values()) {
        if (entry.connection.name !== connection.name || entry.print !== print) continue;
        const kept = alive(entry);
        if (kept && kept.monotonic >= (last?.monotonic ?? -Infinity)) last = kept;
      }
      return last?.credential;
    },

    forget({ issuer, subject }) {
      for (const [key, { identity }] of entries) {
        if (identity.issuer === issuer && identity.subject === subject) entries.delete(key);
      }
    },
  };
}

function keyOf({ name }: Connection, { issuer, subject, profile }: Identity): string {
  return `${name}\n${issuer}\n${subject}\n${profile ?? ""}`;
}

/** All that a credential depends on: a connection that was changed gets another. */
function printOf({ origin, credential, createdAt, rotatedAt, ...rest }: Connection): string {
  const { allowPrivateNetwork, basePath } = rest;
  return JSON.stringify([origin, basePath, credential, allowPrivateNetwork, createdAt, rotatedAt]);
}
