import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Home, homeOf, lockFileOf } from "../../../src/contract/home.js";
import { becomeTheDaemon } from "../../../src/daemon/lifecycle/daemon-lock.js";
import { prepareFolders } from "../../../src/daemon/lifecycle/folders.js";

let home: Home;
let top: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "hoopx-one-"));
  home = homeOf({ HOOPX_HOME: top });
  prepareFolders(home);
});
afterEach(() => rmSync(top, { recursive: true }));

test("a start that finds a daemon answering leaves the field to it", async () => {
  const lock = await becomeTheDaemon(home);
  expect(lock).toBeDefined();
  const server = createServer((socket) => socket.end()).listen(home.socket);
  await once(server, "listening");
  expect(await becomeTheDaemon(home)).toBeUndefined();
  server.close();
  lock?.release();
});

test("a start that finds one on its way out takes its place", async () => {
  const leaving = await becomeTheDaemon(home);
  const next = becomeTheDaemon(home);
  leaving?.release();
  const lock = await next;
  expect(lock).toBeDefined();
  lock?.release();
});

test("a lock file that was removed is known to be no longer its own, and the holder is named", async () => {
  const lock = await becomeTheDaemon(home);
  expect(lock?.isOwn()).toBe(true);
  expect(readFileSync(join(home.data, "hoopxd.holder"), "utf8")).toContain(`"pid":${process.pid}`);
  rmSync(lockFileOf(home));
  expect(lock?.isOwn()).toBe(false);
  lock?.release();
});

test("the run folder does not decide: without it a second start finds the lock taken", async () => {
  const lock = await becomeTheDaemon(home);
  rmSync(home.run, { recursive: true });
  const server = createServer((socket) => socket.end());
  prepareFolders(home);
  server.listen(home.socket);
  await once(server, "listening");
  expect(await becomeTheDaemon(home)).toBeUndefined();
  server.close();
  lock?.release();
});
