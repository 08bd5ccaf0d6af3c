/**
 * Guards: what the process does when the system or its own code fails it. A
 * daemon that does not know its own state could let through what no rule
 * allows, so it ends instead.
 */

export interface GuardsOptions {
  readonly log: { fatal(facts: object, message: string): void };
  readonly destination: { flushSync(): void };
}

/** Ends the process on every error that no code caught; returns what ends it so. */
export function failClosed({ log, destination }: GuardsOptions): (error: unknown) => never {
  function die(error: unknown): never {
    log.fatal({ err: error }, "the daemon fails closed");
    destination.flushSync();
    process.exit(1);
  }
  process.on("uncaughtException", die);
  process.on("unhandledRejection", die);
  return die;
}

/** Stops the daemon on the signals that ask a program to end. */
export function stopOnSignals(stop: (reason: string) => void): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop(signal));
}
