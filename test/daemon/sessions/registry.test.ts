import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Session, tokenDigest } from "../../../src/daemon/model/session.js";
import type { Peer } from "../../../src/daemon/processes/peers.js";
import { processLives, processStart } from "../../../src/daemon/processes/process-start.js";
import { processTable } from "../../../src/daemon/processes/process-table.js";
import { isRunner } from "../../../src/daemon/processes/run-root.js";
import {
  createSessionRegistry,
  type Holder,
  type NewSession,
  NotTheRunner,
  type SessionRegistry,
} from "../../../src/daemon/sessions/registry.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import type { Store } from "../../../src/daemon/store/store.js";
import { newSigner } from "../store/signer.js";
import { temporaryFolder } from "../store/temporary-folder.js";
import { sessionRecord } from "./session-record.js";

let store: Store;
let ended: Session[];
let faults: unknown[];

beforeEach(async () => {
  store = await openStore({ file: ":memory:", warn: () => undefined });
  ended = [];
  faults = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await store.close();
});

function open(
  leaseWithin = { started: 10_000, restored: 15_000 },
  masked = async (session: Session) => session,
  record = store,
) {
  const registry = createSessionRegistry({
    ...record,
    masked,
    now: () => new Date(),
    leaseWithin,
    watchEvery: 5,
  });
  registry.observe({
    started: () => undefined,
    ended: (session) => void ended.push(session),
    fault: (_session, error) => void faults.push(error),
  });
  return registry;
}

function request(changes: Partial<NewSession> = {}): NewSession {
  const { title, labels, identity, connections, policyHash } = sessionRecord({});
  const { pid: _, pidStart: __, ...runner } = sessionRecord({}).process;
  return {
    title,
    labels,
    identity,
    connections,
    credentials: [],
    policyHash,
    ttlSeconds: 60,
    processCheck: "unavailable",
    process: { ...runner, runnerStart: processStart(process.pid) },
    ...changes,
  };
}

/** A process, as the kernel has it. */
const askedBy = (peer: Peer): Holder => ({ isRunnerOf: (process) => isRunner(peer, process) });
const processOf = (pid: number, start = processStart(pid)) =>
  askedBy({ kind: "process", pid, start, uid: 0 });
const self = processOf(process.pid);

const runnerOf = (pid: number) => ({
  ...request().process,
  runnerPid: pid,
  runnerStart: processStart(pid),
});

const lease = (
  registry: SessionRegistry,
  id: string,
  token: Uint8Array,
  childPid: number | null,
  by: Holder = self,
) => registry.lease({ id, token, childPid, by });

const statusOf = async (id: string) => (await store.sessions.find(id))[0]?.status;

test("a started session is found by its token, whose text is kept nowhere", async () => {
  const registry = open();
  const { session, token } = await registry.start(request());
  const found = registry.authenticate(token.digest());
  expect(found?.session.id).toBe(session.id);
  expect(found?.live).toBe(true);
  expect([found?.nextSeq(), found?.nextSeq()]).toEqual([1, 2]);
  expect(token.reveal()).toMatch(/^hxs_[\w-]{43}$/);
  expect(JSON.stringify(await store.sessions.find(session.id))).not.toContain(token.reveal());
  expect(registry.authenticate(tokenDigest("hxs_other"))).toBeUndefined();
  expect(registry.live()).toBe(1);
  await registry.revoke(session.id);
});

test.each(["end", "revoke"] as const)(
  "%s kills the token at once and tells who waits",
  async (how) => {
    const registry = open();
    const { session, token } = await registry.start(request());
    const { over } = registry.authenticate(token.digest()) ?? {};
    const done = how === "end" ? registry.end(session.id, 3, self) : registry.revoke(session.id);
    // Before anything was written.
    expect(over?.aborted).toBe(true);
    expect(registry.authenticate(token.digest())?.live).toBe(false);
    expect(await done).toMatchObject(
      how === "end" ? { status: "ended", exitCode: 3 } : { status: "revoked", exitCode: null },
    );
    expect(await statusOf(session.id)).toBe(how === "end" ? "ended" : "revoked");
    expect(await registry.end(session.id, 0, self)).toBeUndefined();
    expect(registry.live()).toBe(0);
    expect(ended).toHaveLength(1);
  },
);

test("at its TTL it is expired, whatever the wall clock says", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const registry = open();
  const { session, token } = await registry.start(request({ ttlSeconds: 60 }));
  await lease(registry, session.id, token.digest(), null);
  vi.advanceTimersByTime(59_999);
  expect(registry.authenticate(token.digest())?.live).toBe(true);
  vi.advanceTimersByTime(1);
  expect(registry.authenticate(token.digest())?.live).toBe(false);
  vi.useRealTimers();
  await expect.poll(() => statusOf(session.id)).toBe("expired");
});

test("a session that no runner leases is ended", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const registry = open();
  const { session } = await registry.start(request());
  vi.advanceTimersByTime(10_000);
  vi.useRealTimers();
  await expect.poll(() => statusOf(session.id)).toBe("ended");
});

test("the lease: only with the token, and its release ends the session", async () => {
  const registry = open();
  const { session, token } = await registry.start(request());
  expect(await lease(registry, session.id, tokenDigest("hxs_guess"), null)).toBeUndefined();
  expect(await lease(registry, "ses_none", token.digest(), null)).toBeUndefined();

  const first = await lease(registry, session.id, token.digest(), 4242);
  const second = await lease(registry, session.id, token.digest(), null);
  expect(first?.over.aborted).toBe(true);
  // A stream that another took over may close without harm.
  await first?.release();
  expect(registry.live()).toBe(1);
  expect((await store.sessions.find(session.id))[0]?.process.pid).toBe(4242);

  await second?.release();
  expect(registry.live()).toBe(0);
  expect(ended[0]).toMatchObject({ status: "ended", exitCode: null });
});

test.runIf(process.platform === "linux")(
  "only the runner holds the lease and ends the session, after a restart too",
  async () => {
    const other = spawn("sleep", ["60"]);
    const stranger = processOf(other.pid ?? 0);
    const { session, token } = await open().start(request());
    for (const registry of [open(), open()]) {
      await registry.restore();
      for (const by of [stranger, askedBy({ kind: "gone" }), askedBy({ kind: "hidden" })]) {
        await expect(lease(registry, session.id, token.digest(), null, by)).rejects.toThrow(
          NotTheRunner,
        );
        await expect(registry.end(session.id, 0, by)).rejects.toThrow(NotTheRunner);
      }
      // Its number, given to another process.
      const reused = processOf(process.pid, `${processStart(process.pid)}1`);
      await expect(lease(registry, session.id, token.digest(), null, reused)).rejects.toThrow(
        NotTheRunner,
      );
      expect(await lease(registry, session.id, token.digest(), null)).toBeDefined();
      registry.suspend();
    }
    other.kill("SIGKILL");
  },
);

test.runIf(process.platform === "linux")(
  "a runner is known for as long as it lives, whatever becomes of its session",
  async () => {
    const runner = spawn("sleep", ["60"]);
    const registry = open();
    const process = runnerOf(runner.pid ?? 0);
    const { session } = await registry.start(request({ process }));
    const of = (known: SessionRegistry) =>
      known.runners().some(({ pid, sessionId }) => pid === runner.pid && sessionId === session.id);
    expect(of(registry)).toBe(true);
    await registry.revoke(session.id);
    expect(of(registry)).toBe(true);
    const restored = open();
    await restored.restore();
    expect(of(restored)).toBe(true);
    runner.kill("SIGKILL");
  },
);

test.runIf(process.platform === "linux")(
  "a runner that lives is known after a restart, however many sessions came since",
  async () => {
    const runner = spawn("sleep", ["60"]);
    const gone = spawn("sleep", ["0"]);
    const mark = runnerOf(gone.pid ?? 0);
    await once(gone, "exit");
    const over = { status: "ended", endedAt: new Date(), exitCode: 0 } as const;
    const process = { ...sessionRecord({}).process, ...runnerOf(runner.pid ?? 0) };
    const first = sessionRecord({ ...over, process });
    await store.sessions.add(first);
    const later = Array.from({ length: 1_100 }, () =>
      sessionRecord({ ...over, process: { ...process, ...mark } }),
    );
    // The same number as the runner's, and another start: an earlier process had it.
    const reused = sessionRecord({
      ...over,
      process: { ...process, runnerStart: `${process.runnerStart}0` },
    });
    await Promise.all([...later, reused].map((session) => store.sessions.add(session)));
    const registry = open();
    await registry.restore();
    expect(registry.runners()).toMatchObject([{ pid: runner.pid, sessionId: first.id }]);
    runner.kill("SIGKILL");
  },
);

test.runIf(process.platform === "linux")(
  "no pruning takes out a session whose runner lives: its run is known after a restart",
  async () => {
    const file = join(temporaryFolder(), "hoopx.db");
    const runners = { all: processTable.all, lives: processLives };
    const record = await openStore({ file, warn: () => undefined, runners });
    const runner = spawn("sleep", ["60"]);
    const over = { status: "revoked", endedAt: new Date(1_000), exitCode: null } as const;
    const process = { ...sessionRecord({}).process, ...runnerOf(runner.pid ?? 0) };
    const held = sessionRecord({ ...over, process });
    const reused = { ...process, runnerStart: `${process.runnerStart}0` };
    const others = Array.from({ length: 40 }, () => sessionRecord({ ...over, process: reused }));
    for (const session of [held, ...others]) await record.sessions.add(session);
    expect(await record.record.prunable(new Date())).toEqual({ sessions: 40, exchanges: 0 });
    const signer = newSigner();
    expect(await record.record.prune(new Date(), signer)).toMatchObject({ sessions: 40 });
    expect(await record.record.pruneTo(0, signer)).toMatchObject({ sessions: 0 });
    await record.close();

    const next = await openStore({ file, warn: () => undefined, runners });
    const registry = open(undefined, undefined, next);
    await registry.restore();
    expect(registry.runners()).toMatchObject([{ pid: runner.pid, sessionId: held.id }]);
    runner.kill("SIGKILL");
    await once(runner, "exit");
    expect(await next.record.prune(new Date(), signer)).toMatchObject({ sessions: 1 });
    await next.close();
  },
);

test("what a session says of itself is masked before anything keeps or shows it", async () => {
  const hidden: Session[] = [];
  const registry = open(undefined, async (session) => {
    hidden.push(session);
    return { ...session, title: "hidden", process: { ...session.process, command: "hidden" } };
  });
  const { session, token } = await registry.start(request({ title: "a secret" }));
  expect(session).toMatchObject({ title: "hidden", process: { command: "hidden" } });
  await lease(registry, session.id, token.digest(), process.pid);
  expect((await store.sessions.find(session.id))[0]?.process.command).toBe("hidden");
  expect(registry.authenticate(token.digest())?.session.process.command).toBe("hidden");
  expect(hidden).toHaveLength(2);
  await registry.end(session.id, 0, self);
});

test("a lease that outlives its run keeps nothing alive", async () => {
  const runner = spawn(process.execPath, ["-e", "process.stdin.resume()"]);
  const registry = open();
  const { session, token } = await registry.start(request({ process: runnerOf(runner.pid ?? 0) }));
  // Taken, and never let go.
  const by = processOf(runner.pid ?? 0);
  const held = await lease(registry, session.id, token.digest(), null, by);
  expect(registry.live()).toBe(1);
  runner.kill("SIGKILL");
  await expect.poll(() => statusOf(session.id)).toBe("ended");
  expect(held?.over.aborted).toBe(true);
  expect(registry.authenticate(token.digest())?.live).toBe(false);
});

test("a run that cannot be seen from here is known by its lease alone", async () => {
  const gone = spawn(process.execPath, ["-e", ""]);
  await once(gone, "exit");
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const registry = open();
  const { session, token } = await registry.start(
    request({ process: { ...runnerOf(gone.pid ?? 0), runnerStart: null } }),
  );
  const held = await lease(registry, session.id, token.digest(), null, askedBy({ kind: "hidden" }));
  vi.advanceTimersByTime(1_000);
  expect(registry.live()).toBe(1);
  vi.useRealTimers();
  await held?.release();
});

test("an end that was told goes before the lease's release, and the exit code stays", async () => {
  const registry = open();
  const { session, token } = await registry.start(request());
  const held = await lease(registry, session.id, token.digest(), null);
  await registry.end(session.id, 7, self);
  await held?.release();
  expect((await store.sessions.find(session.id))[0]).toMatchObject({
    status: "ended",
    exitCode: 7,
  });
});

test("after a restart: whose run lives goes on, the rest is over at once", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  const deadRunner = { ...sessionRecord({}).process, ...runnerOf(child.pid ?? 0) };
  await once(child, "exit");
  const runner = { ...sessionRecord({}).process, runnerStart: processStart(process.pid) };
  const living = sessionRecord({ process: runner });
  const dead = sessionRecord({ process: deadRunner });
  const late = sessionRecord({
    process: runner,
    startedAt: new Date(Date.now() - 2000),
    expiresAt: new Date(Date.now() - 1000),
  });
  const revoked = sessionRecord({});
  for (const session of [living, dead, late, revoked]) await store.sessions.add(session);
  await store.sessions.end(revoked.id, { status: "revoked", endedAt: new Date(), exitCode: null });

  const registry = open();
  await registry.restore();
  const live = [living, dead, late, revoked].map(
    (session) => registry.authenticate(session.tokenDigest)?.live,
  );
  expect(live).toEqual([true, false, false, false]);
  expect(await statusOf(dead.id)).toBe("ended");
  expect(await statusOf(late.id)).toBe("expired");
  expect((await store.sessions.find(dead.id))[0]?.endedAt).toBeInstanceOf(Date);
  expect(await lease(registry, living.id, living.tokenDigest, null)).toBeDefined();
  expect(faults).toEqual([]);
  await registry.end(living.id, 0, self);
});

test("a restored session that its runner does not lease again is ended", async () => {
  const session = sessionRecord({
    process: { ...sessionRecord({}).process, runnerStart: processStart(process.pid) },
  });
  await store.sessions.add(session);
  await open({ started: 60_000, restored: 1 }).restore();
  await expect.poll(() => statusOf(session.id)).toBe("ended");
});

test("when the daemon stops, leases are let go and sessions stay for the next one", async () => {
  const registry = open();
  const { session, token } = await registry.start(request());
  const held = await lease(registry, session.id, token.digest(), null);
  registry.suspend();
  expect(held?.over.aborted).toBe(true);
  await held?.release();
  expect(await statusOf(session.id)).toBe("active");
});
