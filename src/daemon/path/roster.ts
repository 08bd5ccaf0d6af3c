/**
 * Roster: the exchanges under way, by session, so that a session's end stops
 * its own at once, none of them crowds out the rest, and the daemon's stop can
 * wait for all (SECURITY H7).
 */
import { setMaxListeners } from "node:events";
import { Abandoned, Refusal } from "../model/refusal.js";
import { type Crowd, createCrowd } from "./crowd.js";

type Stop = (reason: Abandoned) => void;

interface Member {
  readonly stop: Stop;
  readonly unread: () => number | undefined;
}

/** Milliseconds in which a client has to read something while the daemon stops. */
const readWithin = 1_000;

/** One exchange's place on the roster. */
export interface Place {
  /** Belongs to this session from here on: refused where the session has too many, stopped when it is over. */
  join(sessionId: string, over: AbortSignal): void;
  leave(): void;
}

export interface Roster {
  /**
   * `stop` ends the exchange, whatever it waits for. `unread`: how much its client was given, where
   * that client takes nothing more for now.
   */
  enter(stop: Stop, unread?: () => number | undefined): Place;
  /** Nothing new may enter. */
  closed(): boolean;
  /**
   * Closes, waits for the last one at most `limit` milliseconds, then stops those left; those whose
   * clients do not read are stopped sooner.
   */
  drain(limit: number): Promise<void>;
  size(): number;
}

/** Creates an empty roster; `perSession` is the most exchanges one session may have at once. */
export function createRoster(perSession: number): Roster {
  const everybody = createCrowd<Member>();
  const crews = new Map<string, Crowd<Stop>>();
  let draining: (() => void) | undefined;

  /** One listener a session, however many exchanges it has. */
  function crewOf(sessionId: string, over: AbortSignal): Crowd<Stop> {
    const known = crews.get(sessionId);
    if (known !== undefined) return known;
    const crew = createCrowd<Stop>();
    crews.set(sessionId, crew);
    setMaxListeners(0, over);
    over.addEventListener(
      "abort",
      () => {
        crews.delete(sessionId);
        for (const stop of crew.all()) stop(new Abandoned("session_ended"));
      },
      { once: true },
    );
    return crew;
  }

  return {
    enter(stop, unread = () => undefined) {
      const leave = everybody.enter({ stop, unread });
      let leaveCrew: (() => void) | undefined;
      return {
        join(sessionId, over) {
          const crew = crewOf(sessionId, over);
          if (crew.size() >= perSession) {
            const why = `the session has ${perSession} requests under way`;
            throw new Refusal("too_many_exchanges", why);
          }
          leaveCrew = crew.enter(stop);
        },
        leave() {
          leave();
          leaveCrew?.();
          if (everybody.size() === 0) draining?.();
        },
      };
    },

    closed: () => draining !== undefined,
    size: () => everybody.size(),

    async drain(limit) {
      const empty = new Promise<void>((resolve) => {
        draining = resolve;
        if (everybody.size() === 0) resolve();
      });
      const timer = setTimeout(() => {
        for (const { stop } of everybody.all()) stop(new Abandoned("truncated"));
      }, limit);
      let before = new Map<Member, number | undefined>();
      const watch = setInterval(() => {
        const now = new Map(everybody.all().map((member) => [member, member.unread()]));
        for (const [member, given] of now) {
          if (given !== undefined && given === before.get(member)) {
            member.stop(new Abandoned("truncated"));
          }
        }
        before = now;
      }, readWithin);
      await empty;
      clearTimeout(timer);
      clearInterval(watch);
    },
  };
}
