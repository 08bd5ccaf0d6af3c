/**
 * Lease: the held-open request that keeps a session alive while `hoopx run`
 * lives. If the daemon is lost it is started again at once and the lease taken
 * again with the token, before the SDK's own first retry comes. Where that
 * fails the person is told, and it is tried again for some minutes: another
 * command may mend and start the daemon, and the session goes on with it.
 */
import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "../cli-error.js";
import type { Client } from "../client.js";
import { counted } from "../output/time.js";

export interface LeaseOptions {
  readonly client: Client;
  readonly sessionId: string;
  readonly token: string;
  /** Null: it has none, and is good for every process that has the token. */
  readonly childPid: number | null;
  readonly note: (text: string) => void;
  /** Aborted when the child has ended. */
  readonly signal: AbortSignal;
  /** How it tries again; absent: as below. */
  readonly pace?: LeasePace;
}

export interface LeasePace {
  /** Milliseconds before each new try after a loss; the last before all others. */
  readonly waits: readonly number[];
  /** Milliseconds after which it gives up. */
  readonly patience: number;
  /** A lease held so many milliseconds was a good one: its loss is a first loss again. */
  readonly settled: number;
}

/** The first try is at once. Ten minutes: an SDK's own limit for a request. */
const usualPace: LeasePace = {
  waits: [0, 50, 250, 1_000, 3_000, 5_000],
  patience: 600_000,
  settled: 5_000,
};
/** Failures before the person hears of it: a daemon that restarts is no trouble. */
const silentFailures = 2;

/** Holds the lease until `signal`; never fails. */
export async function holdLease(options: LeaseOptions): Promise<void> {
  const { client, note, signal, pace = usualPace } = options;
  const { waits, patience, settled } = pace;
  let tries = 0;
  let failures = 0;
  /** When it was lost; undefined while it is held. */
  let lost: number | undefined;
  while (!signal.aborted) {
    const since = performance.now();
    const loss = await hold(options);
    if (signal.aborted) return;
    if (loss !== undefined && !worthTrying(loss)) {
      note(`${loss.message}: the agent's requests are refused now`);
      return;
    }
    if (lost === undefined || performance.now() - since > settled) {
      lost = performance.now();
      tries = 0;
      failures = 0;
    }
    let failure: Error | undefined;
    do {
      failure = await reconnect(client, waits[tries] ?? waits.at(-1) ?? 0, signal);
      if (signal.aborted) return;
      tries += 1;
      if (failure !== undefined) failures += 1;
      if (failure !== undefined && performance.now() - lost > patience) {
        note(`the daemon is gone, and the agent's requests fail: ${failure.message}`);
        note("  hoopx doctor tells why; then start the agent again");
        return;
      }
      if (failure !== undefined && failures === silentFailures) {
        const minutes = Math.max(1, Math.round(patience / 60_000));
        note(`the daemon is gone: ${failure.message}`);
        note(
          `  hoopx doctor tells why; this run tries to start it for ${counted(minutes, "minute")}`,
        );
      }
    } while (failure !== undefined);
    if (failures >= silentFailures) note("the daemon answers again");
    failures = 0;
  }
}

/** Holds one lease to its end; the error that ended it, if one did. */
async function hold(options: LeaseOptions): Promise<Error | undefined> {
  const { client, sessionId, token, childPid, signal } = options;
  try {
    const lines = client.stream("sessionsLease", {
      path: { id: sessionId },
      body: { token, childPid },
      signal,
    });
    for await (const _alive of lines);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A daemon that says the session is over, or knows none, will not change its mind. */
function worthTrying(loss: Error): boolean {
  return !(
    loss instanceof CliError && ["session_over", "not_found", "bad_request"].includes(loss.code)
  );
}

async function reconnect(
  client: Client,
  waitMs: number,
  signal: AbortSignal,
): Promise<Error | undefined> {
  try {
    await delay(waitMs, undefined, { signal });
    await client.reconnect(signal);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
