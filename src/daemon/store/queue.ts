/**
 * Queue: what waits, first in, first out, however much it is. The engine moves
 * all of a long array at each `shift()`, so a backlog of a hundred thousand
 * keys cost a sixth of the daemon's time.
 */

export interface Queue<Value> {
  push(value: Value): void;
  /** Takes the oldest; undefined where nothing waits. */
  shift(): Value | undefined;
  readonly length: number;
}

/** Taken values are let go once there are so many, and as many as wait. */
const mostTaken = 1_024;

/** Creates a queue that holds what is given, in its order. */
export function createQueue<Value>(values: readonly Value[] = []): Queue<Value> {
  let kept: (Value | undefined)[] = [...values];
  let taken = 0;
  return {
    push(value) {
      kept.push(value);
    },
    shift() {
      if (taken === kept.length) return undefined;
      const value = kept[taken];
      kept[taken] = undefined;
      taken += 1;
      if (taken >= mostTaken && taken * 2 >= kept.length) {
        kept = kept.slice(taken);
        taken = 0;
      }
      return value;
    },
    get length() {
      return kept.length - taken;
    },
  };
}
