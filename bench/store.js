// What the record costs: CPU µs an exchange (opened, then head, body and ending
// in one turn, 1 KB each way) written alone, ten and a hundred at once, and a
// frame of 50 streams; with it how long a write took to be durable. The main
// thread's CPU comes first: the rest is the checkpointer's.
//   node bench/store.js [--exchanges N] [--dir DIR] [--encrypt]
import { readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { buildRecord } from "./record-builder.js";
import { quantile } from "./statistics.js";

const { values } = parseArgs({
  options: {
    exchanges: { type: "string", default: "20000" },
    encrypt: { type: "boolean", default: false },
    dir: { type: "string", default: tmpdir() },
  },
});
const count = Number(values.exchanges);
const record = await buildRecord(values.dir, "store");

const head = Buffer.from(`HTTP/1.1 200 OK\r\n${"x-header: some value\r\n".repeat(20)}\r\n`);
const body = Buffer.alloc(1024, "b");
const delta = Buffer.alloc(180, "d");
const operation = {
  provider: "openai",
  action: "responses.create",
  class: "inference",
  mintsCredential: false,
  method: "POST",
  path: "/v1/responses",
  model: "gpt-4o-mini",
  tools: ["get_weather"],
  stream: false,
};
let key = BigInt(Date.now()) << 22n;
let seq = 0;

function openingOf() {
  key += 1000n;
  seq += 1;
  const now = new Date();
  return {
    key,
    sessionId: "ses_0123456789abcdef",
    seq,
    connection: "openai",
    startedAt: now,
    operation,
    decision: {
      effect: "allow",
      rule: "built-in-inference",
      reason: "inference and read are allowed",
      decidedAt: now,
    },
    requestBytes: body.length,
    frames: [
      { kind: "request-head", at: 90, data: head },
      { kind: "request-body", at: 90, data: body },
    ],
  };
}

const ending = {
  status: 200,
  firstByteAt: 900,
  endedAt: 1200,
  responseBytes: 1024,
  tokens: { input: 11, output: 20 },
  error: null,
  masked: [],
};
const nothing = () => {};

async function exchange(store, waits) {
  const opening = openingOf();
  const began = performance.now();
  await store.transcripts.open(opening);
  const opened = performance.now();
  await new Promise((resolve) => {
    store.transcripts.append(opening.key, { kind: "reply-head", at: 900, data: head }, nothing);
    store.transcripts.append(opening.key, { kind: "reply-body", at: 950, data: body }, nothing);
    store.transcripts.close(opening.key, ending, resolve);
  });
  waits.push(opened - began, performance.now() - opened);
}

async function exchanges(store, total, atOnce) {
  const waits = [];
  let left = total;
  const lane = async () => {
    while (left-- > 0) await exchange(store, waits);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return waits;
}

/** Frames of 50 streams, as they come: each in whichever turn. */
async function streams(store, total) {
  const keys = [];
  for (let stream = 0; stream < 50; stream += 1) {
    const opening = openingOf();
    await store.transcripts.open(opening);
    keys.push(opening.key);
  }
  const waits = [];
  const lane = async (of) => {
    for (let frame = 0; frame < total / 50; frame += 1) {
      const began = performance.now();
      await new Promise((resolve) => {
        store.transcripts.append(of, { kind: "reply-body", at: frame, data: delta }, resolve);
      });
      waits.push(performance.now() - began);
      for (let turn = Math.random() * 20; turn > 0; turn -= 1) await new Promise(setImmediate);
    }
    await new Promise((resolve) => store.transcripts.close(of, ending, resolve));
  };
  await Promise.all(keys.map(lane));
  return waits;
}

/** CPU µs of this thread and of the whole process. */
function cpu() {
  const { user, system } = process.cpuUsage();
  const thread = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0];
  return { thread: Number(thread) / 1000, all: user + system };
}

async function measure(name, total, run) {
  const file = `${name.replaceAll(" ", "-")}.db`;
  const store = await record.open(file, {
    checkpointer: record.checkpointer,
    ...(values.encrypt && { key: Buffer.alloc(32, 1) }),
  });
  await exchanges(store, 5000, 10);
  const before = cpu();
  const began = performance.now();
  const waits = (await run(store, total)).sort((a, b) => a - b);
  const took = performance.now() - began;
  const after = cpu();
  const log = statSync(`${record.pathOf(file)}-wal`).size;
  await store.close();
  const each = (from, to) => ((to - from) / total).toFixed(1).padStart(7);
  const ms = (share) => quantile(waits, share).toFixed(2).padStart(6);
  console.log(
    `${name.padEnd(18)} ${each(before.thread, after.thread)} µs, with checkpoints ${each(before.all, after.all)};`,
    `durable in ms p50 ${ms(0.5)} p99 ${ms(0.99)} max ${ms(1)};`,
    `${Math.round((total / took) * 1000)}/s, log ${Math.round(log / 2 ** 20)} MB`,
  );
}

try {
  await measure("exchange alone", count, (store, total) => exchanges(store, total, 1));
  await measure("in tens", count, (store, total) => exchanges(store, total, 10));
  await measure("in hundreds", count, (store, total) => exchanges(store, total, 100));
  await measure("frame, 50 streams", count * 2, streams);
} finally {
  record.remove();
}
