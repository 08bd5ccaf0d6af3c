import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { awaitExclusiveLock, takeExclusiveLock } from "../../../src/daemon/store/exclusive-lock.js";
import { built } from "./built.js";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-lock-"));
  file = join(folder, "x.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("one holds it, and its release frees it", () => {
  const first = takeExclusiveLock(file);
  expect(first).toBeDefined();
  expect(takeExclusiveLock(file)).toBeUndefined();
  first?.release();
  const second = takeExclusiveLock(file);
  expect(second).toBeDefined();
  second?.release();
});

test("a second process is kept out, and kill -9 frees it", async () => {
  const holder = spawn(
    process.execPath,
    [
      "-e",
      `import(process.argv[2]).then(({ openSqlite }) => {
       const db = openSqlite(process.argv[1]);
       db.pragma("locking_mode = EXCLUSIVE"); db.exec("BEGIN EXCLUSIVE");
       console.log("held"); process.stdin.resume(); });`,
      file,
      await built("src/daemon/store/sqlite.ts", folder),
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  await once(holder.stdout, "data");
  expect(takeExclusiveLock(file)).toBeUndefined();
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const lock = takeExclusiveLock(file);
  expect(lock).toBeDefined();
  lock?.release();
});

test("a file that is something else is said, not waited for", () => {
  writeFileSync(file, "not a database, and longer than a header of SQLite would be".repeat(20));
  expect(() => takeExclusiveLock(file)).toThrow(`the lock file ${file} cannot be used`);
});

test("who waits gets it when it is let go, and waits no longer than the signal lets them", async () => {
  const held = takeExclusiveLock(file);
  await expect(awaitExclusiveLock(file, AbortSignal.timeout(50))).rejects.toThrow();
  const waiting = awaitExclusiveLock(file, AbortSignal.timeout(5_000));
  held?.release();
  (await waiting).release();
});
