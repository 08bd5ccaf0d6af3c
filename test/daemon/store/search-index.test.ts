import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { migrations } from "../../../src/daemon/store/migrations.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { close, frameOf, openingOf, sessionOf } from "../../contracts/records.js";
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
  const database = new Database(file, { readonly: true });
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

test("a store indexed before single characters were words is indexed anew", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const first = await openStore({ file, warn, read: readFrames });
  const session = sessionOf();
  await first.sessions.add(session);
  const frames = [frameOf("request-body", 1, "请退款")];
  await first.transcripts.open(openingOf(key, { sessionId: session.id, frames }));
  await close(first, key);
  await first.indexed();
  await first.close();
  const old = new Database(file);
  old.exec("INSERT INTO said (said) VALUES ('delete-all')");
  old.prepare("INSERT INTO said (rowid, text) VALUES (?, ?)").run(key, "请退款");
  old.pragma(`user_version = ${migrations.length - 1}`);
  old.close();
  const second = await openStore({ file, warn, read: readFrames });
  expect(second.sessions.unindexed()).toBe(1);
  expect(await found(second, "退款")).toBe(1);
  expect((await second.record.verify()).problems).toEqual([]);
  await second.close();
});
