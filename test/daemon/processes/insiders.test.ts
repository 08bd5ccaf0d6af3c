import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createInsiders } from "../../../src/daemon/processes/insiders.js";
import { loadPeerPid } from "../../../src/daemon/processes/peer-pid.js";
import { processStart } from "../../../src/daemon/processes/process-start.js";
import { processTable } from "../../../src/daemon/processes/process-table.js";
import { sessionOf } from "../../contracts/records.js";
import { fakeTable } from "./fake-table.js";

const onLinux = process.platform === "linux";
const socket = {} as Socket;
const boot = onLinux ? (processStart(process.pid) ?? "").split(":")[0] : "";
const run = sessionOf({
  id: "ses_1",
  process: { ...sessionOf().process, pid: 20, pidStart: `${boot}:200` },
});
const table = fakeTable({
  1: { parent: 0, start: 1 },
  10: { parent: 1, start: 100 },
  20: { parent: 10, start: 200 },
  30: { parent: 20, start: 300 },
  40: { parent: 1, start: 400, variables: { HOOPX_SESSION_ID: "ses_left" } },
  41: { parent: 40, start: 410 },
  50: { parent: 10, start: 500 },
  60: { parent: 10, start: 90_000 },
});

function objectionOf(pid: number | undefined, connectedAt = 100_000) {
  const insiders = createInsiders({
    load: async () => () => pid,
    table,
    sessions: () => [run],
    bootedAt: 0,
  });
  return insiders.objection(socket, connectedAt);
}

test.runIf(onLinux)(
  "a process below a run is inside, its runner and its neighbours are not",
  async () => {
    expect(await objectionOf(20)).toContain("inside the run of session ses_1");
    expect(await objectionOf(30)).toContain("process 30 is inside");
    expect(await objectionOf(10)).toBeUndefined();
    expect(await objectionOf(50)).toBeUndefined();
  },
);

test.runIf(onLinux)("until its child is known a run is whatever is below its runner", async () => {
  const { process: known } = sessionOf();
  const started = { ...known, runnerPid: 10, runnerStart: `${boot}:100` };
  const insiders = (pid: number) =>
    createInsiders({
      load: async () => () => pid,
      table,
      sessions: () => [sessionOf({ id: "ses_2", process: started })],
      bootedAt: 0,
    }).objection(socket, 100_000);
  expect(await insiders(10)).toBeUndefined();
  expect(await insiders(20)).toContain("session ses_2");
});

test("whoever left the tree took the session's variables along", async () => {
  expect(await objectionOf(40)).toContain("session ses_left");
  expect(await objectionOf(41)).toContain("session ses_left");
});

test("who cannot be told counts as inside: no pid, a process that is gone, a number used again", async () => {
  expect(await objectionOf(undefined)).toContain("cannot be told");
  expect(await objectionOf(99)).toContain("has ended");
  expect(await objectionOf(60)).toContain("has ended");
  expect(await objectionOf(60, 900_000)).toBeUndefined();
});

test("where the system never can, nobody is held back, and that is said", async () => {
  const insiders = createInsiders({
    load: async () => {
      throw new Error("plan9 does not tell which process asks");
    },
    table,
    sessions: () => [run],
    bootedAt: 0,
  });
  expect(await insiders.objection(socket, 0)).toBeUndefined();
  expect(await insiders.unavailable()).toContain("plan9");
});

test.runIf(onLinux)("the kernel names the process at the other end of a unix socket", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hoopx-peer-"));
  const peerPid = await loadPeerPid();
  const server = createServer();
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(join(folder, "s"), resolve));
  const client = connect(join(folder, "s"));
  expect(peerPid(await accepted)).toBe(process.pid);
  expect(processTable.variable(process.pid, "PATH")).toBe(process.env.PATH);
  client.destroy();
  (await accepted).destroy();
  expect(peerPid(await accepted)).toBeUndefined();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});
