// What the record can do as a whole: how fast it is verified (MB of frames a
// second, of one core, after the file is in the page cache).
//   node bench/record.js [--mb N] [--dir DIR]
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { values } = parseArgs({
  options: { mb: { type: "string", default: "200" }, dir: { type: "string", default: tmpdir() } },
});
const folder = mkdtempSync(join(values.dir, "hoopx-bench-record-"));
const source = fileURLToPath(new URL("../src/daemon/store", import.meta.url));
const native = pathToFileURL(createRequire(import.meta.url).resolve("better-sqlite3")).href;
await build({
  entryPoints: [join(source, "sqlite-store.ts")],
  outfile: join(folder, "store.mjs"),
  bundle: true,
  format: "esm",
  platform: "node",
  alias: { "better-sqlite3": native },
  external: [native],
});
const { openStore } = await import(pathToFileURL(join(folder, "store.mjs")).href);
const file = join(folder, "hoopx.db");
const store = await openStore({ file, warn: console.error });

try {
  for (const body of [1024, 16 * 1024]) await verifyOf(body);
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}

/** Fills the record with exchanges of that many bytes each way, and verifies all of it. */
async function verifyOf(bytes) {
  const data = Buffer.alloc(bytes, "a sentence of a conversation, ");
  let key = BigInt(Date.now()) << 22n;
  const waiting = [];
  for (let sum = 0; sum < (Number(values.mb) * 1e6) / 2; sum += 2 * bytes) {
    key += 1n;
    const own = key;
    waiting.push(
      store.transcripts.open({
        key: own,
        sessionId: null,
        seq: 1,
        connection: "openai",
        process: null,
        startedAt: new Date(),
        operation: null,
        decision: null,
        requestBytes: bytes,
        frames: [{ kind: "request-body", at: 1, data }],
      }),
      new Promise((resolve) => {
        store.transcripts.append(own, { kind: "reply-body", at: 2, data }, () => {});
        const ending = { status: 200, firstByteAt: 1, endedAt: 2, responseBytes: bytes };
        const rest = { tokens: null, error: null, masked: [] };
        store.transcripts.close(own, { ...ending, ...rest }, resolve);
      }),
    );
    if (waiting.length >= 400) await Promise.all(waiting.splice(0));
  }
  await Promise.all(waiting);
  await store.record.verify();
  const before = process.cpuUsage();
  const began = performance.now();
  const report = await store.record.verify();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  if (report.problems.length > 0) throw new Error("the record is not as it was written");
  const mb = report.bytes / 1e6;
  console.log(
    `verify, bodies of ${bytes} bytes (${report.records} records, ${mb.toFixed(0)} MB of frames, file ${(statSync(file).size / 1e6).toFixed(0)} MB): ` +
      `${(mb / seconds).toFixed(0)} MB/s, ${(mb / ((user + system) / 1e6)).toFixed(0)} MB a second of CPU`,
  );
}
