/** When something refuses, breaks or leaves: what the SDK, the upstream and the record see. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { ExchangeView } from "../../src/contract/views.js";
import { connectedHome } from "../support/connected-home.js";
import { holdSession } from "../support/held-session.js";
import { eventually, type Running } from "../support/home.js";
import { startModelApi } from "../support/model-api.js";
import { dial } from "../support/raw-http.js";

const key = "sk-real-failures-0123456789abcdef";
const { api, home } = await connectedHome(key);

async function ask(line: string) {
  const { stdout } = await home.agent("ask.mjs", line.split(" ")).done;
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

async function lastExchange(): Promise<ExchangeView | undefined> {
  return (await home.exchangesOf("last")).at(-1);
}

test("the upstream's own errors pass as they are, and the SDK retries those it should", async () => {
  const body = { error: { message: "slow down", type: "requests", code: "rate_limit_exceeded" } };
  const before = api.calls.length;
  api.script({ act: { kind: "reply", status: 429, body, headers: { "retry-after-ms": "1" } } });
  expect(await ask("responses hello")).toMatchObject({ text: "You said: hello", attempts: 2 });
  expect(api.calls.length - before).toBe(2);

  api.script({ act: { kind: "reply", status: 404, body } });
  expect(await ask("responses hello")).toMatchObject({ status: 404, code: "rate_limit_exceeded" });
});

test("an upstream that resets is 502 in the provider's shape, which the SDK retries", async () => {
  api.script({ act: { kind: "reset" } });
  expect(await ask("responses hello")).toMatchObject({ text: "You said: hello", attempts: 2 });
  api.script({ times: 3, act: { kind: "reset" } });
  const answer = await ask("responses hello");
  expect(answer).toMatchObject({ status: 502, code: "upstream_unreachable", attempts: 3 });
});

test("an upstream that is gone is 502, and the key was not needed to know", async () => {
  const gone = await startModelApi();
  await home.connect(gone.baseUrl, "sk-gone", "gone");
  await gone.close();
  const { stdout } = await home.agent("ask.mjs", ["models"], { flags: ["--connection", "gone"] })
    .done;
  expect(JSON.parse(stdout)).toMatchObject({ status: 502, code: "upstream_unreachable" });
  await home.hoopx(["connections", "remove", "gone"]);
});

test("half a reply reaches the client, breaks off, and is recorded as truncated", async () => {
  const held = await holdSession(home);
  api.script({ act: { kind: "half", bytes: 700 } });
  const body = JSON.stringify({ model: "gpt-mock", input: "count to 50", stream: true });
  const reply = await held.request({ method: "POST", target: "/openai/v1/responses", body });
  expect(reply.status).toBe(200);
  // Chunked framing surrounds the bytes; the closing chunk must be missing.
  expect(reply.body).toContain("response.created");
  expect(reply.body.endsWith("0\r\n\r\n")).toBe(false);
  await held.end();
  // Whole events only: half of one may be half of a secret.
  const exchange = await lastExchange();
  expect(exchange).toMatchObject({ status: 200, error: "truncated" });
  expect(exchange?.responseBytes).toBeGreaterThan(0);
  expect(exchange?.responseBytes).toBeLessThanOrEqual(700);
});

test("a client that leaves ends the upstream call at once", async () => {
  const held = await holdSession(home);
  const before = api.calls.length;
  api.script({ act: { kind: "hang" } });
  const body = JSON.stringify({ model: "gpt-mock", input: "hello" });
  const socket = connect(held.relay, "127.0.0.1");
  socket.write(
    `POST /openai/v1/responses HTTP/1.1\r\nHost: 127.0.0.1:${held.port}\r\n` +
      `Authorization: Bearer ${held.token}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  const call = await api.call(before);
  socket.destroy();
  expect(await call.over).toBe("aborted");
  await held.end();
  expect(await lastExchange()).toMatchObject({ status: null, error: "client_left" });
});

test("a client that leaves in the middle of a stream ends the upstream call at once", async () => {
  api.set({ paceMs: 5 });
  const held = await holdSession(home);
  const before = api.calls.length;
  const body = JSON.stringify({ model: "gpt-mock", input: "count to 5000", stream: true });
  const socket = await dial(held.relay);
  socket.write(
    `POST /openai/v1/responses HTTP/1.1\r\nHost: 127.0.0.1:${held.port}\r\n` +
      `Authorization: Bearer ${held.token}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  const [first] = await once(socket, "data");
  expect(String(first)).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
  const call = await api.call(before);
  expect(await call.over).toBe("aborted");
  api.set({ paceMs: undefined });
  await held.end();
  expect(await lastExchange()).toMatchObject({ status: 200, error: "client_left" });
});

test("a client that does not read holds the upstream back, in bounded memory; when it leaves, the call ends", async () => {
  let sent = 0;
  let left = 0;
  const chunk = Buffer.alloc(64 << 10, "x");
  const endless = createServer((_request, response) => {
    sent = 0;
    const pour = () => {
      do sent += chunk.length;
      while (response.write(chunk));
    };
    response.on("drain", pour).on("close", () => {
      left += 1;
    });
    pour();
  });
  await new Promise<void>((resolve) => endless.listen(0, "127.0.0.1", resolve));
  const { port } = endless.address() as AddressInfo;
  await home.connect(`http://127.0.0.1:${port}/v1`, "sk-endless", "endless");
  onTestFinished(async () => {
    await home.hoopx(["connections", "remove", "endless"]);
    endless.close();
  });
  const held = await holdSession(home, { flags: ["--connection", "endless"] });
  const { pid } = await home.daemon();
  const before = memoryOf(pid);

  /** A client that asks, reads nothing and leaves once the upstream was let send so much; bytes that were. */
  async function neverRead(enough: () => Promise<void>): Promise<number> {
    const goneBefore = left;
    sent = 0;
    const socket = connect(held.relay, "127.0.0.1").pause();
    socket.write(
      `GET /endless/v1/models HTTP/1.1\r\nHost: 127.0.0.1:${held.port}\r\n` +
        `Authorization: Bearer ${held.token}\r\n\r\n`,
    );
    await enough();
    socket.destroy();
    await eventually(
      () => left,
      (count) => count > goneBefore,
    );
    return sent;
  }
  const someBytes = (bytes: number) => async () => {
    await eventually(
      () => sent,
      (count) => count > bytes,
    );
  };

  let all = await neverRead(async () => {
    await someBytes(0)();
    // Held back: a second goes by in which nothing more is taken.
    for (let taken = -1; taken !== sent; await pause(1_000)) taken = sent;
    expect(sent).toBeLessThan(64 << 20);
  });
  // What a client leaves behind is in the memory ever after; garbage comes and goes, up to 300 MB of it.
  // The upstream is held back after some MB, socket buffers included, so each client is sent no more.
  while (all < 1 << 30) all += await neverRead(someBytes(2 << 20));
  expect(memoryOf(pid) - before).toBeLessThan(all / 2);
  await held.end();
  expect(await lastExchange()).toMatchObject({ status: 200, error: "client_left" });
});

test("rotate takes effect on the next request of an agent that runs", async () => {
  const running = home.agent("ask.mjs", [], { stdin: "open" });
  await running.shows("ready");
  await tell(running, "responses one", "one");

  const newKey = "sk-rotated-0123456789abcdef";
  const { code } = await home.hoopx(["connections", "rotate", "openai", "--secret-stdin"], {
    stdin: `${newKey}\n`,
  });
  expect(code).toBe(0);
  api.set({ key: newKey });
  await tell(running, "responses two", "You said: two");
  expect(api.calls.at(-1)?.header("authorization")).toBe(`Bearer ${newKey}`);

  running.child.stdin?.end();
  expect((await running.done).code).toBe(0);
  await home.hoopx(["connections", "rotate", "openai", "--secret-env", "KEY"], {
    environment: { KEY: key },
  });
  api.set({ key });
});

test("the daemon killed mid-run is started again, the session goes on, the SDK's retry succeeds", async () => {
  // The SDK's usual two retries are over within 1.5 s: enough for a daemon to be back on a quiet
  // machine, not on one whose cores are all taken.
  const environment = { SDK_RETRIES: "5" };
  const running = home.agent("ask.mjs", [], { stdin: "open", environment });
  await running.shows("ready");
  await tell(running, "responses one", "You said: one");
  const { pid, port } = await home.daemon();

  process.kill(pid, "SIGKILL");
  await tell(running, "responses two", "You said: two");
  expect(JSON.parse(running.stdout().trim().split("\n").at(-1) ?? "").attempts).toBeGreaterThan(1);
  const after = await home.daemon();
  expect(after.pid).not.toBe(pid);
  expect(after.port).toBe(port);

  running.child.stdin?.end();
  expect((await running.done).code).toBe(0);
  // The daemon that the run started again is none of the agent's processes.
  expect(running.stderr()).not.toContain("still running");
  const session = await eventually(
    () => home.lastSession(),
    ({ status }) => status === "ended",
  );
  expect(session.counts.exchanges).toBe(2);
});

/** Resident bytes of a process, as proc(5) has them. */
function memoryOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

async function tell(running: Running, line: string, answer: string): Promise<void> {
  running.child.stdin?.write(`${line}\n`);
  await running.shows(answer);
}
