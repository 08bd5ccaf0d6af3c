/**
 * `kill -9` of the daemon and of `run` at random moments, 50 times in all:
 * every byte that the agent was given is in the transcript (SECURITY.md C1).
 * The agent writes down each byte the moment it has it; the record is read
 * from the database that the killed daemon left.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exchangeKeyOf } from "../../src/daemon/model/exchange.js";
import { openSqlite } from "../../src/daemon/store/sqlite.js";
import { openStore } from "../../src/daemon/store/sqlite-store.js";
import { alive, createHome, eventually, type TestHome } from "../support/home.js";
import { type ModelApi, startModelApi } from "../support/model-api.js";

let api: ModelApi;
let home: TestHome;
let eaten: string;

beforeAll(async () => {
  api = await startModelApi({ paceMs: 1 });
  home = createHome();
  eaten = mkdtempSync(join(tmpdir(), "hoopx-eaten-"));
  await home.connect(api.baseUrl, "sk-kill-0123456789abcdef");
});
afterAll(async () => {
  rmSync(eaten, { recursive: true, force: true });
  await home.dispose();
  await api.close();
});

/** Each kills the daemon once and `run` once. */
const rounds = 25;

const eatenBytes = () =>
  readdirSync(eaten).reduce((sum, name) => sum + readFileSync(join(eaten, name)).length, 0);

/** A moment later than the next byte, by up to 40 ms. */
async function somewhere(): Promise<void> {
  const before = eatenBytes();
  await eventually(eatenBytes, (bytes) => bytes > before);
  await pause(Math.random() * 40);
}

test("no delivered byte is missing after 50 kills", { timeout: 400_000 }, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const running = home.agent("devour.mjs", [eaten]);
    await running.shows("\n");
    await somewhere();
    process.kill((await home.daemon()).pid, "SIGKILL");
    // `run` starts it again, and the same agent eats on.
    const before = readdirSync(eaten).length;
    await eventually(
      () => readdirSync(eaten).length,
      (exchanges) => exchanges > before,
    );
    await somewhere();
    running.child.kill("SIGKILL");
    await endOf(Number(running.stdout()));
  }
  process.kill((await home.daemon()).pid, "SIGKILL");

  const delivered = readdirSync(eaten);
  expect(delivered.length).toBeGreaterThanOrEqual(2 * rounds);
  const { file, missing } = await missingFrom(delivered);
  expect(missing).toEqual([]);

  const database = openSqlite(file, { readonly: true });
  expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
  database.close();
  // The next start finds it whole, and says of what was cut short that it was.
  const sessions = await home.json<{ status: string }[]>(["sessions"]);
  expect(sessions).toHaveLength(rounds);
  expect(sessions.every(({ status }) => status !== "active")).toBe(true);
});

/** The orphaned agent meets a dead token and ends. */
async function endOf(agent: number): Promise<void> {
  try {
    await eventually(
      () => alive(agent),
      (lives) => !lives,
    );
  } finally {
    if (alive(agent)) process.kill(agent, "SIGKILL");
  }
}

/** Exchanges whose delivered bytes are not the beginning of what the record has. */
async function missingFrom(exchanges: readonly string[]) {
  const data = join(home.path, "data");
  const file = join(data, readdirSync(data).find((name) => name.endsWith(".db")) ?? "");
  const store = await openStore({ file, warn: () => {} });
  const missing: string[] = [];
  for (const id of exchanges) {
    const delivered = readFileSync(join(eaten, id));
    const frames = await store.exchanges.frames(exchangeKeyOf(id) ?? -1n);
    const recorded = Buffer.concat(
      frames.filter(({ kind }) => kind === "reply-body").map(({ data }) => Buffer.from(data)),
    );
    if (!recorded.subarray(0, delivered.length).equals(delivered)) {
      missing.push(`${id}: delivered ${delivered.length}, recorded ${recorded.length}`);
    }
  }
  await store.close();
  return { file, missing };
}
