/**
 * Slices: work that goes through what an agent can make large (its processes,
 * their threads and open files) never holds the event loop. It yields after
 * each small step, and goes on for so long only before everything else gets
 * its turn; of several such works one gets a slice in a turn.
 */
import { setImmediate as turn } from "node:timers/promises";

/** Does such work to its end. */
export type Slices = <Result>(work: Generator<void, Result>) => Promise<Result>;

/** Milliseconds. */
const slice = 2;

/** Creates the one that all such work of a daemon goes through. */
export function createSlices(now: () => number): Slices {
  let last: Promise<unknown> = Promise.resolve();

  return async function inSlices(work) {
    for (;;) {
      const mine = last.then(() => turn());
      last = mine;
      await mine;
      const began = now();
      do {
        const step = work.next();
        if (step.done) return step.value;
      } while (now() - began < slice);
    }
  };
}
