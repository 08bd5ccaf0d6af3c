import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { append, close, endingOf, frameOf, openingOf, sessionOf } from "../../contracts/records.js";
import { readFrames, searchStoreContract } from "../../contracts/search-store.js";
import { newSigner } from "./signer.js";
import { temporaryFolder } from "./temporary-folder.js";

const warn = (message: string, detail?: unknown) => {
  throw new Error(`unexpected warning: ${message} ${String(detail)}`);
};
const key = BigInt(Date.now()) << 22n;

searchStoreContract("a database in memory", () =>
  openStore({ file: ":memory:", warn, read: readFrames }),
);

const found = async (store: Awaited<ReturnType<typeof openStore>>, search: string) =>
  (await store.sessions.list({ limit: 9, search })).length;

test("what ended before this could search, or was not indexed when the daemon ended", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const first = await openStore({ file, warn, read: readFrames });
  const session = sessionOf();
  await first.sessions.add(session);
  for (const [place, word] of ["alpha", "beta"].entries()) {
    const own = key + BigInt(place);
    const frames = [frameOf("request-body", 1, word)];
    await first.transcripts.open(openingOf(own, { sessionId: session.id, frames }));
    await close(first, own);
  }
  await first.close();
  const second = await openStore({ file, warn, read: readFrames });
  expect(await found(second, "alpha")).toBe(1);
  await second.indexed();
  await second.close();
  let read = 0;
  const third = await openStore({
    file,
    warn,
    read(...given) {
      read += 1;
      return readFrames(...given);
    },
  });
  expect(await found(third, "beta")).toBe(1);
  expect(read).toBe(0);
  expect((await third.record.verify()).problems).toEqual([]);
  await third.close();
});

test("a search misses nothing of thousands that wait, of before the start and of now", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const session = sessionOf();
  let count = 0n;
  const say = async (store: Awaited<ReturnType<typeof openStore>>, many: number, word: string) => {
    const all = Array.from({ length: many }, async () => {
      count += 1n;
      const own = key + count;
      const frames = [frameOf("request-body", 1, `${word}${count}`)];
      await store.transcripts.open(openingOf(own, { sessionId: session.id, frames }));
      await close(store, own);
    });
    await Promise.all(all);
  };
  const first = await openStore({ file, warn, read: readFrames });
  await first.sessions.add(session);
  await say(first, 1_200, "old");
  await first.close();
  const second = await openStore({ file, warn, read: readFrames });
  await say(second, 1_200, "new");
  const words = ["old1", "old1200", "new1201", "new2400"];
  expect(await Promise.all(words.map((word) => found(second, word)))).toEqual([1, 1, 1, 1]);
  await second.close();
});

test("an index of before scripts without spaces were taken apart is made again, once", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const first = await openStore({ file, warn, read: readFrames });
  const session = sessionOf();
  await first.sessions.add(session);
  const frames = [frameOf("request-body", 1, "今天的天气很好")];
  await first.transcripts.open(openingOf(key, { sessionId: session.id, frames }));
  await close(first, key, endingOf({ tokens: { input: 7, output: 1 } }));
  await first.indexed();
  await first.close();
  const older = openSqlite(file);
  older.exec("INSERT INTO said (said) VALUES ('delete-all')");
  older.prepare("INSERT INTO said (rowid, text) VALUES (?, ?)").run(key, "今天的天气很好");
  // Back to before the last step that makes the index again, and the steps behind it undone.
  older.exec("ALTER TABLE endings DROP COLUMN estimated; DROP INDEX exchanges_outside");
  older.pragma(`user_version = ${(older.pragma("user_version", { simple: true }) as number) - 3}`);
  older.close();
  const second = await openStore({ file, warn, read: readFrames });
  expect(await found(second, "天气")).toBe(1);
  await second.close();
  const database = openSqlite(file, { readonly: true });
  const facts = database.prepare("SELECT input FROM session_facts WHERE kind = 'model'").pluck();
  expect(facts.all()).toEqual([7]);
  database.close();
});

test("an exchange that cannot be read is said and left out, the next one is not", async () => {
  const warnings: string[] = [];
  const store = await openStore({
    file: ":memory:",
    warn: (message) => warnings.push(message),
    read(record, frames) {
      if (record.key === key) throw new Error("odd");
      return readFrames(record, frames);
    },
  });
  const session = sessionOf();
  await store.sessions.add(session);
  for (const own of [key, key + 1n]) {
    const frames = [frameOf("request-body", 1, "gamma")];
    await store.transcripts.open(openingOf(own, { sessionId: session.id, frames }));
    await close(store, own);
  }
  expect(await found(store, "gamma")).toBe(1);
  expect(warnings).toEqual(["an exchange cannot be searched"]);
  await store.close();
});

test("no word of what was pruned stays in the file's index", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const store = await openStore({ file, warn, read: readFrames });
  for (const [place, word] of ["zebra", "quokka", "okapi"].entries()) {
    const own = key + BigInt(place);
    const session = sessionOf();
    await store.sessions.add(session);
    const frames = [frameOf("request-body", 1, word)];
    await store.transcripts.open(openingOf(own, { sessionId: session.id, frames }));
    await close(store, own);
    await store.indexed();
    const endedAt = new Date(place + 1);
    await store.sessions.end(session.id, { status: "ended", endedAt, exitCode: 0 });
  }
  await store.record.prune(new Date(3), newSigner());
  expect(await found(store, "okapi")).toBe(1);
  await store.close();
  const database = openSqlite(file, { readonly: true });
  const blocks = database.prepare<[], Buffer>("SELECT block FROM said_data").pluck().all();
  const index = Buffer.concat(blocks).toString("latin1");
  expect(index).toContain("okapi");
  expect(index).not.toContain("ebra");
  expect(index).not.toContain("uokka");
  database.close();
});

test("a search waits for all that just ended, however much it is", async () => {
  const store = await openStore({ file: ":memory:", warn, read: readFrames });
  const session = sessionOf();
  await store.sessions.add(session);
  for (let at = 0; at < 1_200; at += 1) {
    const own = key + BigInt(at);
    const frames = [frameOf("request-body", 1, `word${at}`)];
    await store.transcripts.open(openingOf(own, { sessionId: session.id, frames }));
    await close(store, own);
  }
  expect(store.sessions.unindexed()).toBeGreaterThan(1_000);
  expect(await found(store, "word1199")).toBe(1);
  expect(store.sessions.unindexed()).toBe(0);
  await store.close();
});

test("4 MB of an exchange are read to be found by its words; of a larger one its request, or its facts alone", async () => {
  const session = sessionOf();
  const most = 4 << 20;
  const given: string[][] = [];
  const store = await openStore({
    file: ":memory:",
    warn,
    read(_record, frames) {
      given.push(frames.map(({ kind }) => kind));
      return { text: "", calls: [] };
    },
  });
  await store.sessions.add(session);
  const sizes: readonly (readonly [request: number, reply: number])[] = [
    [most - 10, 10],
    [most - 10, 11],
    [most + 1, 0],
  ];
  for (const [place, [requestBytes, responseBytes]] of sizes.entries()) {
    const own = key + BigInt(place);
    const frames = [frameOf("request-body", 1, "q")];
    const opening = { ...openingOf(own, { sessionId: session.id, frames }), requestBytes };
    await store.transcripts.open(opening);
    await append(store, own, frameOf("reply-body", 2, "a"));
    await close(store, own, { ...endingOf(), responseBytes });
    await store.indexed();
  }
  expect(given).toEqual([["request-body", "reply-body"], ["request-body"], []]);
  await store.close();
});

test("512 K characters of an exchange are indexed", async () => {
  const session = sessionOf();
  const said = `${"a ".repeat((512 * 1024) / 2 - 4)} inside beyond`;
  const store = await openStore({
    file: ":memory:",
    warn,
    read: () => ({ text: said, calls: [] }),
  });
  await store.sessions.add(session);
  const frames = [frameOf("request-body", 1, "q")];
  await store.transcripts.open(openingOf(key, { sessionId: session.id, frames }));
  await close(store, key);
  expect(said.indexOf("beyond")).toBe(512 * 1024);
  expect(await found(store, "inside")).toBe(1);
  expect(await found(store, "beyond")).toBe(0);
  await store.close();
});
