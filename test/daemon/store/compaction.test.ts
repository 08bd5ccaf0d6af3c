import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Frame } from "../../../src/daemon/model/transcript.js";
import { createCompaction } from "../../../src/daemon/store/compaction.js";
import { chunksOf } from "../../../src/daemon/store/content-chunks.js";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import type { Store } from "../../../src/daemon/store/store.js";
import { append, close, endingOf, frameOf, openingOf, sessionOf } from "../../contracts/records.js";
import { newSigner } from "./signer.js";
import { temporaryFolder } from "./temporary-folder.js";

const warn = (message: string, detail?: unknown) => {
  throw new Error(`unexpected warning: ${message} ${String(detail)}`);
};
const key = BigInt(Date.now()) << 22n;
const bytesOf = (frames: readonly Frame[]) =>
  frames.map(({ kind, at, data }) => [kind, at, Buffer.from(data).toString("base64")]);

/** Sizes of what is stored of frames, and of chunks. */
function stored(file: string) {
  const database = openSqlite(file, { readonly: true });
  const sum = (sql: string) => (database.prepare(sql).pluck().get() as number | null) ?? 0;
  const rows =
    sum("SELECT sum(length(frames)) FROM exchanges") +
    sum("SELECT sum(length(frames)) FROM endings") +
    sum("SELECT sum(length(data)) FROM frames");
  const pieces = sum("SELECT sum(length(data)) FROM pieces");
  database.close();
  return { rows, pieces };
}

async function compacted(store: Store, file: string): Promise<void> {
  await store.compacted();
  expect((await store.record.verify()).problems).toEqual([]);
  expect(stored(file).pieces).toBeGreaterThan(0);
}

test("chunks joined are the bytes, and an insertion changes the chunks around it only", () => {
  const bytes = randomBytes(200_000);
  const chunks = [...chunksOf(bytes)];
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  expect(chunks.length).toBeGreaterThan(40);
  const changed = Buffer.concat([
    bytes.subarray(0, 90_000),
    Buffer.from("!"),
    bytes.subarray(90_000),
  ]);
  const before = new Set(chunks.map((chunk) => chunk.toString("latin1")));
  const anew = [...chunksOf(changed)].filter((chunk) => !before.has(chunk.toString("latin1")));
  expect(anew.length).toBeLessThan(4);
  expect([...chunksOf(Buffer.alloc(0))]).toEqual([]);
});

test("the file gives back the room of what was made smaller, but for what comes", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const store = await openStore({ file, warn });
  const session = sessionOf();
  await store.sessions.add(session);
  const body = "a conversation that is said again ".repeat(10_000);
  for (let place = 0n; place < 120n; place += 1n) {
    const frames = [frameOf("request-body", 1, `${body}${place}`)];
    await store.transcripts.open(openingOf(key + place, { sessionId: session.id, frames }));
    await close(store, key + place, endingOf());
  }
  await compacted(store, file);
  await store.close();
  expect(statSync(file).size).toBeGreaterThan(10e6);
  expect(statSync(file).size).toBeLessThan(20e6);
});

test("a growing conversation costs about what it adds, reads as before and verifies", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const store = await openStore({ file, warn });
  const session = sessionOf();
  await store.sessions.add(session);
  const messages: string[] = [];
  const written: (readonly Frame[])[] = [];
  let raw = 0;
  for (let turn = 0; turn < 60; turn += 1) {
    messages.push(randomBytes(900).toString("hex"));
    const body = JSON.stringify({ model: "gpt-4o-mini", input: messages, tools: ["a", "b"] });
    const own = key + BigInt(turn);
    const frames = [
      frameOf("request-head", 1, "POST / HTTP/1.1"),
      frameOf("request-body", 2, body),
    ];
    raw += body.length;
    await store.transcripts.open(openingOf(own, { sessionId: session.id, seq: turn + 1, frames }));
    const reply = ["event: a\n", "data: b\n", "\n"].map((text) =>
      frameOf("reply-body", 3, text.repeat(300)),
    );
    for (const frame of reply) await append(store, own, frame);
    await close(store, own, endingOf());
    written.push([...frames, ...reply]);
  }
  await compacted(store, file);
  for (const [turn, frames] of written.entries()) {
    expect(bytesOf(await store.exchanges.frames(key + BigInt(turn)))).toEqual(bytesOf(frames));
    const request = frames.filter(({ kind }) => kind.startsWith("request"));
    expect(bytesOf(await store.exchanges.requestFrames(key + BigInt(turn)))).toEqual(
      bytesOf(request),
    );
  }
  const { rows, pieces } = stored(file);
  const added = messages.join("").length;
  expect(raw).toBeGreaterThan(25 * added);
  // Of what was sent, 30 times what was said, about twice that is left.
  expect(rows + pieces).toBeLessThan(2 * added);

  await store.sessions.end(session.id, { status: "ended", endedAt: new Date(1), exitCode: 0 });
  await store.record.prune(new Date(2), newSigner());
  expect(stored(file)).toEqual({ rows: 0, pieces: 0 });
  expect((await store.record.verify()).problems).toEqual([]);
  await store.close();
});

test("a body over several rows, and one that says nothing twice", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const store = await openStore({ file, warn });
  const session = sessionOf();
  await store.sessions.add(session);
  const frames = [
    frameOf("request-head", 1, "POST / HTTP/1.1"),
    { kind: "request-body", at: 2, data: randomBytes(2_500_000) } as const,
  ];
  await store.transcripts.open(openingOf(key, { sessionId: session.id, frames }));
  await close(store, key, endingOf());
  await compacted(store, file);
  expect(bytesOf(await store.exchanges.frames(key))).toEqual(bytesOf(frames));
  await store.close();
});

test("what the end cut off is done after the next start; a damaged chunk shows", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const first = await openStore({ file, warn });
  const session = sessionOf();
  await first.sessions.add(session);
  const body = frameOf("request-body", 2, "the same sentence again and again. ".repeat(500));
  await first.transcripts.open(openingOf(key, { sessionId: session.id, frames: [body] }));
  await close(first, key, endingOf());
  await first.close();
  expect(stored(file).pieces).toBe(0);
  const store = await openStore({ file, warn });
  await compacted(store, file);
  await store.close();

  const database = openSqlite(file);
  database.exec("UPDATE pieces SET data = CAST('0 other' AS BLOB)");
  database.close();
  const again = await openStore({ file, warn });
  const { problems } = await again.record.verify();
  expect(problems.map(({ kind, record }) => `${kind} ${record}`)).toEqual(["edited exchange"]);
  await again.close();
});

test("a failure leaves an exchange as it was written, and is said", async () => {
  const said: string[] = [];
  const database = openSqlite(":memory:");
  database.exec(
    `CREATE TABLE exchanges (key, session, frames); CREATE TABLE frames (id, previous, data);
     CREATE TABLE endings (key, last_frame, frames); CREATE TABLE ended (compacted INTEGER);
     INSERT INTO exchanges VALUES (7, 's', zeroblob(9000)); INSERT INTO endings VALUES (7, NULL, NULL)`,
  );
  const compaction = createCompaction({
    database,
    group: { add: () => {}, hold() {}, release() {}, close() {} },
    chunks: {
      expand: (row) => row,
      find() {
        throw new Error("no such table: pieces");
      },
      add: () => 0,
      forget() {},
    },
    warn: (message) => said.push(message),
    after: 0,
  });
  compaction.ended(7n, 9_000);
  await compaction.idle();
  expect(said).toEqual(["an exchange is kept as it was written"]);
  await compaction.stop();
  database.close();
});

test("agents that never rest do not put it off, and a small exchange never waits for it", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const store = await openStore({ file, warn });
  const session = sessionOf();
  await store.sessions.add(session);
  const text = "the same sentence again and again. ".repeat(2_000);
  let own = key;
  const exchange = async (frames: readonly Frame[]) => {
    own += 1n;
    await store.transcripts.open(openingOf(own, { sessionId: session.id, frames }));
    await close(store, own, endingOf());
  };
  for (let count = 0; count < 20; count += 1) await exchange([frameOf("request-body", 2, text)]);
  const before = stored(file).rows;
  const until = Date.now() + 20_000;
  while (stored(file).rows > before / 3 && Date.now() < until) {
    await exchange([frameOf("request-body", 2, "small")]);
    await delay(50);
  }
  expect(stored(file).rows).toBeLessThan(before / 3);
  expect((await store.record.verify()).problems).toEqual([]);
  await store.close();
}, 40_000);

test("a large reply is made smaller in steps: the loop goes on, and memory holds a row of it", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const store = await openStore({ file, warn });
  const session = sessionOf();
  await store.sessions.add(session);
  await store.transcripts.open(openingOf(key, { sessionId: session.id }));
  const chunk = randomBytes(64 * 1024);
  const count = 640;
  for (let at = 0; at < count; at += 1) {
    chunk.writeUInt32LE(at);
    await append(store, key, { kind: "reply-body", at, data: Buffer.from(chunk) });
  }
  await close(store, key, endingOf({ responseBytes: count * chunk.length }));
  const loop = monitorEventLoopDelay({ resolution: 5 });
  const before = process.memoryUsage().rss;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - before);
  }, 5);
  loop.enable();
  await store.compacted();
  loop.disable();
  clearInterval(watch);
  // All of it at once took most of a second, and several times its size.
  expect(loop.percentile(99) / 1e6).toBeLessThan(250);
  expect(most).toBeLessThan(count * chunk.length * 1.5);
  expect((await store.record.verify()).problems).toEqual([]);
  const read = await store.exchanges.frames(key);
  expect(read.filter(({ kind }) => kind === "reply-body")).toHaveLength(count);
  await store.close();
}, 60_000);

test("100,000 exchanges wait to be made smaller; those beyond are left to the next start", async () => {
  for (const [count, through] of [
    [100_000, 3],
    [100_001, 0],
  ] as const) {
    const database = openSqlite(":memory:");
    database.exec(
      `CREATE TABLE exchanges (key, session, frames); CREATE TABLE frames (id, previous, data);
       CREATE TABLE endings (key, last_frame, frames); CREATE TABLE ended (compacted INTEGER);
       INSERT INTO ended VALUES (NULL)`,
    );
    const compaction = createCompaction({
      database,
      group: { add: () => {}, hold() {}, release() {}, close() {} },
      chunks: { expand: (row) => row, find: () => undefined, add: () => 0, forget() {} },
      warn,
      after: 60_000,
    });
    database.exec("INSERT INTO endings VALUES (3, NULL, NULL)");
    for (let at = 0; at < count; at += 1) compaction.ended(BigInt(at + 10), 9_000);
    await compaction.idle();
    await compaction.stop();
    const noted = database.prepare("SELECT compacted FROM ended").pluck().get();
    expect(noted ?? 0).toBe(through);
    database.close();
  }
});
