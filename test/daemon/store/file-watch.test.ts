/** What can happen to the record's file under a running daemon: each is noticed within a second. */
import { copyFileSync, existsSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RecordLost } from "../../../src/daemon/store/file-watch.js";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { openingOf, sessionOf } from "../../contracts/records.js";
import { eventually } from "../../support/home.js";
import { built } from "./built.js";
import { temporaryFolder } from "./temporary-folder.js";

const warn = (message: string) => {
  throw new Error(`unexpected warning: ${message}`);
};
const key = BigInt(Date.now()) << 22n;

const ways: Readonly<Record<string, (file: string) => void>> = {
  "is removed"(file) {
    for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
  },
  "is moved away": (file) => renameSync(file, `${file}.old`),
  "has an older copy moved into its place"(file) {
    copyFileSync(file, `${file}.copy`);
    renameSync(`${file}.copy`, file);
  },
  "is emptied": (file) => truncateSync(file, 0),
  "is written over in place": (file) => writeFileSync(file, "x".repeat(100_000)),
  "loses its log": (file) => rmSync(`${file}-wal`),
  "is written to by another process"(file) {
    const other = openSqlite(file);
    other.exec("UPDATE sessions SET email = 'eve@example.com'");
    other.close();
  },
};

test.each(Object.keys(ways))("a record whose file %s takes nothing more", async (way) => {
  const folder = temporaryFolder();
  const file = join(folder, "hoopx.db");
  const told: RecordLost[] = [];
  const checkpointer = new URL(`file://${await built("src/daemon/store/checkpointer.ts", folder)}`);
  const store = await openStore({ file, warn, checkpointer, lost: (error) => told.push(error) });
  await store.sessions.add(sessionOf());
  await delay(600);
  await store.transcripts.open(openingOf(key));
  expect(told).toEqual([]);

  ways[way]?.(file);
  const began = Date.now();
  const failed = await eventually(
    () =>
      store.sessions.add(sessionOf()).then(
        () => undefined,
        (error: Error) => error,
      ),
    (error) => error !== undefined,
    2_000,
  );
  expect(Date.now() - began).toBeLessThan(1_000);
  expect(failed).toBe(told[0]);
  expect(told).toHaveLength(1);
  expect(failed?.message).toContain(file);
  expect(told[0]?.hint).toContain("hoopx");
  await expect(store.transcripts.open(openingOf(key + 1n))).rejects.toThrow(/not written any more/);
  await store.close();
});

test("checkpoints, pruning and a close are the record's own writes", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "hoopx.db");
  const lost = (error: RecordLost) => expect.fail(error.message);
  const checkpointer = new URL(`file://${await built("src/daemon/store/checkpointer.ts", folder)}`);
  const store = await openStore({ file, warn, checkpointer, lost });
  const until = Date.now() + 2_500;
  for (let count = 0n; Date.now() < until; count += 1n) {
    const data = Buffer.alloc(400_000, Number(count % 251n));
    const frames = [{ kind: "request-body", at: 1, data }] as const;
    await store.transcripts.open({ ...openingOf(key + count), frames });
    await delay(20);
  }
  await store.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
});
