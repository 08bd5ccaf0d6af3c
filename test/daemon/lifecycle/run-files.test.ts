import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Home, homeOf } from "../../../src/contract/home.js";
import { prepareFolders } from "../../../src/daemon/lifecycle/folders.js";
import {
  clearStale,
  keepPort,
  readKeptPort,
  readPid,
  wantedPort,
  writePidFile,
} from "../../../src/daemon/lifecycle/run-files.js";

let home: Home;
let top: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "hoopx-run-"));
  home = homeOf({ HOOPX_HOME: top });
  prepareFolders(home);
});
afterEach(() => rmSync(top, { recursive: true }));

test("the pid file is 0600 and read back; a stale one and its socket are cleared", () => {
  expect(readPid(home)).toBeUndefined();
  writePidFile(home, { pid: 77, version: "1", startedAt: "now", port: 1 });
  writeFileSync(home.socket, "");
  expect(readPid(home)).toBe(77);
  expect(statSync(join(home.run, "hoopxd.pid")).mode & 0o777).toBe(0o600);
  clearStale(home);
  expect(readPid(home)).toBeUndefined();
  expect(existsSync(home.socket)).toBe(false);
});

test("the port to try first: the settings', else the kept one; any is the kept one while runs are alive", () => {
  expect(wantedPort(null, undefined, 0)).toBe(4141);
  expect(wantedPort(null, 5000, 0)).toBe(5000);
  expect(wantedPort(6000, 5000, 1)).toBe(6000);
  expect(wantedPort(0, 5000, 0)).toBe(0);
  expect(wantedPort(0, 5000, 1)).toBe(5000);
  expect(wantedPort(0, undefined, 1)).toBe(0);
});

test("the port is kept; one that is none is forgotten", () => {
  expect(readKeptPort(home)).toBeUndefined();
  keepPort(home, 4142);
  expect(readKeptPort(home)).toBe(4142);
  writeFileSync(join(home.data, "port"), "99999\n");
  expect(readKeptPort(home)).toBeUndefined();
});
