import { expect, test } from "vitest";
import type { SessionProcess } from "../../../src/daemon/model/session.js";
import { createCallers, type RunHolder } from "../../../src/daemon/processes/callers.js";
import { processStart } from "../../../src/daemon/processes/process-start.js";
import { createSearch } from "../../../src/daemon/processes/search.js";
import { createSlices } from "../../../src/daemon/processes/slices.js";
import { mostFiles } from "../../../src/daemon/processes/survey.js";
import { sessionRecord } from "../sessions/session-record.js";
import { type FakeProcess, fakeTable } from "./fake-table.js";

const inSlices = createSlices(() => performance.now());

// Starts are kept with the machine's boot, which only Linux names.
const onLinux = process.platform === "linux";
const boot = processStart(process.pid)?.split(":")[0] ?? "";
const bootedAt = Date.UTC(2026, 0, 1);

/** init → shell (10) → hoopx run (20) → agent (30) → tool (31); a shell beside it (40). */
const machine: Readonly<Record<number, FakeProcess>> = {
  1: { parent: 0, start: 0 },
  10: { parent: 1, start: 100 },
  20: { parent: 10, start: 200 },
  30: { parent: 20, start: 300, sockets: [1] },
  31: { parent: 30, start: 310, sockets: [2] },
  40: { parent: 10, start: 150, sockets: [3] },
};

function holderOf(change: Partial<SessionProcess> = {}, check: "tree" | "unavailable" = "tree") {
  const { process } = sessionRecord({});
  const own = { pid: 30, pidStart: `${boot}:300`, runnerPid: 20, runnerStart: `${boot}:200` };
  const holder: RunHolder = {
    session: { process: { ...process, ...own, ...change }, processCheck: check },
  };
  return holder;
}

/** The socket whose inode is its port. */
const socketOf = (inode: number) => ({
  remoteAddress: "127.0.0.1",
  remotePort: inode,
  localAddress: "127.0.0.1",
  localPort: 4141,
});

function open(processes = machine, perMinute = 20) {
  const table = fakeTable(processes);
  let asked = 0;
  const callerOf = createCallers({
    sockets: {
      async inodeOf({ port }) {
        asked += 1;
        return port >= 60_000 ? undefined : port;
      },
    },
    table,
    inSlices,
    search: createSearch({ table, inSlices, now: () => 0, perMinute }),
    bootedAt,
  });
  return { table, callerOf, asked: () => asked };
}

test.runIf(onLinux)("the agent and what it started are inside, and named", async () => {
  const { callerOf } = open();
  const holder = holderOf();
  expect(await callerOf(socketOf(1), holder)).toEqual({
    inside: true,
    process: { pid: 30, executable: "/bin/p30", startedAt: new Date(bootedAt + 3_000) },
  });
  expect(await callerOf(socketOf(2), holder)).toMatchObject({
    inside: true,
    process: { pid: 31 },
  });
});

test.runIf(onLinux)("another process is outside, and named", async () => {
  const { callerOf } = open();
  const caller = await callerOf(socketOf(3), holderOf());
  expect(caller).toMatchObject({ inside: false, process: { pid: 40, executable: "/bin/p40" } });
  expect(caller).toHaveProperty("why", "from process 40 (/bin/p40)");
});

test.runIf(onLinux)(
  "orphans that the runner took in are inside, and its neighbours are not",
  async () => {
    const { callerOf } = open({ ...machine, 35: { parent: 20, start: 350, sockets: [8] } });
    expect(await callerOf(socketOf(8), holderOf())).toMatchObject({ inside: true });
    expect(await callerOf(socketOf(3), holderOf())).toMatchObject({ inside: false });
  },
);

test.runIf(onLinux)("fifty connections cost one look each, whatever is asked on them", async () => {
  const sockets = Array.from({ length: 50 }, (_, at) => socketOf(100 + at));
  const agent = { parent: 20, start: 300, sockets: sockets.map(({ remotePort }) => remotePort) };
  const { callerOf, table, asked } = open({ ...machine, 30: agent });
  const holder = holderOf();
  for (let round = 0; round < 3; round += 1) {
    const callers = await Promise.all(sockets.map((socket) => callerOf(socket, holder)));
    expect(callers.every(({ inside }) => inside)).toBe(true);
  }
  expect(asked()).toBe(50);
  // The runner, the agent and its tool, once: connections that came together share the look.
  expect(table.looks).toBe(3);
  const { looks } = table;
  // What is known is answered at once.
  expect(callerOf(sockets[0] ?? socketOf(1), holder)).not.toBeInstanceOf(Promise);
  expect(table.looks).toBe(looks);
});

test.runIf(onLinux)(
  "each session is asked about by itself, on the same connection too",
  async () => {
    const { callerOf } = open();
    const socket = socketOf(3);
    const theirs = holderOf({ runnerPid: 40, runnerStart: `${boot}:150` });
    expect(await callerOf(socket, theirs)).toMatchObject({ inside: true });
    expect(await callerOf(socket, holderOf())).toMatchObject({ inside: false });
  },
);

test.runIf(onLinux)("a socket with an owner outside is refused, and that owner named", async () => {
  const { callerOf } = open({
    ...machine,
    // Started by the agent, orphaned, and init's since.
    50: { parent: 1, start: 320, sockets: [1] },
  });
  expect(await callerOf(socketOf(1), holderOf())).toMatchObject({
    inside: false,
    process: { pid: 50 },
  });
});

test.runIf(onLinux)("a socket that two processes inside have was opened by the elder", async () => {
  const { callerOf } = open({ ...machine, 31: { parent: 30, start: 310, sockets: [1] } });
  expect(await callerOf(socketOf(1), holderOf())).toMatchObject({
    inside: true,
    process: { pid: 30 },
  });
});

test.runIf(onLinux)(
  "one that was seen inside stays so when its parent ends; others do not",
  async () => {
    const { callerOf, table } = open({ ...machine, 32: { parent: 31, start: 330, sockets: [5] } });
    const holder = holderOf();
    expect(await callerOf(socketOf(2), holder)).toMatchObject({ process: { pid: 31 } });
    // Its shell ended: it is init's now, and its own child with it.
    table.processes.set(31, { parent: 1, start: 310, sockets: [2, 4] });
    table.processes.set(33, { parent: 1, start: 340, sockets: [6] });
    expect(await callerOf(socketOf(4), holder)).toMatchObject({
      inside: true,
      process: { pid: 31 },
    });
    expect(await callerOf(socketOf(5), holder)).toMatchObject({
      inside: true,
      process: { pid: 32 },
    });
    expect(await callerOf(socketOf(6), holder)).toMatchObject({
      inside: false,
      process: { pid: 33 },
    });
    // Its number is another's now.
    table.processes.set(31, { parent: 1, start: 999, sockets: [7] });
    expect(await callerOf(socketOf(7), holder)).toMatchObject({ inside: false });
  },
);

test.runIf(onLinux)("a runner's number that was used again lets no process pass", async () => {
  const { callerOf } = open({
    ...machine,
    20: { parent: 10, start: 900 },
    30: { parent: 20, start: 910, sockets: [1] },
  });
  expect(await callerOf(socketOf(1), holderOf())).toMatchObject({
    inside: false,
    process: { pid: 30 },
  });
});

test.runIf(onLinux)(
  "a child that the kernel's list of children lacks is found all the same",
  async () => {
    const { callerOf, table } = open();
    const short = { ...table, children: () => [] };
    const callers = createCallers({
      sockets: { inodeOf: async ({ port }) => port },
      table: short,
      inSlices,
      search: createSearch({ table: short, inSlices, now: () => 0, perMinute: 1 }),
      bootedAt,
    });
    expect(await callers(socketOf(2), holderOf())).toMatchObject({ inside: true });
    expect(await callerOf(socketOf(2), holderOf())).toMatchObject({ inside: true });
  },
);

test.runIf(onLinux)("after enough searches an outsider is refused unnamed", async () => {
  const sockets = Array.from({ length: 30 }, (_, at) => socketOf(200 + at));
  const thief = { parent: 10, start: 150, sockets: sockets.map(({ remotePort }) => remotePort) };
  const { callerOf } = open({ ...machine, 40: thief }, 10);
  const holder = holderOf();
  const callers = [];
  for (const socket of sockets) callers.push(await callerOf(socket, holder));
  expect(callers.every(({ inside }) => !inside)).toBe(true);
  expect(callers.filter(({ process }) => process !== null)).toHaveLength(10);
  expect(await callerOf(socketOf(1), holder)).toMatchObject({ inside: true });
});

test("a client that closed its socket is outside", async () => {
  const { callerOf } = open();
  expect(await callerOf(socketOf(60_001), holderOf())).toEqual({
    inside: false,
    process: null,
    why: "from a process that has left already",
  });
  const gone = { ...socketOf(1), remotePort: undefined };
  expect(await callerOf(gone, holderOf())).toMatchObject({ inside: false, process: null });
});

test("where the system cannot tell, no process is looked for", () => {
  const { callerOf, asked } = open();
  const holder = holderOf({}, "unavailable");
  expect(callerOf(socketOf(3), holder)).toEqual({ inside: true, process: null });
  expect(asked()).toBe(0);
});

test("a look that fails fails its request, and the next looks again", async () => {
  let fails = true;
  const table = fakeTable(machine);
  const callerOf = createCallers({
    sockets: {
      async inodeOf({ port }) {
        if (fails) throw new Error("EMFILE");
        return port;
      },
    },
    table,
    inSlices,
    search: createSearch({ table, inSlices, now: () => 0, perMinute: 1 }),
    bootedAt,
  });
  const socket = socketOf(1);
  const holder = holderOf();
  await expect(callerOf(socket, holder)).rejects.toThrow("EMFILE");
  fails = false;
  expect(await callerOf(socket, holder)).toHaveProperty("inside", onLinux);
});

test.runIf(onLinux)("a run with more open files than are looked through is refused", async () => {
  const many = Array.from({ length: mostFiles }, (_, at) => 100_000 + at);
  const { callerOf } = open({ ...machine, 30: { parent: 20, start: 300, sockets: many } });
  expect(await callerOf(socketOf(2), holderOf())).toEqual({
    inside: false,
    process: null,
    why: expect.stringContaining("more than 262144 files open"),
  });
});

test.runIf(onLinux)(
  "a process whose number another one has by the end of the look is not taken for it",
  async () => {
    const { callerOf, table } = open();
    const agent = table.processes.get(30);
    const sockets = function* () {
      yield 1;
      table.processes.set(30, { parent: 1, start: 999, sockets: [1] });
    };
    if (agent) table.processes.set(30, { ...agent, sockets: { [Symbol.iterator]: sockets } });
    expect(await callerOf(socketOf(1), holderOf())).toMatchObject({ inside: false });
  },
);

test.runIf(onLinux)(
  "after a large look the run waits for its next, and others do not",
  async () => {
    const files = Array.from({ length: 20_000 }, (_, at) => 100_000 + at);
    const { callerOf } = open({
      ...machine,
      30: { parent: 20, start: 300, sockets: [...files, 1] },
      50: { parent: 10, start: 500 },
      51: { parent: 50, start: 510, sockets: [5] },
    });
    const large = holderOf();
    await callerOf(socketOf(1), large);
    const began = performance.now();
    const took = () => performance.now() - began;
    const other = callerOf(socketOf(5), holderOf({ runnerPid: 50, runnerStart: `${boot}:500` }));
    const next = Promise.resolve(callerOf(socketOf(2), large)).then(took);
    expect(await other).toMatchObject({ inside: true });
    expect(took()).toBeLessThan(await next);
    expect(await next).toBeGreaterThan(150);
  },
);
