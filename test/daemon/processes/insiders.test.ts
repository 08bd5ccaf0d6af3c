import { expect, test } from "vitest";
import { createInsiders, type Runner } from "../../../src/daemon/processes/insiders.js";
import type { Peer } from "../../../src/daemon/processes/peers.js";
import { fakeTable } from "./fake-table.js";

/** shell (10) → hoopx run (20) → agent (30) → tool (40); a shell beside it (50). */
const machine = {
  1: { parent: 0, start: 1 },
  10: { parent: 1, start: 100 },
  20: { parent: 10, start: 200 },
  30: { parent: 20, start: 300 },
  40: { parent: 30, start: 400 },
  50: { parent: 10, start: 150 },
  60: { parent: 1, start: 600, variables: { HOOPX_SESSION_ID: "ses_left" } },
  61: { parent: 60, start: 610 },
};
const runner: Runner = { pid: 20, start: 200, sessionId: "ses_1" };

const peer = (pid: number): Peer => ({ kind: "process", pid, start: null, uid: 1000 });

function objectionOf(pid: number, table = fakeTable(machine), runners = [runner]) {
  return createInsiders({ table, runners: () => runners })(peer(pid));
}

test("what is below a runner is inside, the runner and its neighbours are not", () => {
  expect(objectionOf(30)).toBe("process 30 is inside the run of session ses_1");
  expect(objectionOf(40)).toContain("session ses_1");
  for (const pid of [10, 20, 50]) expect(objectionOf(pid)).toBeUndefined();
});

test("an orphan that the runner took in is inside", () => {
  const table = fakeTable({ ...machine, 70: { parent: 20, start: 700 } });
  expect(objectionOf(70, table)).toContain("session ses_1");
});

test("a runner inside another run is inside that one, whichever comes first", () => {
  const own = { pid: 40, start: 400, sessionId: "ses_own" };
  for (const runners of [
    [runner, own],
    [own, runner],
  ]) {
    expect(objectionOf(40, fakeTable(machine), runners)).toContain("session ses_1");
  }
});

test("a runner's number that was used again makes nothing inside", () => {
  const table = fakeTable({ ...machine, 20: { parent: 10, start: 250 } });
  expect(objectionOf(30, table)).toBeUndefined();
});

test("a process that left the tree took the session's variables along", () => {
  expect(objectionOf(60)).toContain("session ses_left");
  expect(objectionOf(61)).toContain("session ses_left");
});

test("an ancestor that ends during the look hides nothing: the look starts again", () => {
  const table = fakeTable(machine);
  const { entry } = table;
  let looks = 0;
  // 35 stood between the agent and its tool, and ended: the agent has the tool now.
  const racing = {
    ...table,
    entry(pid: number) {
      const found = entry(pid);
      if (pid !== 40 || found === undefined) return found;
      looks += 1;
      return looks === 1 ? { ...found, parent: 35 } : found;
    },
  };
  expect(objectionOf(40, racing)).toContain("session ses_1");
  expect(looks).toBe(2);
});

test("ancestors that never can be read are no way out", () => {
  const table = fakeTable(machine);
  const fleeing = {
    ...table,
    entry: (pid: number) => (pid === 40 ? { ...entryOf(table, 40), parent: 35 } : table.entry(pid)),
  };
  expect(objectionOf(40, fleeing)).toContain("cannot be told");
});

test.each([250, 1_100])("below %i processes an agent is no outsider", (depth) => {
  const chain = Object.fromEntries(
    Array.from({ length: depth }, (_, at) => [
      100 + at,
      { parent: at === 0 ? 30 : 99 + at, start: 400 + at },
    ]),
  );
  const why = objectionOf(99 + depth, fakeTable({ ...machine, ...chain }));
  expect(why).toMatch(/inside the run|cannot be told/);
});

const entryOf = (table: ReturnType<typeof fakeTable>, pid: number) => {
  const entry = table.entry(pid);
  if (entry === undefined) throw new Error("not there");
  return entry;
};

test("another user's process, which cannot be looked into, ends the look", () => {
  const table = fakeTable({ ...machine, 80: { parent: 79, start: 800 } }, new Set([79]));
  expect(objectionOf(80, table)).toBeUndefined();
});

test("a caller that cannot be told counts as inside", () => {
  const objection = createInsiders({ table: fakeTable(machine), runners: () => [runner] });
  expect(objection({ kind: "gone" })).toContain("has ended");
  expect(objection({ kind: "hidden" })).toContain("container");
  expect(objection(peer(99))).toContain("has ended");
  const table = {
    ...fakeTable(machine),
    entry: () => {
      throw Object.assign(new Error("too many open files"), { code: "EMFILE" });
    },
  };
  expect(objectionOf(30, table)).toContain("cannot be looked at");
});

test("where the system never can tell, no caller is held back", () => {
  const objection = createInsiders({ table: fakeTable(machine), runners: () => [runner] });
  expect(objection({ kind: "untold", why: "plan9 does not tell" })).toBeUndefined();
});
