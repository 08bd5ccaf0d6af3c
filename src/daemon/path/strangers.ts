/**
 * Strangers: requests that belong to no session. They are recorded too, so
 * that an attempt shows, but only so many a minute: a process that can open a socket
 * must not be able to fill the disk.
 */

const minute = 60_000;

/** Creates the gate: true while one more stranger may be recorded. */
export function createStrangerLimit(now: () => Date, perMinute: number): () => boolean {
  let since = 0;
  let seen = 0;
  return function admitStranger() {
    const time = now().getTime();
    if (Math.abs(time - since) >= minute) {
      since = time;
      seen = 0;
    }
    seen += 1;
    return seen <= perMinute;
  };
}
