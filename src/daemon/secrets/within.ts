/**
 * Within: waits for work only as long as a signal lets it. The work itself
 * goes on: others may wait for it, or it cannot be stopped.
 */

/** The work's result; rejects with the signal's reason where that comes first. */
export async function within<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
  });
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
