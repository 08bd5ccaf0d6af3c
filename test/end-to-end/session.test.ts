/**
 * The issue's own demonstration: a real agent works through the daemon with no
 * key of its own, and the record shows what it did.
 */
import { readFileSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ConversationView, SessionView } from "../../src/contract/views.js";
import { connectedHome } from "../support/connected-home.js";
import { holdSession } from "../support/held-session.js";
import { eventually } from "../support/home.js";

const key = "sk-real-4f1c9b7be2d84c1f93aa57c6a0d1e8b2";
const { api, home } = await connectedHome(key);

test("an agent with a tool answers, and its two requests are on record", async () => {
  const before = api.calls.length;
  const { code, stdout, stderr } = await home.agent("agent.mjs", [], {
    flags: ["--title", "forecast", "--label", "team=sky"],
  }).done;
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stdout).toBe("I asked the tool, and it says: 21 degrees and sunny in Lisbon\n");
  expect(code).toBe(0);

  const calls = api.calls.slice(before);
  expect(calls.map((call) => `${call.method} ${call.url}`)).toEqual([
    "POST /v1/responses",
    "POST /v1/responses",
  ]);
  for (const call of calls) expect(call.header("authorization")).toBe(`Bearer ${key}`);

  const sessions = await home.json<SessionView[]>(["sessions"]);
  expect(sessions[0]).toMatchObject({
    title: "forecast",
    labels: { team: "sky" },
    status: "ended",
    exitCode: 0,
    connections: ["openai"],
    counts: { exchanges: 2, allowed: 2, denied: 0, errors: 0 },
  });
  expect(sessions[0]?.process.command).toContain("agent.mjs");
  expect(sessions[0]?.tokens.output).toBeGreaterThan(0);
  expect(stderr).toContain(sessions[0]?.id);
});

test("the same agent streams", async () => {
  const { code, stdout } = await home.agent("agent.mjs", ["--stream"]).done;
  expect(stdout).toBe("I asked the tool, and it says: 21 degrees and sunny in Lisbon\n");
  expect(code).toBe(0);
});

test("replay tells the conversation: question, tool call, result, answer", async () => {
  await home.agent("agent.mjs", ["--stream"]).done;
  const { code, stdout } = await home.hoopx(["replay", "last", "--instant"]);
  expect(code).toBe(0);
  const places = [
    "How is the weather in Lisbon?",
    "weather",
    "sunny in Lisbon",
    "I asked the tool",
  ].map((text) => stdout.indexOf(text));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test("replay --json gives each reply whole, piece by piece", async () => {
  await home.agent("agent.mjs", ["--stream"]).done;
  const { stdout } = await home.hoopx(["replay", "last", "--instant", "--json"]);
  const lines: ConversationView[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ complete }) => complete)).toEqual([true, true]);
  const [first, second] = lines.map(({ reply }) => reply[0]);
  expect(first).toMatchObject({
    kind: "tool-call",
    name: "weather",
    arguments: '{"city":"Lisbon"}',
  });
  const text = "I asked the tool, and it says: 21 degrees and sunny in Lisbon";
  expect(second).toMatchObject({ kind: "message", role: "assistant", text });
  expect(second?.deltas.length).toBeGreaterThan(5);
  expect(second?.deltas.map((delta) => delta.text).join("")).toBe(text);
});

test("the upstream saw the real key; the agent, the database, the WAL and the logs never did", async () => {
  const held = await holdSession(home);
  const { status } = await held.request({});
  expect(status).toBe(200);
  expect(api.calls.at(-1)?.header("authorization")).toBe(`Bearer ${key}`);

  const daemon = await home.daemon();
  const processes = { agent: held.pid, run: held.running.pid, daemon: daemon.pid };
  for (const [name, pid] of Object.entries(processes)) {
    for (const file of ["environ", "cmdline"]) {
      expect(readFileSync(`/proc/${pid}/${file}`, "latin1"), `${name} ${file}`).not.toContain(key);
    }
  }
  // While it is live, so that the WAL holds what was just written.
  for (const form of [key, Buffer.from(key).toString("base64"), held.token]) {
    expect(home.filesWith(form)).toEqual([]);
  }
  await held.end();
  expect(home.filesWith(key)).toEqual([]);
});

test("tail shows each exchange as it happens, and nothing secret", async () => {
  const held = await holdSession(home);
  const tail = home.start(["tail", held.id, "--json"]);
  // It does not say when it listens: asked until it has seen one.
  await eventually(
    async () => {
      await held.request({});
      return tail.stdout();
    },
    (text) => text.includes('"exchange.ended"'),
  );
  await held.end();
  const { code, stdout } = await tail.done;
  expect(code).toBe(0);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.find(({ type }) => type === "exchange.ended").exchange).toMatchObject({
    sessionId: held.id,
    operation: { action: "models.list" },
    decision: { effect: "allow" },
    status: 200,
  });
  expect(stdout).not.toContain(key);
  expect(stdout).not.toContain(held.token);
});

test("every kind of reply passes: JSON, binary, multipart, base64 vectors", async () => {
  const lines = [
    "responses hello",
    "stream hello",
    "chat hello",
    "models",
    "embeddings four",
  ].concat(["speech hi", "transcription"]);
  const { stdout } = await home.agent("ask.mjs", [], { stdin: `${lines.join("\n")}\n` }).done;
  const answers = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [, whole, , streamed, chat, models, vectors, spoken, heard] = answers;
  expect(whole).toEqual({ text: "You said: hello", attempts: 1 });
  expect(streamed).toEqual({ text: "You said: hello", attempts: 1 });
  expect(chat).toEqual({ text: "You said: hello", attempts: 1 });
  expect(models.models).toContain("gpt-mock");
  expect(vectors.numbers).toHaveLength(8);
  expect(spoken.bytes).toBe(4096);
  expect(heard.text).toBe("heard 1000 bytes");

  const { id } = await home.lastSession();
  const exchanges = await home.exchangesOf(id);
  expect(exchanges.map(({ operation }) => operation?.action)).toEqual([
    "responses.create",
    "responses.create",
    "chat.completions.create",
    "models.list",
    "embeddings.create",
    "audio.speech.create",
    "audio.transcriptions.create",
  ]);
});

test("replies pass byte for byte; one that comes compressed is unpacked, to be looked at", async () => {
  const held = await holdSession(home);
  for (const encoding of ["gzip", "br", undefined] as const) {
    api.set({ encoding });
    const body = JSON.stringify({ model: "gpt-mock", input: `hello ${encoding}`, stream: true });
    const reply = await held.request({ method: "POST", target: "/openai/v1/responses", body });
    api.set({ encoding: undefined });
    const call = api.calls.at(-1);
    expect(reply.status).toBe(200);
    expect(reply.head.toLowerCase()).not.toContain("content-encoding");
    const sent = call?.sent ?? Buffer.alloc(0);
    const plain = { gzip: gunzipSync, br: brotliDecompressSync };
    const bytes = encoding === undefined ? sent : plain[encoding](sent);
    expect(unchunked(Buffer.from(reply.body, "latin1")).equals(bytes)).toBe(true);
    expect(call?.body.toString()).toBe(body);
  }
  await held.end();
});

test("a key in the shell does not reach the agent", async () => {
  const script = "console.log(JSON.stringify(process.env))";
  const { stdout, stderr } = await home.start(["run", "--", process.execPath, "-e", script], {
    environment: {
      OPENAI_API_KEY: key,
      ANTHROPIC_API_KEY: "sk-ant",
      COPY_OF_IT: key,
      HOOPX_PASSPHRASE: "pp",
      KEPT: "1",
    },
  }).done;
  const seen = JSON.parse(stdout);
  expect(seen.OPENAI_API_KEY).toMatch(/^hxs_/);
  expect(seen.OPENAI_BASE_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/openai\/v1$/);
  expect(seen.OPENAI_AGENTS_DISABLE_TRACING).toBe("1");
  expect(seen.HOOPX_SESSION_ID).toMatch(/^ses_/);
  expect(seen.KEPT).toBe("1");
  for (const name of ["ANTHROPIC_API_KEY", "COPY_OF_IT", "HOOPX_PASSPHRASE"]) {
    expect(seen).not.toHaveProperty(name);
  }
  expect(stderr).toMatch(
    /ANTHROPIC_API_KEY, COPY_OF_IT: taken out of the agent's environment, and no connection replaces them/,
  );
  expect(stderr).toContain("no request came through hoopx (hoopx doctor -- CMD tells why)");
});

/** A body without the framing of RFC 9112 7.1. */
function unchunked(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.toString("latin1", at, end), 16);
    if (size === 0 || Number.isNaN(size)) return Buffer.concat(pieces);
    pieces.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
