/**
 * Lane: the calls to one upstream, so many at once. A call beyond that waits a
 * short while for its turn, in the order in which they came, and then fails:
 * a client that is told so can try again, where one that waits behind the
 * quiet streams of others might wait for minutes.
 */

/** All connections to the upstream are in use, and none became free in time. */
export class UpstreamBusy extends Error {
  readonly code = "upstream_busy";

  constructor(limit: number) {
    super(`${limit} requests to the upstream are under way`);
    this.name = "UpstreamBusy";
  }
}

export interface LaneOptions {
  /** Calls at once. */
  readonly limit: number;
  /** Milliseconds that a call waits for its turn. */
  readonly patience: number;
}

export interface Lane {
  /**
   * Calls `begin` when it is this call's turn, at once where there is room, or `late` where that
   * took too long. What it returns ends the turn, or the waiting for it; twice does no more.
   */
  enter(begin: () => void, late: (error: UpstreamBusy) => void): () => void;
}

/** Creates the lane of one upstream. */
export function createLane({ limit, patience }: LaneOptions): Lane {
  /** Those without a turn, in the order in which they came. */
  const waiting = new Set<() => void>();
  let running = 0;

  return {
    enter(begin, late) {
      let state: "waits" | "runs" | "over" = "waits";
      const timer =
        running < limit
          ? undefined
          : setTimeout(() => {
              leave();
              late(new UpstreamBusy(limit));
            }, patience);
      if (timer === undefined) start();
      else waiting.add(start);
      return leave;

      function start(): void {
        clearTimeout(timer);
        waiting.delete(start);
        state = "runs";
        running += 1;
        begin();
      }

      function leave(): void {
        const before = state;
        state = "over";
        clearTimeout(timer);
        waiting.delete(start);
        if (before !== "runs") return;
        running -= 1;
        const [next] = waiting;
        next?.();
      }
    },
  };
}
