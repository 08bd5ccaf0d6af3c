// What the record can do as a whole: how fast it is verified (MB of frames a
// second, of one core, after the file is in the page cache), and what a
// conversation costs that is sent again whole with each turn.
//   node bench/record.js [--mb N] [--dir DIR]
import { readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildStore } from "./built-store.js";

const { values } = parseArgs({
  options: { mb: { type: "string", default: "200" }, dir: { type: "string", default: tmpdir() } },
});
const { folder, openStore, Database, dispose } = await buildStore(values.dir);
const file = join(folder, "hoopx.db");
const store = await openStore({ file, warn: console.error });

try {
  for (const body of [1024, 16 * 1024]) await verifyOf(body);
  await curve();
} finally {
  await store.close();
  dispose();
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

/** A conversation of 200 turns, each sent with all before it: what was sent, said anew, and stored. */
async function curve() {
  const words = readFileSync(new URL("./README.md", import.meta.url), "utf8").split(/\s+/);
  const own = join(folder, "curve.db");
  const record = await openStore({ file: own, warn: console.error });
  const session = sessionOf();
  await record.sessions.add(session);
  const messages = [];
  let sent = 0;
  let said = 0;
  console.log("\nturns   sent MB   said anew MB   stored MB   of what was said");
  for (let turn = 1; turn <= 200; turn += 1) {
    const text = Array.from(
      { length: 250 },
      (_, at) => words[(turn * 7919 + at * at) % words.length],
    );
    messages.push({ role: turn % 2 === 0 ? "assistant" : "user", content: text.join(" ") });
    const body = Buffer.from(JSON.stringify({ model: "gpt-4o-mini", input: messages, tools: [] }));
    const key = (BigInt(Date.now()) << 22n) + BigInt(turn);
    await record.transcripts.open({
      ...{ key, sessionId: session.id, seq: turn, connection: "openai", process: null },
      ...{ startedAt: new Date(), operation: null, decision: null, requestBytes: body.length },
      frames: [{ kind: "request-body", at: 1, data: body }],
    });
    const ending = { status: 200, firstByteAt: 1, endedAt: 2, responseBytes: 0, tokens: null };
    await new Promise((done) => {
      record.transcripts.close(key, { ...ending, error: null, masked: [] }, done);
    });
    sent += body.length;
    said += text.join(" ").length;
    if (![10, 50, 100, 200].includes(turn)) continue;
    await record.compacted();
    const reader = new Database(own, { readonly: true });
    const stored = reader
      .prepare(
        `SELECT (SELECT sum(length(frames)) FROM exchanges) + (SELECT sum(length(data)) FROM pieces)`,
      )
      .pluck()
      .get();
    reader.close();
    const mb = (bytes) => (bytes / 1e6).toFixed(2);
    console.log(
      `${String(turn).padStart(5)} ${mb(sent).padStart(9)} ${mb(said).padStart(14)} ${mb(stored).padStart(11)}   ${(stored / said).toFixed(2)}`,
    );
  }
  await record.close();
}

function sessionOf() {
  const now = new Date();
  return {
    ...{ id: "ses_bench", tokenDigest: new Uint8Array(32), title: null, labels: {} },
    identity: { issuer: "os:bench", subject: "bench", email: null, groups: [], profile: null },
    process: {
      ...{ pid: 1, pidStart: null, runnerPid: 1, runnerStart: null, command: "bench", cwd: "/" },
      ...{ host: "bench", user: "bench", git: null, ci: null },
    },
    ...{ processCheck: "unavailable", connections: [], credentials: [], startedAt: now },
    ...{ expiresAt: now, policyHash: "", status: "active", endedAt: null, exitCode: null },
  };
}
