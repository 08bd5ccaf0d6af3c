/**
 * Roster: the exchanges under way, by session, so that a session's end stops
 * its own at once, none of them crowds out the rest, and the daemon's stop can
 * wait for all (SECURITY H7).
 */
import { setMaxListeners } from "node:events";
import { Refusal } from "../model/refusal.js";
import { Abandoned } from "./station.js";

/** One exchange's place on the roster. */
export interface Place {
  /** Belongs to this session from here on: refused where the session has too many, stopped when it is over. */
  join(sessionId: string, over: AbortSignal): void;
  leave(): void;
}

export interface Roster {
  /** `stop` ends the exchange, whatever it waits for. */
  enter(stop: (reason: Abandoned) => void): Place;
  /** Nothing new may enter. */
  closed(): boolean;
  /** Closes, waits for the last one at most `limit` milliseconds, then stops those left. */
  drain(limit: number): Promise<void>;
  size(): number;
}

interface Crew {
  readonly stops: Set<(reason: Abandoned) => void>;
}

/** Creates an empty roster; `perSession` is the most exchanges one session may have at once. */
export function createRoster(perSession: number): Roster {
  const all = new Set<(reason: Abandoned) => void>();
  const crews = new Map<string, Crew>();
  let draining: (() => void) | undefined;

  /** One listener a session, however many exchanges it has. */
  function crewOf(sessionId: string, over: AbortSignal): Crew {
    const known = crews.get(sessionId);
    if (known !== undefined) return known;
    const crew: Crew = { stops: new Set() };
    crews.set(sessionId, crew);
    setMaxListeners(0, over);
    over.addEventListener(
      "abort",
      () => {
        crews.delete(sessionId);
        for (const stop of crew.stops) stop(new Abandoned("session_ended"));
      },
      { once: true },
    );
    return crew;
  }

  return {
    enter(stop) {
      let crew: Crew | undefined;
      all.add(stop);
      return {
        join(sessionId, over) {
          crew = crewOf(sessionId, over);
          if (crew.stops.size >= perSession) {
            const why = `the session has ${perSession} requests under way`;
            throw new Refusal("too_many_exchanges", why);
          }
          crew.stops.add(stop);
        },
        leave() {
          all.delete(stop);
          crew?.stops.delete(stop);
          if (all.size === 0) draining?.();
        },
      };
    },

    closed: () => draining !== undefined,
    size: () => all.size,

    async drain(limit) {
      const empty = new Promise<void>((resolve) => {
        draining = resolve;
        if (all.size === 0) resolve();
      });
      const timer = setTimeout(() => {
        for (const stop of all) stop(new Abandoned("truncated"));
      }, limit);
      await empty;
      clearTimeout(timer);
    },
  };
}
