/**
 * Turns: work in small steps, done for a few milliseconds in each turn of the
 * event loop. A step is what a generator does between two yields: it has to be
 * short by itself.
 */

/** So long others wait, milliseconds. */
const mostInTurn = 8;

/** Does all steps at once. */
export function atOnce<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Does the steps, and lets others run in between. */
export async function inTurns<Result>(steps: Generator<void, Result>): Promise<Result> {
  for (;;) {
    const until = performance.now() + mostInTurn;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (performance.now() < until);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
