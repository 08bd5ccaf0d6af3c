import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir, uptime } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadPeerPid } from "../../../src/daemon/processes/peer-pid.js";
import { createPeers } from "../../../src/daemon/processes/peers.js";
import { processStart } from "../../../src/daemon/processes/process-start.js";
import { processTable } from "../../../src/daemon/processes/process-table.js";
import { fakeTable } from "./fake-table.js";

const onLinux = process.platform === "linux";
let folder: string;
let server: Server;
let accepted: Promise<Socket>;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-peers-"));
  server = createServer();
  accepted = new Promise((resolve) => server.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(join(folder, "s"), resolve));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  (await accepted).destroy();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const open = (change: Partial<Parameters<typeof createPeers>[0]> = {}) =>
  createPeers({
    load: loadPeerPid,
    table: processTable,
    bootedAt: Date.now() - uptime() * 1000,
    now: Date.now,
    ...change,
  });

test.runIf(onLinux)("the kernel names the process that connected, and its user", async () => {
  const client = connect(join(folder, "s"));
  const socket = await accepted;
  expect(await open().of(socket)).toEqual({
    kind: "process",
    pid: process.pid,
    start: processStart(process.pid),
    uid: process.getuid?.(),
  });
  client.destroy();
  socket.destroy();
  expect(await open().of(socket)).toEqual({ kind: "gone" });
});

/** Connects, hands the connection to a process of its own, and ends. */
const handOn = `
  const socket = require("net").connect(process.argv[1], () => {
    const options = { stdio: ["ignore", "ignore", "ignore", socket._handle.fd], detached: true };
    const heir = require("child_process").spawn("sleep", ["30"], options);
    console.log(heir.pid);
    process.exit();
  });`;

test.runIf(onLinux)(
  "a connection that was handed on has no process once its opener ended",
  async () => {
    child = spawn(process.execPath, ["-e", handOn, join(folder, "s")]);
    const [line] = await once(child.stdout ?? child, "data");
    await once(child, "exit");
    const socket = await accepted;
    expect(await open().of(socket)).toEqual({ kind: "gone" });
    process.kill(Number(String(line)), "SIGKILL");
  },
);

test("a number that another process has by now is not that process", async () => {
  connect(join(folder, "s"));
  const socket = await accepted;
  const table = fakeTable({ 60: { parent: 1, start: 90_000 } });
  const load = async () => () => ({ pid: 60, uid: 0 });
  const at = (now: number) => open({ table, load, bootedAt: 0, now: () => now }).of(socket);
  expect(await at(100_000)).toEqual({ kind: "gone" });
  expect(await at(900_000)).toMatchObject({ kind: "process", pid: 60 });
});

test.runIf(onLinux)(
  "a process that ends after it connected is not the one that has its number later",
  async () => {
    connect(join(folder, "s"));
    const socket = await accepted;
    const table = fakeTable({ 60: { parent: 1, start: 10 } });
    const peers = open({ table, load: async () => () => ({ pid: 60, uid: 0 }), bootedAt: 0 });
    const first = await peers.of(socket);
    expect(await peers.of(socket)).toBe(first);
    table.processes.set(60, { parent: 1, start: 20 });
    expect(await peers.of(socket)).toEqual({ kind: "gone" });
    table.processes.delete(60);
    expect(await peers.of(socket)).toEqual({ kind: "gone" });
  },
);

test("one of another pid namespace, one that cannot be read, and a system that cannot tell", async () => {
  connect(join(folder, "s"));
  const socket = await accepted;
  expect(await open({ load: async () => () => ({ pid: 0, uid: 0 }) }).of(socket)).toEqual({
    kind: "hidden",
  });
  const entry = () => {
    throw Object.assign(new Error("too many open files"), { code: "EMFILE" });
  };
  const load = async () => () => ({ pid: 60, uid: 0 });
  expect(await open({ load, table: { entry } }).of(socket)).toEqual({ kind: "gone" });
  const none = open({
    load: async () => {
      throw new Error("plan9 does not tell which process asks");
    },
  });
  expect(await none.of(socket)).toMatchObject({ kind: "untold" });
  expect(await none.unavailable()).toContain("plan9");
});
