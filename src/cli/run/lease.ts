/**
 * Lease: the held-open request that keeps a session alive while `hoopx run`
 * lives. If the daemon is lost it is started again at once and the lease taken
 * anew with the token, before the SDK's own first retry comes; the person
 * hears of it only where that fails.
 */
import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "../cli-error.js";
import type { Client } from "../client.js";

export interface LeaseOptions {
  readonly client: Client;
  readonly sessionId: string;
  readonly token: string;
  /** Null: it has none, and is good for whoever has the token. */
  readonly childPid: number | null;
  readonly note: (text: string) => void;
  /** Aborted when the child has ended. */
  readonly signal: AbortSignal;
}

/** Waits before each new try after a loss; the first is not waited for. */
const waitsMs = [0, 50, 250, 1_000, 3_000, 10_000];
/** A lease held this long was a good one: its loss is a first loss again. */
const settledMs = 5_000;

/** Holds the lease until `signal`; never fails. */
export async function holdLease(options: LeaseOptions): Promise<void> {
  const { client, note, signal } = options;
  let tries = 0;
  while (!signal.aborted) {
    const since = performance.now();
    const loss = await hold(options);
    if (signal.aborted) return;
    if (loss !== undefined && !worthTrying(loss)) {
      note(`${loss.message}: the agent's requests are refused now`);
      return;
    }
    if (performance.now() - since > settledMs) tries = 0;
    const failure = await reconnect(client, waitsMs[tries], signal);
    tries += 1;
    if (failure !== undefined && tries >= waitsMs.length && !signal.aborted) {
      note(`the daemon is gone and cannot be started again: ${failure.message}`);
      return;
    }
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
  waitMs: number | undefined,
  signal: AbortSignal,
): Promise<Error | undefined> {
  try {
    await delay(waitMs ?? waitsMs.at(-1), undefined, { signal });
    await client.reconnect(signal);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
