/** A look below a run, of whatever size an agent makes it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { processStart } from "../../../src/daemon/processes/process-start.js";
import { type ProcessMark, processTable } from "../../../src/daemon/processes/process-table.js";
import { createSlices } from "../../../src/daemon/processes/slices.js";
import { mostFiles, surveyOf } from "../../../src/daemon/processes/survey.js";
import { type FakeProcess, fakeTable } from "./fake-table.js";

const onLinux = process.platform === "linux";
const inSlices = createSlices(() => performance.now());

/** init → shell (10) → hoopx run (20) → agent (30) → tools from 100 on; what left the run is below init. */
const root: ProcessMark = { pid: 20, start: 200 };
const machine: Readonly<Record<number, FakeProcess>> = {
  1: { parent: 0, start: 0 },
  10: { parent: 1, start: 100 },
  20: { parent: 10, start: 200 },
  30: { parent: 20, start: 300, sockets: [1, 7] },
};

const filesOf = (count: number) => Array.from({ length: count }, (_, at) => 1_000_000 + at);
const tools = (count: number, files: number): Record<number, FakeProcess> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      100 + at,
      { parent: 30, start: 400 + at, sockets: [7, ...filesOf(files)] },
    ]),
  );

function look(processes: Readonly<Record<number, FakeProcess>>, ...wanted: readonly number[]) {
  const table = fakeTable(processes);
  return inSlices(surveyOf({ table, root, roots: [root], wanted: new Set(wanted) }));
}

const pids = (owners: readonly { readonly pid: number }[] | undefined) =>
  owners?.map(({ pid }) => pid);

test("in a small run every owner is found, the eldest first", async () => {
  const found = await look({ ...machine, ...tools(3, 10) }, 7);
  expect(pids(found.owners.get(7))).toEqual([30, 100, 101, 102]);
  expect(found).toMatchObject({ whole: true, looked: 2 + 3 * 11 });
});

test("in a large run the eldest is enough, and what left the run is looked through whole", async () => {
  const stray = { parent: 1, start: 900, sockets: [...filesOf(3_000), 1] };
  const found = await look({ ...machine, ...tools(60, 3_000), 900: stray }, 1, 7);
  expect(pids(found.strays.get(1))).toEqual([900]);
  expect(pids(found.owners.get(7))?.[0]).toBe(30);
  expect(found.whole).toBe(true);
  expect(found.looked).toBeLessThan(20_000);
});

test("beyond the bound it is said that not all was looked at", async () => {
  const found = await look({ ...machine, ...tools(30, 10_000) }, 99);
  expect(found).toMatchObject({ whole: false, looked: mostFiles });
  const strays = { 900: { parent: 1, start: 900, sockets: filesOf(mostFiles + 1) } };
  expect((await look({ ...machine, ...strays }, 1)).whole).toBe(false);
});

test.runIf(onLinux)("real processes with many open files do not hold the event loop", async () => {
  const files = Array.from({ length: 400 }, () => openSync("/dev/null", "r"));
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const children = Array.from({ length: 40 }, () =>
    spawn("sleep", ["60"], { stdio: ["ignore", "ignore", "ignore", ...files] }),
  );
  try {
    const self = { pid: process.pid, start: Number(processStart(process.pid)?.split(":")[1]) };
    const wanted = new Set([1]);
    let turns = 0;
    let next = setImmediate(function count() {
      turns += 1;
      next = setImmediate(count);
    });
    const { looked } = await inSlices(
      surveyOf({ table: processTable, root: self, roots: [self], wanted }),
    );
    clearImmediate(next);
    expect(looked).toBeGreaterThan(16_000);
    // A look takes some 50 ms: others have a turn every 2 ms of it.
    expect(turns).toBeGreaterThan(5);
  } finally {
    for (const child of children) child.kill("SIGKILL");
    for (const file of files) closeSync(file);
    server.close();
  }
});

test("several works take turns: none waits for another's end", async () => {
  let time = 0;
  const sliced = createSlices(() => time);
  const order: string[] = [];
  function* work(name: string): Generator<void, string> {
    for (let step = 0; step < 3; step += 1) {
      time += 2;
      order.push(name);
      yield;
    }
    return name;
  }
  expect(await Promise.all([sliced(work("a")), sliced(work("b"))])).toEqual(["a", "b"]);
  expect(order.join("")).toBe("ababab");
});
