/**
 * Rate limit: how many requests that belong to no session, or come from outside
 * its run, are recorded. An attempt shows, but a process that can open a socket
 * must not be able to fill the disk.
 */

const minute = 60_000;

/** Creates the limit: true while one more may be recorded. */
export function createRateLimit(now: () => Date, perMinute: number): () => boolean {
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
