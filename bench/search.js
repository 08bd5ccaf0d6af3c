// How long a search over the record takes: generated sessions with some
// exchanges each, asked through the store as the control API asks it (the list
// and what its sessions add up to). Medians of many, warm.
//   node bench/search.js [--sessions N] [--exchanges N] [--times N] [--dir DIR]
import { statSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { buildRecord, recordExchange, sessionOf } from "./record-builder.js";

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "10000" },
    exchanges: { type: "string", default: "5" },
    times: { type: "string", default: "21" },
    dir: { type: "string", default: tmpdir() },
  },
});
const sessions = Number(values.sessions);
const exchanges = Number(values.exchanges);
const record = await buildRecord(values.dir, "search");
const store = await record.open("hoopx.db", {
  read: (_, frames) => ({
    text: frames.map(({ data }) => Buffer.from(data).toString()).join("\n"),
    calls: [],
  }),
});

// Words as often as words are: the first ones everywhere, the last ones almost nowhere.
const words = Array.from({ length: 20_000 }, (_, place) => `word${place.toString(36)}`);
let seed = 1;
const random = () => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
};
const sentence = (length) =>
  Array.from({ length }, () => words[Math.floor(words.length ** random()) - 1]).join(" ");
// Text without spaces, its letters as uneven.
const run = (length) => Array.from({ length }, () => letter(Math.floor(3000 ** random()))).join("");
const letter = (place) => String.fromCharCode(0x4e00 + place);
const begun = Date.now() - sessions * 60_000;

try {
  await fill();
  const started = performance.now();
  await store.indexed();
  const indexing = performance.now() - started;
  const count = sessions * exchanges;
  console.log(
    `${sessions} sessions, ${count} exchanges, ${megabytes(statSync(record.pathOf("hoopx.db")).size)}`,
  );
  console.log(`left to index after filling: ${(indexing / 1000).toFixed(1)} s`);
  const costOf = (_, { input, output }) => (input * 1.25 + output * 10) / 1e6;
  for (const [name, filter] of [
    ["no filter", {}],
    ["a word of every exchange", { search: words[0] }],
    ["a word of one exchange in fifty", { search: words[400] }],
    ["a rare word", { search: words.at(-7) }],
    ["a word nobody said", { search: "nobody" }],
    ["two words", { search: `${words[0]} ${words.at(-7)}` }],
    ["two words of every exchange", { search: `${words[0]} ${words[1]}` }],
    ["a phrase", { search: `"${words[0]} ${words[1]}"` }],
    ["a beginning", { search: "word7a*" }],
    ["two letters of every run", { search: letter(1) + letter(2) }],
    ["four letters of many runs", { search: [1, 2, 3, 1].map(letter).join("") }],
    ["two letters, in few runs", { search: letter(1) + letter(900) }],
    ["a model", { model: "gpt-4*" }],
    ["a rare tool", { tool: "tool77" }],
    ["denied", { denied: true }],
    ["masked, of a person", { masked: true, identity: "ada" }],
    ["cost over", { costOver: { usd: 0.05, costOf } }],
    ["everything", { search: words[3], model: "gpt-5*", denied: true, masked: true }],
  ]) {
    await measure(name, { limit: 30, ...filter });
  }
} finally {
  await store.close();
  record.remove();
}

async function fill() {
  let key = 0n;
  let waiting = [];
  for (let place = 0; place < sessions; place += 1) {
    const startedAt = new Date(begun + place * 60_000);
    const id = `ses_${place.toString(36).padStart(16, "0")}`;
    waiting.push(store.sessions.add(over(id, startedAt, place)));
    for (let seq = 1; seq <= exchanges; seq += 1) {
      key = (BigInt(startedAt.getTime() + seq * 1000) << 22n) + 1n;
      waiting.push(exchange(key, id, startedAt, seq, place));
    }
    if (waiting.length < 3000) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
}

function exchange(key, sessionId, startedAt, seq, place) {
  const model = place % 4 === 0 ? "gpt-4.1" : "gpt-5-mini";
  const effect = random() < 0.02 ? "deny" : "allow";
  return recordExchange(store, {
    ...{ key, sessionId, seq, startedAt },
    operation: {
      ...{ provider: "openai", action: "responses.create", class: "inference" },
      ...{ mintsCredential: false, method: "POST", path: "/v1/responses", model, stream: true },
      tools: [`tool${place % 200}`, "shell"],
    },
    decision: { effect, rule: "r", reason: "so", decidedAt: startedAt },
    request: Buffer.from(`${sentence(60)}\n${run(60)}`),
    reply: [Buffer.from(sentence(60))],
    ending: {
      masked: random() < 0.01 ? [{ detector: "token", count: 1 }] : [],
      tokens: { input: Math.floor(random() * 9000), output: Math.floor(random() * 900) },
      error: effect === "deny" ? "policy_denied" : null,
    },
  });
}

/** A session that is over. */
function over(id, startedAt, place) {
  return sessionOf(id, startedAt, {
    ...{ title: sentence(4), labels: { team: "growth" }, status: "ended", exitCode: 0 },
    identity: {
      ...{ issuer: "os:desk", subject: place % 3 === 0 ? "ada" : "eve", email: null },
      ...{ groups: [], profile: null },
    },
    endedAt: new Date(startedAt.getTime() + 50_000),
  });
}

async function measure(name, filter) {
  const times = [];
  const cpu = process.cpuUsage();
  let found = 0;
  for (let round = 0; round < Number(values.times); round += 1) {
    const started = performance.now();
    const listed = await store.sessions.list(filter);
    await store.sessions.totals(listed.map(({ id }) => id));
    times.push(performance.now() - started);
    found = listed.length;
  }
  const { user, system } = process.cpuUsage(cpu);
  times.sort((one, other) => one - other);
  const p50 = times[Math.floor(times.length / 2)];
  const p95 = times[Math.floor(times.length * 0.95)];
  const shown = (ms) => `${ms.toFixed(1)} ms`.padStart(9);
  const each = (user + system) / 1000 / times.length;
  console.log(
    `${name.padEnd(34)} p50 ${shown(p50)}  p95 ${shown(p95)}  CPU ${shown(each)}  ${found} found`,
  );
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
