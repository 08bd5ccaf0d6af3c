/**
 * Deadline: when something is over, by the monotonic clock, so that a changed
 * wall clock neither kills nor prolongs it (SECURITY I3). The wall clock only
 * tells people.
 */
export interface Clock {
  readonly now: () => Date;
  /** Milliseconds that only go forward. */
  readonly monotonic: () => number;
}

export interface Deadline {
  /** For people and records. */
  readonly at: Date;
  /** Seconds left; negative once it is over. */
  left(): number;
}

/** A deadline so many seconds from now. */
export function deadlineIn(clock: Clock, seconds: number): Deadline {
  const over = clock.monotonic() + seconds * 1000;
  return {
    at: new Date(clock.now().getTime() + seconds * 1000),
    left: () => (over - clock.monotonic()) / 1000,
  };
}
