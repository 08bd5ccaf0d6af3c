import { expect, test } from "vitest";
import { atOnce } from "../../../src/daemon/model/turns.js";
import * as tree from "../../../src/daemon/processes/tree.js";
import { ancestryOf, isBelow, lives } from "../../../src/daemon/processes/tree.js";
import { fakeTable } from "./fake-table.js";

const processesBelow = (...given: Parameters<typeof tree.processesBelow>) =>
  atOnce(tree.processesBelow(...given));
const straysOf = (...given: Parameters<typeof tree.straysOf>) => atOnce(tree.straysOf(...given));

/** init (1) → shell (10) → hoopx run (20) → agent (30) → tools (31, 32) → 33; and strangers. */
const machine = {
  1: { parent: 0, start: 0 },
  10: { parent: 1, start: 100 },
  20: { parent: 10, start: 200 },
  30: { parent: 20, start: 300 },
  31: { parent: 30, start: 310 },
  32: { parent: 30, start: 320 },
  33: { parent: 32, start: 330 },
  40: { parent: 10, start: 150 },
  50: { parent: 1, start: 340 },
  51: { parent: 50, start: 350 },
} as const;
const agent = { pid: 30, start: 300 };

test("below a process are its children and theirs, and itself", () => {
  const found = processesBelow(fakeTable(machine), [agent]);
  expect([...found.keys()].sort()).toEqual([30, 31, 32, 33]);
  const both = processesBelow(fakeTable(machine), [agent, { pid: 50, start: 340 }]);
  expect([...both.keys()].sort()).toEqual([30, 31, 32, 33, 50, 51]);
});

test("a root whose number another process has now is no root", () => {
  const table = fakeTable({ ...machine, 30: { parent: 1, start: 999 } });
  expect(processesBelow(table, [agent]).size).toBe(0);
  expect(isBelow(table, 33, [agent])).toBe(false);
  expect(lives(table, agent)).toBe(false);
  expect(lives(fakeTable({ 30: { parent: 1, start: 300, gone: true } }), agent)).toBe(false);
});

test("a process is below its ancestors, and not below its cousins", () => {
  const table = fakeTable(machine);
  for (const pid of [30, 31, 33]) expect(isBelow(table, pid, [agent])).toBe(true);
  for (const pid of [1, 10, 20, 40, 50, 51, 99]) expect(isBelow(table, pid, [agent])).toBe(false);
});

test("of a process below more than 256 others the ancestors are not told in part", () => {
  const chain = Array.from({ length: 300 }, (_, at) => [at + 1, { parent: at, start: at }]);
  const table = fakeTable(Object.fromEntries(chain));
  expect(ancestryOf(table, 256)).toHaveLength(256);
  expect(ancestryOf(table, 257)).toBeUndefined();
  expect(isBelow(table, 300, [{ pid: 299, start: 298 }])).toBe(false);
});

test("a look ends in a table that runs in a circle", () => {
  const table = fakeTable({ 30: { parent: 31, start: 300 }, 31: { parent: 30, start: 310 } });
  expect(isBelow(table, 31, [{ pid: 9, start: 9 }])).toBe(false);
  expect(processesBelow(table, [agent]).size).toBe(2);
});

test("strays are what the run's ancestors have that is younger than the run, and what is below", () => {
  const table = fakeTable(machine);
  const strays = straysOf(table, agent, processesBelow(table, [agent]));
  expect(strays.map(({ pid }) => pid).sort()).toEqual([50, 51]);
});

test("of an ancestor with many children the latest are looked at", () => {
  const many = Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [1000 + at, { parent: 1, start: 400 + at }]),
  );
  const table = fakeTable({ ...machine, ...many });
  const strays = straysOf(table, agent, processesBelow(table, [agent]));
  expect(strays.some(({ pid }) => pid === 1499)).toBe(true);
  expect(strays.length).toBeLessThan(100);
});
