/** A page that cannot be read, wherever it is, stops no start, and nothing of the file is thrown away. */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { close, endingOf, frameOf, openingOf, sessionOf } from "../../contracts/records.js";
import { temporaryFolder } from "./temporary-folder.js";

const key = BigInt(Date.now()) << 22n;
const exchanges = 40n;
const read = () => ({ text: "needle in the hay ".repeat(50), calls: ["shell"] });

/** A record with something in every table, several pages deep. */
async function record(file: string): Promise<void> {
  const warn = (message: string) => expect.fail(message);
  const store = await openStore({ file, warn, read });
  for (let at = 0n; at < exchanges; at += 1n) {
    const session = sessionOf();
    await store.sessions.add(session);
    const frames = [frameOf("request-body", 1, `body ${at} `.repeat(150))];
    await store.transcripts.open(openingOf(key + at, { sessionId: session.id, frames }));
    await close(store, key + at, endingOf());
  }
  await store.indexed();
  await store.compacted();
  await store.close();
}

/** Which table or index each page that is a tree's root belongs to. */
function rootsOf(file: string): ReadonlyMap<number, string> {
  const database = openSqlite(file, { readonly: true });
  const rows = database
    .prepare<[], readonly [number, string]>("SELECT rootpage, name FROM sqlite_schema")
    .raw()
    .all();
  database.close();
  return new Map(rows);
}

test("any page of the file may be damaged: a start goes on, with the record kept aside or as it was", async () => {
  const folder = temporaryFolder();
  const whole = join(folder, "whole.db");
  await record(whole);
  const bytes = readFileSync(whole);
  const size = bytes.readUInt16BE(16);
  const outcomes = new Map<string, number>();
  for (let page = 1; page <= bytes.length / size; page += 1) {
    const place = temporaryFolder();
    const file = join(place, "hoopx.db");
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, (page - 1) * size, page * size);
    writeFileSync(file, damaged);
    const said: string[] = [];
    const store = await openStore({ file, warn: (message) => said.push(message), read });
    await store.sessions.add(sessionOf());
    const aside = readdirSync(place).filter((name) => name.includes(".corrupt-"));
    const kept = said.some((message) => message.includes("kept aside"));
    expect(aside.length > 0, `page ${page}`).toBe(kept);
    const outcome = kept
      ? "aside"
      : said.some((message) => message.includes("made again"))
        ? "index"
        : "on";
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (kept) {
      expect(readFileSync(join(place, aside[0] ?? "")).subarray(0, 8)).toEqual(
        damaged.subarray(0, 8),
      );
    }
    await store.close().catch(() => undefined);
  }
  expect([...outcomes.keys()].sort()).toEqual(["aside", "index", "on"]);
}, 180_000);

test("where the search index alone is damaged the record stays, and the index is made again", async () => {
  const folder = temporaryFolder();
  const whole = join(folder, "whole.db");
  await record(whole);
  const bytes = readFileSync(whole);
  const size = bytes.readUInt16BE(16);
  for (const [root, name] of rootsOf(whole)) {
    if (root === 0 || !/^(said|indexed|session_facts)/.test(name)) continue;
    const file = join(temporaryFolder(), "hoopx.db");
    copyFileSync(whole, file);
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, (root - 1) * size, root * size);
    writeFileSync(file, damaged);
    const said: string[] = [];
    const store = await openStore({ file, warn: (message) => said.push(message), read });
    expect(await store.sessions.list({ limit: 100 })).toHaveLength(Number(exchanges));
    expect((await store.record.verify()).problems, name).toEqual([]);
    if (said.some((message) => message.includes("made again"))) {
      await store.indexed();
      expect(await store.sessions.list({ limit: 100, search: "needle" })).toHaveLength(
        Number(exchanges),
      );
    }
    await store.close();
  }
}, 120_000);
