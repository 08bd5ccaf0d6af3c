/**
 * Pace: how work beside the data path makes room for it. With each step others
 * run; while agents are at work it takes a tenth of the time, and is never put
 * off for ever.
 */
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";

export interface Pace {
  /** An agent is at work. */
  busy(): void;
  /** Runs a step and counts what it took. */
  timed<Result>(run: () => Result): Result;
  /** Lets others run; rests in proportion to what was worked where agents are at work. */
  pause(): Promise<void>;
}

/** Milliseconds since a sign of one from which on agents do not count as at work. */
const quietAfter = 1_000;
/** While they do, it rests so many times as long as it worked; from this many milliseconds on, at once. */
const restTimes = 9;
const leastRest = 20;

/** Creates a pace; `hurried`: a caller waits, and there is no rest. */
export function createPace(hurried: () => boolean): Pace {
  let lastSign = Number.NEGATIVE_INFINITY;
  /** Milliseconds since the last rest. */
  let worked = 0;
  const isBusy = () => !hurried() && performance.now() - lastSign < quietAfter;

  return {
    busy() {
      lastSign = performance.now();
    },
    timed(run) {
      const began = performance.now();
      try {
        return run();
      } finally {
        worked += performance.now() - began;
      }
    },
    async pause() {
      await turn();
      const rest = worked * restTimes;
      if (isBusy() && rest < leastRest) return;
      worked = 0;
      const until = performance.now() + rest;
      while (isBusy() && performance.now() < until) {
        await delay(Math.min(quietAfter / 5, rest), undefined, { ref: false });
      }
    },
  };
}
