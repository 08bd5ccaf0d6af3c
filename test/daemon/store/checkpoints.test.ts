import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createCheckpoints } from "../../../src/daemon/store/checkpoints.js";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { append, close, openingOf } from "../../contracts/records.js";
import { built } from "./built.js";
import { temporaryFolder } from "./temporary-folder.js";

const megabyte = 1024 * 1024;
const key = BigInt(Date.now()) << 22n;

test("the worker keeps the log short under constant load, and loses nothing", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "hoopx.db");
  const checkpointer = pathToFileURL(await built("src/daemon/store/checkpointer.ts", folder));
  const warnings: string[] = [];
  const store = await openStore({ file, checkpointer, warn: (message) => warnings.push(message) });
  await store.transcripts.open(openingOf(key, { frames: [] }));
  const data = Buffer.alloc(megabyte / 2, "z");
  const frames = 640;
  // Two lanes, so that a write always waits: the log cannot start anew by itself.
  const lane = async () => {
    for (let count = 0; count < frames / 2; count += 1) {
      await append(store, key, { kind: "reply-body", at: count, data });
    }
  };
  await Promise.all([lane(), lane()]);
  // 320 MB were written; without a fresh start the log would be as long.
  expect(statSync(`${file}-wal`).size).toBeLessThan(200 * megabyte);
  expect(statSync(file).size).toBeGreaterThan(100 * megabyte);
  await close(store, key);
  await store.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
  expect(warnings).toEqual([]);

  const database = openSqlite(file, { readonly: true });
  expect(database.prepare("SELECT count(*) FROM frames").pluck().get()).toBe(frames);
  expect(database.pragma("quick_check", { simple: true })).toBe("ok");
  database.close();
});

test("without a worker that runs, this thread does it, and it is said", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "hoopx.db");
  const broken = join(folder, "broken.mjs");
  writeFileSync(broken, "throw new Error('no worker here')");
  let warned = (_: string) => {};
  const warning = new Promise<string>((resolve) => {
    warned = resolve;
  });
  const store = await openStore({
    file,
    checkpointer: pathToFileURL(broken),
    warn: (m) => warned(m),
  });
  await store.transcripts.open(openingOf(key, { frames: [] }));
  const data = Buffer.alloc(megabyte, "z");
  const writeSome = async (count: number) => {
    for (let at = 0; at < count; at += 1)
      await append(store, key, { kind: "reply-body", at, data });
  };
  await writeSome(10);
  expect(await warning).toMatch(/checkpointer failed/);
  await writeSome(30);
  expect(statSync(file).size).toBeGreaterThan(20 * megabyte);
  await store.close();
});

/** Checkpoints over a worker that does what `onMessage` says; what the group is told goes to `calls`. */
function withWorker(onMessage: string) {
  const folder = temporaryFolder();
  const script = join(folder, "worker.mjs");
  const starts = join(folder, "starts");
  writeFileSync(
    script,
    `import { appendFileSync } from "node:fs";
     import { parentPort as port } from "node:worker_threads";
     appendFileSync(${JSON.stringify(starts)}, "x");
     port.on("message", (asked) => { ${onMessage} });`,
  );
  const database = openSqlite(join(folder, "hoopx.db"));
  onTestFinished(() => {
    database.close();
  });
  const calls: string[] = [];
  let called = (_: string) => {};
  const checkpoints = createCheckpoints({
    database,
    checkpointer: pathToFileURL(script),
    group: () => ({
      add: () => {},
      hold: () => void calls.push("hold"),
      release: () => {
        calls.push("release");
        called(calls.join());
      },
      close: () => {},
    }),
    warn: (message) => expect.fail(message),
  });
  const until = (wanted: string) =>
    new Promise<void>((resolve) => {
      called = (all) => all === wanted && resolve();
    });
  return { checkpoints, calls, until, starts: () => readFileSync(starts, "utf8").length };
}

test("once the log is long, writes wait for one more pass and no longer", async () => {
  const { checkpoints, until, starts } = withWorker(
    `if (asked === "stop") port.close(); else port.postMessage({ pages: 1_000_000 });`,
  );
  const held = until("release,hold,release");
  checkpoints.wrote(64 * megabyte);
  await held;
  await checkpoints.stop();
  expect(starts()).toBe(1);
});

test("a report that crosses the stop starts nothing anew", async () => {
  const { checkpoints, calls, starts } = withWorker(
    `if (asked === "stop") { port.postMessage({ pages: 1_000_000 }); port.close(); }`,
  );
  checkpoints.wrote(64 * megabyte);
  await checkpoints.stop();
  checkpoints.wrote(64 * megabyte);
  expect(calls).toEqual([]);
  expect(starts()).toBe(1);
});
