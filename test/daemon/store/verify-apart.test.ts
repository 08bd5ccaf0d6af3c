/**
 * A file that may come from anyone is read by a process of its own, which ends
 * in time; and a number that stands in a file is not counted up to.
 */

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test, vi } from "vitest";
import { pruningText } from "../../../src/daemon/store/pruned.js";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { createStoredChunks } from "../../../src/daemon/store/stored-chunks.js";
import { verifyApart } from "../../../src/daemon/store/verify-apart.js";
import { built } from "./built.js";
import { newSigner } from "./signer.js";

const folder = mkdtempSync(join(tmpdir(), "hoopx-apart-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const verifier = pathToFileURL(await built("src/daemon/store/verifier.ts", folder));

async function recordWith(name: string, change = ""): Promise<string> {
  const file = join(folder, name);
  const store = await openStore({ file, warn: () => undefined });
  await store.close();
  const database = openSqlite(file);
  database.pragma("foreign_keys = OFF");
  database.exec(change);
  database.close();
  return file;
}

test("a sound file is what it is, and no record is told as that", async () => {
  const file = await recordWith("sound.db");
  const report = await verifyApart({ verifier }, file, {});
  expect(report).toMatchObject({ problems: [], head: { place: 0 }, sealed: null });
  const head = { place: 7, hash: "0".repeat(64) };
  expect((await verifyApart({ verifier }, file, { head })).problems).toMatchObject([
    { kind: "cut" },
  ]);
  const view = await recordWith("view.db", "DROP TABLE prunings; CREATE VIEW prunings AS SELECT 1");
  await expect(verifyApart({ verifier }, view, {})).rejects.toThrow("it has views or triggers");
});

/** Without its key, each look into the table reads all of it. */
const slow = `ALTER TABLE endings RENAME TO before;
  CREATE TABLE endings AS SELECT * FROM before;
  INSERT INTO endings (key, ended_at, response_bytes)
    WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 400000)
    SELECT id, 0, 0 FROM n`;

test("a file that takes too long is let go, and others run meanwhile", async () => {
  const file = await recordWith("slow.db", slow);
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 10);
  const patience = { least: 2_000, perMegabyte: 0 };
  await expect(verifyApart({ verifier, patience }, file, {})).rejects.toThrow(
    "reading it took over 2 seconds",
  );
  clearInterval(timer);
  expect(turns).toBeGreaterThan(20);
});

/** A daemon that stops while it verifies; it says first which process reads the file. */
const stopping = (apart: string, file: string) => `
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { pathToFileURL } from "node:url";
const { spawn } = childProcess;
childProcess.spawn = (...given) => {
  const child = spawn(...given);
  console.log(child.pid);
  return child;
};
syncBuiltinESMExports();
const { verifyApart } = await import(pathToFileURL(${JSON.stringify(apart)}));
verifyApart({ verifier: new URL(${JSON.stringify(verifier.href)}) }, ${JSON.stringify(file)}, {});
setTimeout(() => process.exit(0), 1_000);
`;

test("the process that reads a file does not outlive the daemon that stops", async () => {
  const file = await recordWith("stopped.db", slow);
  const apart = await built("src/daemon/store/verify-apart.ts", folder);
  const script = join(folder, "stopping.mjs");
  writeFileSync(script, stopping(apart, file));
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  const reader = Number(stdout);
  expect(reader).toBeGreaterThan(1);
  await vi.waitFor(() => expect(() => process.kill(reader, 0)).toThrow("ESRCH"), 5_000);
});

test.each([
  ["more places than can be counted", [[1, 1e15, "00"]], []],
  ["many such runs", Array.from({ length: 2_000 }, (_, at) => [at + 1, 1e15 - at, "00"]), []],
  ["places that are none", [[1.5, 2, "00"]], ["edited"]],
  ["a run that ends before it begins", [[9, 2, "00"]], ["edited"]],
  ["places that are no list", 7, ["edited"]],
])("a pruning that names %s", async (name, places, kinds) => {
  const file = await recordWith(`${name}.db`);
  const signer = newSigner();
  const data = JSON.stringify({ sessions: 1, exchanges: 1, bytes: 1, places, records: {} });
  const database = openSqlite(file);
  database
    .prepare("INSERT INTO prunings (at, data, key, signature) VALUES (?, ?, ?, ?)")
    .run(1, data, signer.publicKey, signer.sign(pruningText(data, 1)));
  database.close();
  const { problems } = await verifyApart({ verifier }, file, {});
  const found = problems.filter(({ message }) => message.includes("places it took"));
  expect(found.map(({ kind }) => kind)).toEqual(kinds);
});

test("a few bytes of a file do not unpack into gigabytes", () => {
  const database = openSqlite(":memory:");
  database.exec("CREATE TABLE pieces (id INTEGER PRIMARY KEY, session, digest, data)");
  const chunks = createStoredChunks(database);
  // A list of 2^40 bytes.
  const row = Buffer.from([0x7f, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x02]);
  expect(() => chunks.expand(row)).toThrow("bytes in the record");
  database.close();
});
