/**
 * Steps: work that is cut into a few milliseconds each, so that a caller that has
 * time does one in a turn of the event loop, and one that needs what comes of
 * it does all that is left.
 */
export interface Stepwise<T> {
  /** Does one step; whether there is more. */
  goOn(): boolean;
  /** What comes of it; does all that is left of the work. */
  result(): T;
  /** What came of it; undefined before all steps are done. */
  ready(): T | undefined;
}

/** The work that a generator does between its yields; nothing is done yet. */
export function stepwise<T>(begin: () => Generator<void, T>): Stepwise<T> {
  let steps: Generator<void, T> | undefined;
  let made: { readonly value: T } | undefined;

  function goOn(): boolean {
    if (made !== undefined) return false;
    steps ??= begin();
    const current = steps;
    // What throws would throw again: it starts again.
    steps = undefined;
    const { done, value } = current.next();
    if (done) made = { value };
    else steps = current;
    return !done;
  }

  return {
    goOn,
    result() {
      while (goOn());
      return (made as { readonly value: T }).value;
    },
    ready: () => made?.value,
  };
}
