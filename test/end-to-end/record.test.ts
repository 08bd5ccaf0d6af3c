/**
 * The record proven: a real agent's sessions verify, through the built program;
 * copies that somebody changed do not, and it is named how.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { RecordVerifyView } from "../../src/contract/record-views.js";
import type { SessionView } from "../../src/contract/views.js";
import { type Database, openSqlite } from "../../src/daemon/store/sqlite.js";
import { connectedHome } from "../support/connected-home.js";
import { eventually } from "../support/home.js";

const key = "sk-real-4f1c9b7be2d84c1f93aa57c6a0d1e8b2";
const { home } = await connectedHome(key);

beforeAll(async () => {
  for (const args of [[], ["--stream"]]) await home.agent("agent.mjs", args).done;
  // Sealed: which happens soon after a session ended.
  await eventually(verify, ({ sealed }) => sealed !== null);
});

async function verify(...args: string[]): Promise<RecordVerifyView> {
  const { stdout } = await home.hoopx(["sessions", "verify", ...args, "--json"]);
  return JSON.parse(stdout);
}

let copies = 0;
/** A copy of the record as it is now, to do something to. */
async function copyOf(change: (database: Database) => void): Promise<string> {
  copies += 1;
  const file = join(home.path, `copy-${copies}.db`);
  const own = openSqlite(join(home.path, "data/hoopx.db"), { readonly: true });
  await own.backup(file);
  own.close();
  const database = openSqlite(file);
  database.pragma("journal_mode = DELETE");
  change(database);
  database.close();
  return file;
}

const kinds = ({ problems }: RecordVerifyView) => problems.map(({ kind }) => kind);

test("what the agents did is as it was written, and signed", async () => {
  const { code, stdout } = await home.hoopx(["sessions", "verify"]);
  expect(stdout).toContain("the record is as it was written");
  expect(code).toBe(0);
  const view = await verify("last");
  expect(view).toMatchObject({ ok: true, problems: [], unsigned: null });
  expect(view.records).toBeGreaterThan(8);
});

test("one flipped byte, a removed row, two swapped rows: each is named", async () => {
  const bytes = readFileSync(await copyOf(() => {}));
  const at = bytes.lastIndexOf("How is the weather in Lisbon?");
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const flipped = join(home.path, "flipped.db");
  writeFileSync(flipped, bytes);
  expect(kinds(await verify("--file", flipped))).toEqual(["edited"]);

  const removed = await copyOf((database) => {
    database.exec("DELETE FROM endings WHERE key = (SELECT min(key) FROM endings)");
  });
  const { stdout, code } = await home.hoopx(["sessions", "verify", "--file", removed]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/ending exc_\w+ is missing: it was taken out/);

  const swapped = await copyOf((database) => {
    database.exec(`
      CREATE TEMP TABLE two AS SELECT key FROM exchanges ORDER BY key LIMIT 2;
      UPDATE exchanges SET key = -1 WHERE key = (SELECT min(key) FROM two);
      UPDATE exchanges SET key = (SELECT min(key) FROM two) WHERE key = (SELECT max(key) FROM two);
      UPDATE exchanges SET key = (SELECT max(key) FROM two) WHERE key = -1;`);
  });
  expect(kinds(await verify("--file", swapped))).toEqual(["reordered", "reordered"]);
});

test("an end that was cut off shows by a head kept elsewhere", async () => {
  const { head } = await verify();
  const cut = await copyOf((database) => {
    database.exec("DELETE FROM seals");
    database.exec(`DELETE FROM changes WHERE place = ${head.place}`);
  });
  const found = await verify("--file", cut, "--head", `${head.place}:${head.hash}`);
  expect(kinds(found)).toContain("cut");
});

test("pruned sessions leave a record that verifies", async () => {
  const before = await home.json<SessionView[]>(["sessions"]);
  expect(before).toHaveLength(2);
  await eventually(
    async () => {
      const { code } = await home.hoopx(["sessions", "prune", "--older-than", "1s"]);
      return code === 0 ? home.json<SessionView[]>(["sessions"]) : before;
    },
    (left) => left.length === 0,
  );
  expect(await verify()).toMatchObject({ ok: true, problems: [] });
  await home.agent("agent.mjs", []).done;
  expect(await verify()).toMatchObject({ ok: true, problems: [] });
});
