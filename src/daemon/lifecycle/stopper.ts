/**
 * Stopper: when the daemon stops, and that it does so once. A stop asked for
 * `whenIdle` waits for the last live session; a second signal changes nothing,
 * because the first one's drain is bounded.
 */
export interface Stopper {
  stop(reason: string): void;
  /** Stops as soon as no session is live, which may be at once. */
  stopWhenIdle(): void;
  /** A session ended: it may have been the last. */
  sessionEnded(): void;
  draining(): boolean;
}

export interface StopperOptions {
  readonly liveSessions: () => number;
  /** Everything that stopping takes, in order; ends the process. */
  readonly shutDown: (reason: string) => Promise<void>;
}

/** Creates the daemon's one way to its end. */
export function createStopper({ liveSessions, shutDown }: StopperOptions): Stopper {
  let draining = false;
  let whenIdle = false;

  function stop(reason: string): void {
    if (draining) return;
    draining = true;
    void shutDown(reason);
  }

  function sessionEnded(): void {
    if (whenIdle && liveSessions() === 0) stop("no session is live");
  }

  return {
    stop,
    sessionEnded,
    stopWhenIdle() {
      whenIdle = true;
      sessionEnded();
    },
    draining: () => draining,
  };
}
