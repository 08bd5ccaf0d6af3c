/**
 * Running: the exchanges under way, by session, so that a session's end stops
 * its own at once, no session's take the room of the rest, and the daemon's stop can
 * wait for all (SECURITY H7).
 */
import { setMaxListeners } from "node:events";
import { Abandoned, Refusal } from "../model/refusal.js";
import { createUnorderedList, type UnorderedList } from "../model/unordered-list.js";

type Stop = (reason: Abandoned) => void;

interface Member {
  readonly stop: Stop;
  readonly unread: () => number | undefined;
}

/** Milliseconds in which a client has to read something while the daemon stops. */
const readWithin = 1_000;

/** One exchange's place among those under way. */
export interface Place {
  /** Belongs to this session from here on: refused where the session has too many, stopped when it is over. */
  join(sessionId: string, over: AbortSignal): void;
  leave(): void;
}

export interface Running {
  /**
   * `stop` ends the exchange, whatever it waits for. `unread`: how much its client was given, where
   * that client takes nothing more for now.
   */
  enter(stop: Stop, unread?: () => number | undefined): Place;
  /** Nothing new may enter. */
  closed(): boolean;
  /**
   * Closes, waits for the last one at most `limit` milliseconds, then stops those left. An exchange whose
   * client does not read is stopped sooner.
   */
  drain(limit: number): Promise<void>;
  size(): number;
}

/** Creates an empty list; `perSession` is the most exchanges one session may have at once. */
export function createRunning(perSession: number): Running {
  const members = createUnorderedList<Member>();
  const ofSessions = new Map<string, UnorderedList<Stop>>();
  let draining: (() => void) | undefined;

  /** One listener a session, however many exchanges it has. */
  function listOf(sessionId: string, over: AbortSignal): UnorderedList<Stop> {
    const known = ofSessions.get(sessionId);
    if (known !== undefined) return known;
    const own = createUnorderedList<Stop>();
    ofSessions.set(sessionId, own);
    setMaxListeners(0, over);
    over.addEventListener(
      "abort",
      () => {
        ofSessions.delete(sessionId);
        for (const stop of own.all()) stop(new Abandoned("session_ended"));
      },
      { once: true },
    );
    return own;
  }

  return {
    enter(stop, unread = () => undefined) {
      const leave = members.enter({ stop, unread });
      let leaveOwn: (() => void) | undefined;
      return {
        join(sessionId, over) {
          const own = listOf(sessionId, over);
          if (own.size() >= perSession) {
            const why = `the session has ${perSession} requests under way`;
            throw new Refusal("too_many_exchanges", why);
          }
          leaveOwn = own.enter(stop);
        },
        leave() {
          leave();
          leaveOwn?.();
          if (members.size() === 0) draining?.();
        },
      };
    },

    closed: () => draining !== undefined,
    size: () => members.size(),

    async drain(limit) {
      const empty = new Promise<void>((resolve) => {
        draining = resolve;
        if (members.size() === 0) resolve();
      });
      const timer = setTimeout(() => {
        for (const { stop } of members.all()) stop(new Abandoned("truncated"));
      }, limit);
      let before = new Map<Member, number | undefined>();
      const watch = setInterval(() => {
        const now = new Map(members.all().map((member) => [member, member.unread()]));
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
