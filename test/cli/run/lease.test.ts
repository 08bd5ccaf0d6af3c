/** What a run does while the daemon is gone: it tries again for a bounded time, and says so. */
import { expect, test } from "vitest";
import { CliError } from "../../../src/cli/cli-error.js";
import type { Client } from "../../../src/cli/client.js";
import { holdLease } from "../../../src/cli/run/lease.js";

const pace = { waits: [0, 1], patience: 200, settled: 1_000 };

/** A daemon that is lost at once, and whose next starts go as told: an error, or null where it answers. */
async function leaseWith(starts: readonly (string | null)[], change: Partial<typeof pace> = {}) {
  const notes: string[] = [];
  const ended = new AbortController();
  let tried = 0;
  let held = 0;
  const client = {
    async *stream() {
      held += 1;
      // The first is lost; the one after that lives until the child ends.
      if (held === 1) throw new CliError("daemon_lost", "the daemon stopped", "");
      if (held === 2) ended.abort();
      yield { alive: true };
    },
    async reconnect() {
      const told = tried < starts.length ? starts[tried] : starts.at(-1);
      tried += 1;
      if (typeof told === "string") throw new Error(told);
    },
  } as unknown as Client;
  await holdLease({
    ...{ client, sessionId: "ses_a", token: "hxs_a", childPid: null },
    note: (text) => notes.push(text),
    signal: ended.signal,
    pace: { ...pace, ...change },
  });
  return { notes, tried, held };
}

test("a daemon that is started again at once is no news", async () => {
  expect(await leaseWith([null])).toEqual({ notes: [], tried: 1, held: 2 });
  expect(await leaseWith(["busy", null])).toEqual({ notes: [], tried: 2, held: 2 });
});

test("more than one failed start is said, and tried on until it answers", async () => {
  const { notes, tried, held } = await leaseWith(["no", "no", "no", "no", "no", "no", "no", null]);
  expect({ tried, held }).toEqual({ tried: 8, held: 2 });
  expect(notes).toEqual([
    "the daemon is gone: no",
    "  hoopx doctor tells why; this run tries to start it for 1 minute",
    "the daemon answers again",
  ]);
});

test("the time for it is bounded, and giving up is said", async () => {
  const { notes, tried, held } = await leaseWith(["no"], { patience: 50 });
  expect(tried).toBeGreaterThan(2);
  expect(held).toBe(1);
  expect(notes.at(-2)).toBe("the daemon is gone, and the agent's requests fail: no");
});

test("a daemon that answers again after all that time is held, and nothing is called gone", async () => {
  expect(await leaseWith([null], { patience: -1 })).toEqual({ notes: [], tried: 1, held: 2 });
});
