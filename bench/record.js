// What the record can do as a whole: how fast it is verified (MB of frames a
// second, after the file is in the page cache), and what a conversation costs
// that is sent again whole with each turn.
//   node bench/record.js [--mb N] [--dir DIR]
import { readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { buildRecord, recordExchange, sessionOf } from "./record-builder.js";

const { values } = parseArgs({
  options: { mb: { type: "string", default: "200" }, dir: { type: "string", default: tmpdir() } },
});
const bytes = Number(values.mb) * 1e6;
const record = await buildRecord(values.dir, "record");
// A text that stays as it is, so that figures of different days compare.
const words = readFileSync(new URL("../LICENSE", import.meta.url), "utf8").split(/\s+/);
const key = Buffer.alloc(32, "key");
let last = BigInt(Date.now()) << 22n;

try {
  for (const body of [1024, 16 * 1024]) {
    await verifyOf(`bodies of ${body} bytes`, (store) => strangers(store, body));
  }
  await verifyOf("the same, encrypted", (store) => strangers(store, 16 * 1024), { key });
  await verifyOf("streams of sessions, compacted", streams);
  await verifyOf("conversations sent again, compacted", conversations);
  await curve();
} finally {
  record.remove();
}

/** Fills a record and verifies all of it: the second time, so that the file is in memory. */
async function verifyOf(name, fill, options = {}) {
  const file = `${name.replaceAll(/\W+/g, "-")}.db`;
  const store = await record.open(file, options);
  await fill(store);
  await store.compacted();
  await store.record.verify();
  const before = process.cpuUsage();
  const began = performance.now();
  const report = await store.record.verify();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  await store.close();
  if (report.problems.length > 0) throw new Error("the record is not as it was written");
  const mb = report.bytes / 1e6;
  console.log(
    `verify, ${name} (${report.records} records, ${mb.toFixed(0)} MB of frames, ` +
      `file ${(statSync(record.pathOf(file)).size / 1e6).toFixed(0)} MB): ` +
      `${(mb / seconds).toFixed(0)} MB/s, ${(mb / ((user + system) / 1e6)).toFixed(0)} MB a second of CPU`,
  );
}

/** Exchanges of no session, which nothing makes smaller, with that many bytes each way. */
async function strangers(store, size) {
  const data = Buffer.alloc(size, "a sentence of a conversation, ");
  const waiting = [];
  for (let sum = 0; sum < bytes; sum += 2 * size) {
    last += 1n;
    waiting.push(recordExchange(store, { key: last, request: data, reply: [data] }));
    if (waiting.length >= 200) await Promise.all(waiting.splice(0));
  }
  await Promise.all(waiting);
}

/** Replies of 200 events each, all of them new. */
async function streams(store) {
  for (let sum = 0, place = 0; sum < bytes; place += 1) {
    const session = sessionOf(`ses_${place}`, new Date());
    await store.sessions.add(session);
    for (let seq = 1; seq <= 50; seq += 1) {
      last += 1n;
      const request = Buffer.from(JSON.stringify({ input: textOf(place * 50 + seq, 250) }));
      const reply = textOf(place * 31 + seq, 200)
        .split(" ")
        .map((delta, at) => Buffer.from(eventOf(delta, place * 1e6 + seq * 1e3 + at)));
      sum += request.length + reply.reduce((total, { length }) => total + length, 0);
      await recordExchange(store, { key: last, sessionId: session.id, seq, request, reply });
    }
  }
}

/** Conversations of 100 turns, each sent with all before it. */
async function conversations(store) {
  for (let sum = 0, place = 0; sum < bytes; place += 1) {
    const session = sessionOf(`ses_${place}`, new Date());
    await store.sessions.add(session);
    sum += await conversation(store, session.id, 100, place);
  }
}

/** What a conversation of 200 turns sends, says anew, and takes in the record. */
async function curve() {
  const store = await record.open("curve.db");
  const session = sessionOf("ses_bench", new Date());
  await store.sessions.add(session);
  const shown = [10, 50, 100, 200];
  const rows = [];
  await conversation(store, session.id, 200, 0, async (turn, sent, said) => {
    if (!shown.includes(turn)) return;
    await store.compacted();
    const reader = record.reader("curve.db");
    const stored = reader
      .prepare(
        `SELECT (SELECT sum(length(frames)) FROM exchanges) + (SELECT sum(length(data)) FROM pieces)`,
      )
      .pluck()
      .get();
    reader.close();
    const mb = (size) => (size / 1e6).toFixed(2);
    rows.push(
      `${String(turn).padStart(5)} ${mb(sent).padStart(9)} ${mb(said).padStart(14)} ${mb(stored).padStart(11)}   ${(stored / said).toFixed(2)}`,
    );
  });
  await store.close();
  console.log("\nturns   sent MB   said anew MB   stored MB   of what was said");
  for (const row of rows) console.log(row);
}

/** Records so many turns; gives the bytes that were sent, after each turn also to `told`. */
async function conversation(store, sessionId, turns, seed, told = async () => {}) {
  const messages = [];
  let sent = 0;
  let said = 0;
  for (let turn = 1; turn <= turns; turn += 1) {
    const content = textOf(turn * 7919 + seed * 104_729, 250);
    messages.push({ role: turn % 2 === 0 ? "assistant" : "user", content });
    const request = Buffer.from(
      JSON.stringify({ model: "gpt-4o-mini", input: messages, tools: [] }),
    );
    last += 1n;
    await recordExchange(store, { key: last, sessionId, seq: turn, request, reply: [] });
    sent += request.length;
    said += content.length;
    await told(turn, sent, said);
  }
  return sent;
}

function textOf(seed, length) {
  return Array.from({ length }, (_, at) => words[(seed + at * at) % words.length]).join(" ");
}

function eventOf(delta, sequence) {
  const data = { type: "response.output_text.delta", sequence_number: sequence, delta };
  return `event: response.output_text.delta\ndata: ${JSON.stringify(data)}\n\n`;
}
