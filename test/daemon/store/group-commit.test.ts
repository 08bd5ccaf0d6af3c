import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { beforeEach, expect, test } from "vitest";
import { createChain } from "../../../src/daemon/store/chain.js";
import { createGroupCommit, type GroupCommit } from "../../../src/daemon/store/group-commit.js";
import { migrate } from "../../../src/daemon/store/schema.js";
import { type Database, openSqlite } from "../../../src/daemon/store/sqlite.js";
import type { Store } from "../../../src/daemon/store/store.js";
import { createTranscripts, type Transcripts } from "../../../src/daemon/store/transcripts.js";
import { append, close, frameOf, openingOf } from "../../contracts/records.js";
import { temporaryFolder } from "./temporary-folder.js";

let database: Database;
let transcripts: Transcripts;
let group: GroupCommit;
let told: string[];
let warnings: unknown[];
let commits: number[];

beforeEach(() => {
  database = openSqlite(join(temporaryFolder(), "group.db"));
  database.pragma("journal_mode = WAL");
  database.exec("CREATE TABLE words (word TEXT NOT NULL UNIQUE, filler BLOB)");
  migrate(database);
  transcripts = createTranscripts(database, createChain(database));
  told = [];
  warnings = [];
  commits = [];
  group = createGroupCommit({
    database,
    transaction: transcripts.transaction,
    wrote: (bytes) => commits.push(bytes),
    warn: (_, detail) => warnings.push(detail),
  });
  return () => {
    database.close();
  };
});

/** A write of one word; what it is told goes to `told`. */
function word(text: string | null, size = 1, then = () => {}): void {
  const insert = database.prepare("INSERT INTO words VALUES (?, zeroblob(?))");
  group.add({
    apply: () => insert.run(text, size),
    size,
    durable(error) {
      const code = error === undefined ? "" : `: ${(error as NodeJS.ErrnoException).code}`;
      told.push(`${text}${code}`);
      then();
    },
  });
}

const words = () => database.prepare("SELECT word FROM words ORDER BY rowid").pluck().all();

test("writes of one turn share a transaction and are told in their order", async () => {
  word("a", 10);
  word("b", 20);
  expect(words()).toEqual([]);
  await turn();
  expect(told).toEqual(["a", "b"]);
  expect(words()).toEqual(["a", "b"]);
  expect(commits).toEqual([30]);
});

test("a write that is wrong in itself fails alone", async () => {
  word("a");
  word("a");
  word(null);
  word("b");
  await turn();
  expect(told).toEqual([
    "a",
    "a: SQLITE_CONSTRAINT_UNIQUE",
    "null: SQLITE_CONSTRAINT_NOTNULL",
    "b",
  ]);
  expect(words()).toEqual(["a", "b"]);
});

test("a waiter that throws stops no other, and is said", async () => {
  const thrown = new Error("waiter");
  word("a", 1, () => {
    throw thrown;
  });
  word("b");
  await turn();
  expect(told).toEqual(["a", "b"]);
  expect(warnings).toEqual([thrown]);
});

test("a write added by a waiter comes in a later turn", async () => {
  word("a", 1, () => word("b"));
  await turn();
  expect(words()).toEqual(["a"]);
  await turn();
  expect(words()).toEqual(["a", "b"]);
});

test("what is too much for one transaction goes over several, in order", async () => {
  for (let count = 0; count < 300; count += 1) word(`w${count}`);
  word("large", 3_000_000);
  word("after");
  await turn();
  const first = told.length;
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(300);
  while (told.length < 302) await turn();
  expect(words()).toEqual(
    [...Array(300).keys()].map((count) => `w${count}`).concat("large", "after"),
  );
  expect(commits.length).toBeGreaterThan(3);
});

test("small frames of a stream share a transaction by their bytes, however many they are", async () => {
  const told: number[] = [];
  for (let count = 0; count < 2_000; count += 1) {
    group.add({ apply() {}, size: 100, joins: true, durable: () => told.push(count) });
  }
  word("after");
  await turn();
  expect(told.length).toBeGreaterThan(1_000);
  expect(told.length).toBeLessThan(2_000);
  await turn();
  expect(told).toEqual([...Array(2_000).keys()]);
  expect(words()).toEqual(["after"]);
});

test("held writes wait for the release; close writes them all the same", async () => {
  word("a");
  group.hold();
  word("b");
  await turn();
  expect(told).toEqual([]);
  group.release();
  await turn();
  expect(told).toEqual(["a", "b"]);
  group.hold();
  word("c");
  group.close();
  expect(told).toEqual(["a", "b", "c"]);
  word("d");
  await turn();
  expect(told.at(-1)).toMatch(/^d/);
  expect(words()).toEqual(["a", "b", "c"]);
});

test("a full disk fails everybody in the group, and heals", async () => {
  const pages = database.pragma("page_count", { simple: true }) as number;
  database.pragma(`max_page_count = ${pages + 8}`);
  word("small");
  word("large", 200_000);
  word("other");
  await turn();
  expect(told).toEqual(["small: SQLITE_FULL", "large: SQLITE_FULL", "other: SQLITE_FULL"]);
  expect(words()).toEqual([]);
  database.pragma(`max_page_count = ${pages + 1000}`);
  word("small");
  word("large", 200_000);
  await turn();
  expect(told.slice(3)).toEqual(["small", "large"]);
});

test("a running exchange goes on rightly after writes of it were rolled back", async () => {
  const store = { transcripts: transcripts.log(group) } as unknown as Store;
  const key = 77n << 22n;
  await store.transcripts.open(openingOf(key));
  await store.transcripts.open(openingOf(key + 2n));
  await append(store, key, frameOf("reply-body", 1, "one"));
  const last = transcripts.lastRow(key);

  const pages = database.pragma("page_count", { simple: true }) as number;
  database.pragma(`max_page_count = ${pages + 8}`);
  const big = { kind: "reply-body", at: 2, data: Buffer.alloc(400_000) } as const;
  const outcomes = await Promise.allSettled([
    store.transcripts.open(openingOf(key + 1n)),
    append(store, key, big),
    close(store, key),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(transcripts.lastRow(key)).toBe(last);
  // The first has its row already when the second's fails.
  const rows = await Promise.allSettled([
    append(store, key, frameOf("reply-body", 2, "lost")),
    append(store, key + 2n, big),
  ]);
  expect(rows.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(transcripts.lastRow(key + 1n)).toBeUndefined();

  database.pragma(`max_page_count = ${pages + 1000}`);
  await append(store, key, frameOf("reply-body", 3, "three"));
  await close(store, key);
  const chain = database.prepare("SELECT previous FROM frames ORDER BY id").pluck().all();
  expect(chain).toEqual([null, last]);
  expect(transcripts.running()).toBe(1);
});
