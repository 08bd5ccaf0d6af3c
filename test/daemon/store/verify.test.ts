/** Every way in which somebody could alter the record, done to a real file, and named. */
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { Outcome } from "../../../src/contract/outcome.js";
import type { RuleOrigin } from "../../../src/daemon/model/decision.js";
import { canonicalText } from "../../../src/daemon/store/canonical.js";
import { verifyFile } from "../../../src/daemon/store/record-log.js";
import { type Database, openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import type { Store } from "../../../src/daemon/store/store.js";
import { append, close, endingOf, frameOf, openingOf, sessionOf } from "../../contracts/records.js";
import { newSigner } from "./signer.js";
import { temporaryFolder } from "./temporary-folder.js";

const warn = (message: string) => {
  throw new Error(`unexpected warning: ${message}`);
};
const key = BigInt(Date.now()) << 22n;
const signer = newSigner();
let file: string;
let sessions: string[];

beforeEach(async () => {
  file = join(temporaryFolder(), "hoopx.db");
  const store = await openStore({ file, warn });
  sessions = [];
  for (const at of [1n, 2n, 3n]) sessions.push(await fill(store, at));
  await store.record.seal(signer);
  await store.close();
});

/** What this version writes, and earlier ones did not. */
const now = {
  outcome: "denied",
  origin: { layer: "user", file: "/policy.yaml", hash: "ab" },
} as const;

/** A session with two exchanges: one short, one that streams over several transactions. */
async function fill(
  store: Store,
  at: bigint,
  { outcome, origin }: { readonly outcome?: Outcome; readonly origin?: RuleOrigin } = now,
): Promise<string> {
  const session = sessionOf();
  await store.sessions.add(session);
  for (const place of [1n, 2n]) {
    const own = key + at * 100n + place;
    const decision = { effect: "allow", rule: "r", reason: "x", decidedAt: new Date(1) } as const;
    const opened = {
      ...{ sessionId: session.id, seq: Number(place) },
      decision: { ...decision, ...(origin && { origin }) },
    };
    await store.transcripts.open(openingOf(own, opened));
    for (const piece of ["one", "two", "three"].slice(0, place === 1n ? 0 : 3)) {
      await append(store, own, frameOf("reply-body", 10, `${piece} of ${at}`));
    }
    await close(store, own, endingOf(outcome && { outcome }));
  }
  const ended = { status: "ended", endedAt: new Date(Number(at)), exitCode: 0 } as const;
  await store.sessions.end(session.id, ended);
  return session.id;
}

/** The problems of a copy, after something was done to it. */
async function problemsAfter(sql: string | ((database: Database) => void)) {
  const copy = join(temporaryFolder(), "copy.db");
  cpSync(file, copy);
  const database = openSqlite(copy);
  if (typeof sql === "string") database.exec(sql);
  else sql(database);
  database.close();
  const { problems } = await verifyFile(copy, { trusted: signer.publicKey });
  return problems.map(({ kind, record, id }) => `${kind} ${record} ${id}`);
}

const first = String(key + 101n);
const second = String(key + 102n);

test("what nobody touched is as it was written", async () => {
  const report = await verifyFile(file, { trusted: signer.publicKey });
  expect(report.problems).toEqual([]);
  expect(report.records).toBe(3 + 6 + 6 + 9);
  expect(report.sealed?.place).toBe(report.links);
  expect(report.head.place).toBe(report.links);
});

test("text of any kind is as it was written, half a surrogate pair too", async () => {
  const store = await openStore({ file, warn });
  const model = 'm\ud800\u0000\u2028\u007f\n\b\u001f"\\/\u{1f600}';
  const own = key + 901n;
  const opening = openingOf(own, { sessionId: null });
  const operation = opening.operation === null ? null : { ...opening.operation, model };
  await store.transcripts.open({ ...opening, operation });
  await close(store, own, endingOf());
  expect((await store.record.verify()).problems).toEqual([]);
  await store.close();
});

test("an edit is named, in a column as in one bit of a frame", async () => {
  const edits = [
    [`UPDATE exchanges SET model = 'other' WHERE key = ${first}`, `exchange ${first}`],
    [`UPDATE endings SET output_tokens = 1 WHERE key = ${first}`, `ending ${first}`],
    [`UPDATE sessions SET email = 'eve@example.com' WHERE id = '${"ID"}'`, "session ID"],
    ["UPDATE frames SET data = CAST(replace(data, 'two', 'twO') AS BLOB) WHERE id = 2", "frames 2"],
    [
      `UPDATE exchanges SET frames = CAST(replace(frames, 'POST', 'PUST') AS BLOB) WHERE key = ${second}`,
      `exchange ${second}`,
    ],
  ] as const;
  for (const [sql, record] of edits) {
    const id = sessions[0] ?? "";
    const found = await problemsAfter(sql.replace("ID", id));
    expect(found).toEqual([`edited ${record.replace("ID", id)}`]);
  }
});

test("a file whose pages no longer hold together is told as damaged", async () => {
  const copy = join(temporaryFolder(), "copy.db");
  const database = openSqlite(file, { readonly: true });
  const root = "SELECT rootpage FROM sqlite_master WHERE name = 'frames'";
  const page = database.prepare<[], number>(root).pluck().get() ?? 0;
  const size = database.pragma("page_size", { simple: true }) as number;
  database.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, (page - 1) * size, page * size);
  writeFileSync(copy, bytes);
  const { problems } = await verifyFile(copy, { trusted: signer.publicKey });
  expect(problems.map(({ message }) => message).join()).toMatch(/^the file itself is damaged/);
});

test("an ending is hashed as the version wrote it that had no later columns, or only some", async () => {
  const columns = ["7", 200, null, 12, 5, 11, 22, null, null, null];
  const text = '["ending","7",200,null,12,5,11,22,null,null,null';
  expect(canonicalText("ending", [...columns, null, null])).toBe(`${text}]\n`);
  expect(canonicalText("ending", [...columns, "allowed", null])).toBe(`${text},"allowed"]\n`);
  expect(canonicalText("ending", [...columns, "allowed", 1])).toBe(`${text},"allowed",1]\n`);
  expect(canonicalText("ending", [...columns, null, 1])).toBe(`${text},null,1]\n`);
});

test("that tokens are an estimate is in the chain, and so is that they are none", async () => {
  const marked = join(temporaryFolder(), "marked.db");
  const store = await openStore({ file: marked, warn });
  const session = sessionOf();
  await store.sessions.add(session);
  await store.transcripts.open(openingOf(key, { sessionId: session.id }));
  await close(store, key, endingOf({ tokens: { input: 1, output: 2, estimated: true } }));
  await store.close();
  expect((await verifyFile(marked, {})).problems).toEqual([]);
  const database = openSqlite(marked);
  database.exec("UPDATE endings SET estimated = NULL");
  database.close();
  expect((await verifyFile(marked, {})).problems).toHaveLength(1);
  expect(await problemsAfter(`UPDATE endings SET estimated = 1 WHERE key = ${first}`)).toHaveLength(
    1,
  );
});

test("an outcome and a rule's place are in the chain, and a file from before there were any is as it was", async () => {
  const changed = [
    `UPDATE endings SET outcome = 'allowed' WHERE key = ${first}`,
    `UPDATE endings SET outcome = NULL WHERE key = ${first}`,
    `UPDATE exchanges SET rule_file = '/elsewhere' WHERE key = ${first}`,
  ];
  for (const sql of changed) expect(await problemsAfter(sql), sql).toHaveLength(1);
  const older = join(temporaryFolder(), "older.db");
  const empty = await openStore({ file: older, warn });
  const session = await fill(empty, 1n, {});
  expect(session).not.toBe("");
  await empty.close();
  const database = openSqlite(older);
  database.exec("ALTER TABLE endings DROP COLUMN outcome");
  database.exec("ALTER TABLE endings DROP COLUMN estimated");
  database.exec("ALTER TABLE exchanges DROP COLUMN rule_layer");
  database.exec("ALTER TABLE exchanges DROP COLUMN rule_file");
  database.exec("ALTER TABLE exchanges DROP COLUMN rule_hash");
  database.close();
  expect((await verifyFile(older, {})).problems).toEqual([]);
});

test("a deletion is named", async () => {
  expect(await problemsAfter(`DELETE FROM endings WHERE key = ${first}`)).toEqual([
    `deleted ending ${first}`,
  ]);
  expect(await problemsAfter("DELETE FROM frames WHERE id = 1")).toEqual(["deleted frames 1"]);
  expect(await problemsAfter(`DELETE FROM exchanges WHERE key = ${first}`)).toEqual([
    `deleted exchange ${first}`,
  ]);
  expect(await problemsAfter(`DELETE FROM sessions WHERE id = '${sessions[1]}'`)).toEqual([
    `deleted session ${sessions[1]}`,
  ]);
  expect(await problemsAfter("DELETE FROM changes WHERE place = 1")).toContain("deleted place 1");
});

test("an insertion is named", async () => {
  const copy = `INSERT INTO frames SELECT 99, exchange, previous, place, hash, data FROM frames WHERE id = 1`;
  expect(await problemsAfter(copy)).toEqual(["inserted frames 99"]);
});

test("what has no type, key or place that was ever written is named, and stops nothing", async () => {
  const putIn = (row: string, place: string) =>
    `INSERT INTO endings SELECT ${row}, status, first_byte_at, ended_at, response_bytes, input_tokens,
     output_tokens, error, masked, last_frame, outcome, ${place}, hash, frames, estimated FROM endings WHERE key = ${first}`;
  for (const [sql, problem] of [
    [`UPDATE exchanges SET model = x'00ff' WHERE key = ${first}`, `edited exchange ${first}`],
    ["UPDATE frames SET data = CAST(data AS TEXT) WHERE id = 2", "edited frames 2"],
    ["UPDATE frames SET hash = 'text' WHERE id = 2", "inserted frames 2"],
    [putIn("-5", "NULL"), "inserted ending -5"],
    [putIn("-9223372036854775807 - 1", "NULL"), "inserted ending -9223372036854775808"],
    [putIn("7", "4294967297"), "inserted ending 7"],
    [putIn("7", "1073741824"), "inserted ending 7"],
    [putIn("7", "place"), "inserted ending"],
  ] as const) {
    expect((await problemsAfter(sql)).join("\n"), sql).toContain(problem);
  }
});

test("two that changed places are named as that", async () => {
  const report = await verifyFile(file, {});
  const swap = (table: string, key: string, one: string | number, other: string | number) => `
    UPDATE ${table} SET ${key} = -1 WHERE ${key} = ${one};
    UPDATE ${table} SET ${key} = ${one} WHERE ${key} = ${other};
    UPDATE ${table} SET ${key} = ${other} WHERE ${key} = -1;`;
  expect(await problemsAfter(swap("exchanges", "key", first, second))).toEqual([
    `reordered exchange ${first}`,
    `reordered exchange ${second}`,
  ]);
  expect(await problemsAfter(swap("frames", "id", 1, 3))).toEqual([
    "reordered frames 1",
    "reordered frames 3",
  ]);
  const changes = await problemsAfter(swap("changes", "place", 1, report.head.place));
  expect(changes).toContain("reordered change 1");
});

test("a tail that was cut off shows by the seal, and by a head kept elsewhere", async () => {
  const { head } = await verifyFile(file, {});
  const cut = (database: Database) => {
    const last = String(key + 302n);
    database.exec(`DELETE FROM changes WHERE place > ${head.place - 2}`);
    database.exec(`DELETE FROM endings WHERE key = ${last}`);
  };
  expect((await problemsAfter(cut))[0]).toBe(`cut seal ${head.place}`);

  const copy = join(temporaryFolder(), "copy.db");
  cpSync(file, copy);
  const database = openSqlite(copy);
  cut(database);
  database.exec("DELETE FROM seals");
  database.close();
  const report = await verifyFile(copy, { head });
  expect(report.problems.map(({ kind }) => kind)).toContain("cut");
});

test("a chain that was written anew is not sealed by our key", async () => {
  const other = newSigner();
  const { problems } = await verifyFile(file, { trusted: other.publicKey });
  expect(problems.map(({ kind }) => kind)).toEqual(["signature"]);
  const forged = await problemsAfter((database) => {
    database.prepare("UPDATE seals SET at = at + 1").run();
  });
  expect(forged[0]).toMatch(/^signature seal /);
});

test("what is pruned leaves a record that verifies; what only says so does not", async () => {
  const store = await openStore({ file, warn });
  expect(await store.record.prunable(new Date(3))).toEqual({ sessions: 2, exchanges: 4 });
  const count = await store.record.prune(new Date(3), signer);
  expect(count).toMatchObject({ sessions: 2, exchanges: 4 });
  expect(count.bytes).toBeGreaterThan(0);
  const left = await store.sessions.list({ limit: 10 });
  expect(left.map(({ id }) => id)).toEqual([sessions[2]]);
  expect((await store.record.verify({ trusted: signer.publicKey })).problems).toEqual([]);
  await store.record.seal(signer);
  await store.close();
  expect(await problemsAfter("SELECT 1")).toEqual([]);
  const forged = await problemsAfter(
    `UPDATE prunings SET data = replace(data, '"exchanges":4', '"exchanges":5')`,
  );
  expect(forged).toContain("signature pruning 1");
  expect(forged).toContain("edited pruning 1");
  expect(forged.some((problem) => problem.startsWith("deleted session"))).toBe(true);
});

test("a record of before the chain is taken into it", async () => {
  const database = openSqlite(file);
  database.exec(`DELETE FROM changes; DELETE FROM seals;
    UPDATE exchanges SET place = NULL, hash = NULL; UPDATE endings SET place = NULL, hash = NULL;
    UPDATE frames SET place = NULL, hash = NULL; UPDATE ended SET place = NULL, hash = NULL`);
  database.close();
  const store = await openStore({ file, warn });
  const report = await store.record.verify();
  expect(report.problems).toEqual([]);
  expect(report.links).toBeGreaterThan(0);
  await store.close();
});

test("a write that fails leaves the chain as it was", async () => {
  const store = await openStore({ file, warn });
  const before = store.record.head();
  const session = sessionOf({ id: sessions[0] ?? "" });
  await expect(store.sessions.add(session)).rejects.toThrow(/UNIQUE/);
  expect(store.record.head()).toEqual(before);
  await fill(store, 9n);
  expect((await store.record.verify()).problems).toEqual([]);
  await store.close();
});

test("two that share the file write one chain", async () => {
  const one = await openStore({ file, warn });
  const two = await openStore({ file, warn });
  for (let round = 4n; round < 8n; round += 1n) {
    await fill(one, round * 10n);
    await fill(two, round * 10n + 1n);
  }
  await Promise.all([fill(one, 90n), fill(two, 91n)]);
  expect((await one.record.verify()).problems).toEqual([]);
  await two.close();
  await fill(one, 92n);
  await one.close();
  expect((await verifyFile(file, {})).problems).toEqual([]);
});

test.skipIf(process.platform === "win32")(
  "what is no file, or reckons what it holds, is no record",
  async () => {
    const folder = temporaryFolder();
    const pipe = join(folder, "pipe");
    execFileSync("sh", ["-c", 'mkfifo "$0"', pipe]);
    await expect(verifyFile(pipe, {})).rejects.toThrow("it is not a file");
    const endless = join(folder, "endless.db");
    const database = openSqlite(endless);
    database.exec(
      "CREATE VIEW links AS WITH RECURSIVE n(place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM n) SELECT place FROM n",
    );
    database.close();
    await expect(verifyFile(endless, {})).rejects.toThrow("it has views");
  },
);
