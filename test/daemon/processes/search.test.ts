import { expect, test } from "vitest";
import { createSearch } from "../../../src/daemon/processes/search.js";
import { createSlices } from "../../../src/daemon/processes/slices.js";
import { fakeTable } from "./fake-table.js";

const inSlices = createSlices(() => 0);

const machine = Object.fromEntries(
  Array.from({ length: 200 }, (_, at) => [
    at + 1,
    { parent: 1, start: at, sockets: at === 7 || at === 150 ? [42] : [at + 1000] },
  ]),
);

test("everybody who has the socket is found", async () => {
  const search = createSearch({ table: fakeTable(machine), inSlices, now: () => 0, perMinute: 2 });
  expect((await search(42))?.map(({ pid }) => pid)).toEqual([8, 151]);
  expect(await search(7)).toEqual([]);
});

test("only so many a minute", async () => {
  const table = fakeTable(machine);
  let time = 0;
  const search = createSearch({ table, inSlices, now: () => time, perMinute: 3 });
  const found = await Promise.all(Array.from({ length: 10 }, () => search(42)));
  expect(found.filter((holders) => holders !== undefined)).toHaveLength(3);
  expect(table.looks).toBe(600);
  time = 59_999;
  expect(await search(42)).toBeUndefined();
  time = 60_000;
  expect(await search(42)).toHaveLength(2);
});

test("others get their turn meanwhile, and a search that takes too long ends", async () => {
  const table = fakeTable(machine);
  let time = 0;
  const slow = {
    ...table,
    sockets(pid: number) {
      time += 50;
      return table.sockets(pid);
    },
  };
  const sliced = createSlices(() => time);
  const search = createSearch({ table: slow, inSlices: sliced, now: () => time, perMinute: 3 });
  let turns = 0;
  let ticking = setImmediate(function tick() {
    turns += 1;
    ticking = setImmediate(tick);
  });
  expect((await search(42))?.map(({ pid }) => pid)).toEqual([8]);
  clearImmediate(ticking);
  expect(turns).toBeGreaterThan(0);
  expect(table.looks).toBeLessThan(50);
});
