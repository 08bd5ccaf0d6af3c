import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Home, homeOf } from "../../src/contract/home.js";
import { prepareFolders } from "../../src/daemon/folders.js";
import { becomeTheDaemon } from "../../src/daemon/one-daemon.js";

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
