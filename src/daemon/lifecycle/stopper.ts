/**
 * Stopper: when the daemon stops, and that it does so once. A stop asked for
 * `whenIdle` waits for the last live session; a second signal changes nothing,
 * because the first one's drain is bounded.
 */
export interface Stopper {
  /** Resolves with the reason of the first stop. */
  readonly stopped: Promise<string>;
  stop(reason: string): void;
  /** Stops as soon as no session is live, which may be at once. */
  stopWhenIdle(): void;
  /** A session ended: it may have been the last. */
  sessionEnded(): void;
  draining(): boolean;
}

export interface StopperOptions {
  readonly liveSessions: () => number;
}

/** Creates the daemon's one way to its end. */
export function createStopper({ liveSessions }: StopperOptions): Stopper {
  const stopping = new AbortController();
  let whenIdle = false;

  function sessionEnded(): void {
    if (whenIdle && liveSessions() === 0) stopping.abort("no session is live");
  }

  return {
    stopped: new Promise((resolve) => {
      stopping.signal.addEventListener("abort", () => resolve(stopping.signal.reason));
    }),
    stop: (reason) => stopping.abort(reason),
    sessionEnded,
    stopWhenIdle() {
      whenIdle = true;
      sessionEnded();
    },
    draining: () => stopping.signal.aborted,
  };
}
