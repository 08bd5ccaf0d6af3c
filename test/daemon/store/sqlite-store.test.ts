import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { migrations } from "../../../src/daemon/store/migrations.js";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import {
  append,
  close,
  endingOf,
  frameOf,
  openingOf,
  sessionOf,
  textOf,
} from "../../contracts/records.js";
import { reviewStoreContract } from "../../contracts/review-store.js";
import { storeContract } from "../../contracts/store.js";
import { temporaryFolder } from "./temporary-folder.js";

const silent = (message: string) => {
  throw new Error(`unexpected warning: ${message}`);
};

storeContract("a database in memory", () => openStore({ file: ":memory:", warn: silent }));
storeContract("a database file", () =>
  openStore({ file: join(temporaryFolder(), "hoopx.db"), warn: silent }),
);

reviewStoreContract("a database in memory", () => openStore({ file: ":memory:", warn: silent }));
reviewStoreContract("a database file", () =>
  openStore({ file: join(temporaryFolder(), "hoopx.db"), warn: silent }),
);

const key = BigInt(Date.now()) << 22n;

test("what was written is there after closing and opening again", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const first = await openStore({ file, warn: silent });
  const session = sessionOf();
  await first.sessions.add(session);
  await first.transcripts.open(openingOf(key, { sessionId: session.id }));
  await append(first, key, frameOf("reply-body", 5, "one"));
  await Promise.all([append(first, key, frameOf("reply-body", 6, "two")), close(first, key)]);
  await first.close();
  await first.close();
  expect(existsSync(`${file}-wal`)).toBe(false);

  const second = await openStore({ file, warn: silent });
  expect((await second.sessions.find("last"))[0]?.id).toBe(session.id);
  expect(textOf((await second.exchanges.frames(key)).slice(2))).toEqual([
    "reply-body@5:one",
    "reply-body@6:two",
  ]);
  // New rows go on after the old ones.
  await second.transcripts.open(openingOf(key + 1n, { sessionId: session.id, seq: 2 }));
  await append(second, key + 1n, frameOf("reply-body", 7, "three"));
  expect(await second.exchanges.frames(key + 1n)).toHaveLength(3);
  await second.close();
});

test("exchanges without an ending are ended as truncated at the next start, and nothing else", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const first = await openStore({ file, warn: silent });
  await first.sessions.add(sessionOf({ id: "ses_live" }));
  for (const place of [0n, 1n, 2n]) await first.transcripts.open(openingOf(key + place));
  await append(first, key, frameOf("reply-head", 30, "HTTP/1.1 200 OK\r\n\r\n"));
  await append(first, key + 1n, frameOf("reply-body", 31, "other"));
  await append(first, key, frameOf("reply-body", 40, "hello"));
  await close(first, key + 1n);
  await first.close();

  const second = await openStore({ file, warn: silent });
  const truncated = {
    ...{ status: null, tokens: null, error: "truncated", masked: [], outcome: "cut" },
  };
  expect((await second.exchanges.find(key))?.ending).toEqual({
    ...truncated,
    firstByteAt: 30,
    endedAt: 40,
    responseBytes: 5,
  });
  expect((await second.exchanges.frames(key)).map(({ at }) => at)).toEqual([10, 20, 30, 40]);
  expect((await second.exchanges.find(key + 1n))?.ending).toEqual(endingOf());
  expect((await second.exchanges.find(key + 2n))?.ending).toEqual({
    ...truncated,
    firstByteAt: null,
    endedAt: 20,
    responseBytes: 0,
  });
  expect((await second.sessions.find("ses_live"))[0]?.status).toBe("active");
  await second.close();
});

test("unfinished exchanges are found after the clock was set back", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const first = await openStore({ file, warn: silent });
  await first.transcripts.open(openingOf(key));
  await close(first, key);
  await first.close();
  const hour = 3_600_000;
  const second = await openStore({ file, warn: silent, now: () => Date.now() - hour });
  const earlier = BigInt(Date.now() - hour) << 22n;
  await second.transcripts.open(openingOf(earlier + 5n));
  await second.close();
  const third = await openStore({ file, warn: silent, now: () => Date.now() - hour });
  expect((await third.exchanges.find(earlier + 5n))?.ending?.error).toBe("truncated");
  await third.close();
});

test("the files are their owner's alone", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const umask = process.umask(0);
  try {
    const store = await openStore({ file, warn: silent });
    await store.sessions.add(sessionOf());
    for (const suffix of ["", "-wal", "-shm"]) {
      expect(statSync(`${file}${suffix}`).mode & 0o777).toBe(0o600);
    }
    await store.close();
  } finally {
    process.umask(umask);
  }
});

test.each([
  ["is no database", (bytes: Buffer) => bytes.fill("x", 0, 4096)],
  ["has a broken schema", (bytes: Buffer) => bytes.fill(0xff, 100, 4000)],
])("a file that %s is kept aside and said", async (_, damage) => {
  const folder = temporaryFolder();
  const file = join(folder, "hoopx.db");
  const first = await openStore({ file, warn: silent });
  await first.sessions.add(sessionOf());
  await first.close();
  const damaged = damage(readFileSync(file));
  writeFileSync(file, damaged);

  const warnings: string[] = [];
  const second = await openStore({ file, warn: (message) => warnings.push(message) });
  await second.sessions.add(sessionOf());
  expect(await second.sessions.list({ limit: 10 })).toHaveLength(1);
  await second.close();
  const aside = readdirSync(folder).find((name) => name.startsWith("hoopx.db.corrupt-")) ?? "";
  expect(readFileSync(join(folder, aside)).equals(damaged)).toBe(true);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(aside);
});

test("a file of the first schema keeps its sessions and exchanges, and takes new ones", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const old = openSqlite(file);
  old.exec(migrations[0] ?? "");
  old.pragma("user_version = 1");
  old.exec(`
    INSERT INTO sessions VALUES ('ses_old', x'00', NULL, '{}', 'os:desk', 'ada', NULL, '[]', 7, 8,
      NULL, 'node a.js', '/', 'desk', 'ada', '["openai"]', 1000, 2000, 'ab', 'ended', 1500, 0);
    INSERT INTO exchanges VALUES (5, 'ses_old', 1, 'openai', 1000, 3, NULL, NULL, NULL, NULL, NULL,
      NULL, NULL, NULL, NULL, 'deny', NULL, 'because', 1000, 1, NULL);
    INSERT INTO endings VALUES (5, 400, 10, 20, 3, NULL, NULL, 'policy_denied', NULL, NULL, NULL);`);
  old.close();
  const store = await openStore({ file, warn: silent });
  const [session] = await store.sessions.find("ses_old");
  expect(session).toMatchObject({
    identity: { subject: "ada", profile: null },
    process: { pid: 7, pidStart: null, git: null, ci: null },
    processCheck: "unavailable",
    credentials: [],
  });
  expect(await store.exchanges.ofSession("ses_old")).toMatchObject([
    { key: 5n, seq: 1, process: null, decision: { effect: "deny" }, ending: { status: 400 } },
  ]);
  await store.transcripts.open(openingOf(key, { sessionId: "ses_old", seq: 2 }));
  expect(await store.exchanges.lastSeq("ses_old")).toBe(2);
  await store.close();
});

test("a file that a newer hoopx wrote is left as it is", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const database = openSqlite(file);
  database.pragma("user_version = 99");
  database.close();
  const before = readFileSync(file);
  await expect(openStore({ file, warn: silent })).rejects.toThrow(/newer hoopx/);
  const after = openSqlite(file, { readonly: true });
  expect(after.pragma("user_version", { simple: true })).toBe(99);
  after.close();
  expect(before.length).toBeGreaterThan(0);
});
