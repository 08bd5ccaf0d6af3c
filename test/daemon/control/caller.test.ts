import { Socket } from "node:net";
import { expect, test } from "vitest";
import { type ActorOptions, createActors } from "../../../src/daemon/control/caller.js";
import type { Identity } from "../../../src/daemon/model/identity.js";
import { createInsiders } from "../../../src/daemon/processes/insiders.js";
import type { Peer } from "../../../src/daemon/processes/peers.js";
import { isRunner } from "../../../src/daemon/processes/run-root.js";
import { fakeTable } from "../processes/fake-table.js";

const ada: Identity = {
  ...{ issuer: "os:desk", subject: "ada", email: null, groups: [], profile: null },
};
const uid = process.getuid?.() ?? 0;
const own: Peer = { kind: "process", pid: 20, start: "boot:200", uid };
const hidden: Peer = { kind: "hidden" };
const gone: Peer = { kind: "gone" };
const untold: Peer = { kind: "untold", why: "plan9 does not tell which process asks" };

function actorBy(proof: Peer, change: Partial<ActorOptions["processes"]> = {}) {
  return createActors({
    processes: {
      peerOf: async () => proof,
      insideRun: createInsiders({ table: fakeTable({}), runners: () => [] }),
      isRunner,
      programOf: (pid) => ({ pid, executable: `/bin/p${pid}`, startedAt: new Date(0) }),
      folderOf: (pid) => `/work/${pid}`,
      ...change,
    },
    registry: {
      clientOf: (pid) => `run of ${pid}`,
      runsAround: (pid) => [{ id: `ses_around_${pid}`, holder: undefined }],
    },
    identityOf: async ({ profile = null }) => ({ ...ada, profile }),
    systemUser: ada,
  })(new Socket());
}

/** What the runner says of itself. */
const said = { runnerPid: 7, command: "agent", cwd: "/said", host: "desk", user: "said" };

test("of a process that the kernel names, folder and user are what the system says", async () => {
  const actor = await actorBy(own);
  expect(actor.runner(said)).toEqual({
    ...{ runnerPid: 20, runnerStart: "boot:200", cwd: "/work/20", user: "ada", isClaim: false },
  });
  expect(actor.client()).toBe("run of 20");
  expect(actor.program()).toMatchObject({ pid: 20, executable: "/bin/p20" });
  expect(actor.runsAround()).toMatchObject([{ id: "ses_around_20" }]);
  expect(actor.isRunnerOf({ runnerPid: 20, runnerStart: "boot:200" })).toBe(true);
  expect(actor.isRunnerOf({ runnerPid: 20, runnerStart: "boot:201" })).toBe(false);

  const foreign = await actorBy({ ...own, uid: uid + 1 }, { folderOf: () => undefined });
  expect(foreign.runner(said)).toMatchObject({ cwd: "/said", user: `uid ${uid + 1}` });
});

test("what nothing proves is a claim, and of a process that has ended there is none", async () => {
  const claimed = { runnerPid: 7, runnerStart: null, cwd: "/said", user: "said" };
  const { runnerPid: _, ...unnamed } = said;
  expect((await actorBy(untold)).runner(said)).toEqual({ ...claimed, isClaim: true });
  expect((await actorBy(hidden)).runner(said)).toEqual({ ...claimed, isClaim: false });
  expect((await actorBy(hidden)).runner(unnamed)).toMatchObject({ runnerPid: 0 });
  const nameless = await actorBy(untold);
  expect(() => nameless.runner(unnamed)).toThrow(/runnerPid is missing: plan9/);
  const ended = await actorBy(gone);
  expect(() => ended.runner(said)).toThrow(/has ended/);
});

test("callers whose process is not known are one client of their kind, in no run and no program", async () => {
  for (const proof of [hidden, gone, untold]) {
    const actor = await actorBy(proof);
    expect(actor.client()).toBe(proof.kind);
    expect(actor.program()).toBeNull();
    expect(actor.runsAround()).toEqual([]);
  }
});

test("who it is, is the login that it chooses", async () => {
  const actor = await actorBy(own);
  expect(await actor.identity({})).toEqual(ada);
  expect(await actor.identity({ profile: "work" })).toMatchObject({ profile: "work" });
});
