/**
 * Reruns: which sessions run against a record, by their ids. What one of them
 * is answered with is in memory only; after a restart of the daemon a session
 * that says it is a re-run is answered by nothing, rather than by an upstream.
 */
import type { Connection } from "../model/connection.js";
import { replayLabel, type Session, type SessionId } from "../model/session.js";
import type { ExchangeLog } from "../store/store.js";
import { type Place, parsePlace } from "./place.js";
import { loadRerun, type Rerun, type RerunOptions } from "./rerun.js";

export interface Reruns {
  /** A place that may differ, as it was written; undefined for a text that is none. */
  parsePlace(text: string): Place | undefined;
  /** Reads what is to be replayed; throws where that cannot be read. */
  load(options: Omit<RerunOptions, "mask">): Promise<Rerun>;
  /** From now on the session is the re-run. */
  enter(session: SessionId, rerun: Rerun, connections: readonly Connection[]): void;
  /** The re-run that a session is; undefined for one that is none, `lost` for one not known any more. */
  of(session: Session): Rerun | "lost" | undefined;
  /** By id, for its report. */
  find(session: SessionId): Rerun | undefined;
  /** A connection that a re-run has under a name which is not configured here. */
  connectionNamed(session: Session, name: string): Connection | undefined;
}

export interface RerunsOptions {
  readonly exchanges: Pick<ExchangeLog, "ofSession" | "frames">;
  readonly mask: (text: string) => string;
}

/** Re-runs whose report can be asked for; the oldest is forgotten first. */
const remembered = 64;

/** Creates an empty list. */
export function createReruns({ exchanges, mask }: RerunsOptions): Reruns {
  const known = new Map<
    SessionId,
    { readonly rerun: Rerun; readonly connections: readonly Connection[] }
  >();
  return {
    parsePlace,
    load: (options) => loadRerun({ ...options, mask }, exchanges),
    enter(session, rerun, connections) {
      known.set(session, { rerun, connections });
      const [oldest] = known.keys();
      if (known.size > remembered && oldest !== undefined) known.delete(oldest);
    },
    of({ id, labels }) {
      if (labels[replayLabel] === undefined) return undefined;
      return known.get(id)?.rerun ?? "lost";
    },
    find: (session) => known.get(session)?.rerun,
    connectionNamed: ({ id }, name) =>
      known.get(id)?.connections.find((connection) => connection.name === name),
  };
}
