/** Every route of the control API, on the socket of the built daemon, with a real upstream behind it. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StartedSession } from "../../../src/contract/session-start.js";
import type { ConnectionView, SessionView } from "../../../src/contract/views.js";
import { type RunningDaemon, runDaemon } from "../running-daemon.js";

const key = "sk-upstream-0123456789abcdef";
const passphrase = "correct horse battery";

let home: string;
let daemon: RunningDaemon;
let upstream: Server;
let authorizations: (string | undefined)[];
let origin: string;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-control-"));
  authorizations = [];
  upstream = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    response.setHeader("content-type", "application/json");
    if (request.method === "GET") response.end('{"object":"list","data":[{"id":"m"}]}');
    else {
      request.resume().on("end", () => {
        response.end(
          JSON.stringify({
            id: "chatcmpl-1",
            object: "chat.completion",
            choices: [{ index: 0, message: { role: "assistant", content: "hello there" } }],
            usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
          }),
        );
      });
    }
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  daemon = await started();
});
afterEach(async () => {
  daemon.child.kill("SIGKILL");
  await daemon.gone;
  upstream.closeAllConnections();
  upstream.close();
  rmSync(home, { recursive: true });
});

async function started(): Promise<RunningDaemon> {
  const running = runDaemon(home, { HOOPX_SECRET_STORE: "file" });
  await running.ready();
  return running;
}

const connection = { name: "openai", provider: "openai", credential: "static-key", secret: key };

function add(changes: object = {}) {
  return daemon.call<ConnectionView>("POST", "/v1/connections", {
    ...connection,
    baseUrl: `${origin}/v1`,
    ...changes,
  });
}

const run = {
  connections: [],
  ttlSeconds: 60,
  labels: {},
  process: { runnerPid: process.pid, command: "agent", cwd: "/", host: "h", user: "u" },
  environment: {},
};

function startSession(changes: object = {}) {
  return daemon.call<StartedSession>("POST", "/v1/sessions", { ...run, ...changes });
}

function complete(session: StartedSession) {
  return fetch(`${session.environment.OPENAI_BASE_URL}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${session.token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-x", messages: [{ role: "user", content: "hi" }] }),
  });
}

const show = async (id: string) =>
  (await daemon.call<SessionView>("GET", `/v1/sessions/${id}`)).body;

test("a connection from its making to its end, and its key nowhere to be read", async () => {
  const added = await add();
  expect(added).toMatchObject({
    status: 200,
    body: {
      name: "openai",
      baseUrl: `${origin}/v1`,
      credential: { kind: "static-key", lifetime: "permanent key", secretStore: "file" },
      rotatedAt: null,
    },
  });
  expect(await add()).toMatchObject({ status: 409, body: { code: "already_exists" } });
  expect(await add({ name: "other", baseUrl: "http://example.com/v1" })).toMatchObject({
    status: 400,
    body: { code: "bad_request" },
  });
  expect((await daemon.call("GET", "/v1/connections")).body).toEqual([added.body]);
  expect((await daemon.call("GET", "/v1/connections/openai")).body).toEqual(added.body);
  expect(await daemon.call("GET", "/v1/connections/none")).toMatchObject({
    status: 404,
    body: { code: "not_found", hint: "hoopx connections lists them" },
  });

  expect((await daemon.call("POST", "/v1/connections/openai/test", {})).body).toMatchObject({
    ok: true,
    message: "1 model",
  });
  const rotated = await daemon.call("POST", "/v1/connections/openai/rotate", { secret: "sk-new" });
  expect(rotated.body.rotatedAt).toEqual(expect.any(String));
  await daemon.call("POST", "/v1/connections/openai/test", {});
  expect(authorizations).toEqual([`Bearer ${key}`, "Bearer sk-new"]);

  const removed = await daemon.call("DELETE", "/v1/connections/openai");
  expect(removed).toMatchObject({ status: 200, body: { name: "openai" } });
  expect((await daemon.call("GET", "/v1/connections")).body).toEqual([]);
  for (const file of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    expect(readFileSync(join(file.parentPath, file.name), "latin1")).not.toContain(key);
  }
});

test("a session needs a connection; of two for one provider it gets the default", async () => {
  expect(await startSession()).toMatchObject({
    status: 409,
    body: { code: "connection_missing", hint: "hoopx connections add openai" },
  });
  await add();
  await add({ name: "second" });
  const got = async () => (await startSession()).body.session.connections;
  expect(await got()).toEqual(["openai"]);
  expect(await daemon.call("POST", "/v1/connections/second/default")).toMatchObject({
    status: 200,
    body: { name: "second", default: true },
  });
  expect(await got()).toEqual(["second"]);
  expect((await daemon.call("POST", "/v1/connections/none/default")).status).toBe(404);
  expect(await startSession({ connections: ["third"] })).toMatchObject({ status: 404 });
  expect(await startSession({ connections: ["second"] })).toMatchObject({
    status: 200,
    body: { session: { connections: ["second"] } },
  });
});

test("a session from start to end: environment, lease, exchange, conversation, events", async () => {
  await add();
  const events = daemon.lines("GET", "/v1/events");
  const digest = createHash("sha256").update(key).digest("hex");
  const { body: session } = await startSession({
    title: "t",
    labels: { team: "a" },
    environment: { MY_KEY: digest, PATH: "0".repeat(64) },
  });
  const { id } = session.session;
  const { port } = (await daemon.call<{ port: number }>("GET", "/v1/daemon")).body;
  expect(session.remove).toEqual(["MY_KEY"]);
  expect(session.environment).toMatchObject({
    HOOPX_SESSION_ID: id,
    OPENAI_API_KEY: session.token,
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/openai/v1`,
  });

  const lease = daemon.lines("POST", `/v1/sessions/${id}/lease`, {
    token: session.token,
    childPid: process.pid,
  });
  expect(await lease.next()).toEqual({ alive: true });
  expect(
    await daemon.call("POST", `/v1/sessions/${id}/lease`, { token: "hxs_x", childPid: null }),
  ).toMatchObject({ status: 410, body: { code: "session_over" } });

  const reply = await complete(session);
  expect(reply.status).toBe(200);
  await reply.text();
  expect(authorizations).toEqual([`Bearer ${key}`]);

  const types = [];
  for (let index = 0; index < 3; index += 1) types.push((await events.next())?.type);
  expect(types).toEqual(["session.started", "exchange.started", "exchange.ended"]);

  const exchanges = await daemon.call("GET", `/v1/sessions/last/exchanges`);
  expect(exchanges.body).toMatchObject([
    { seq: 1, status: 200, operation: { action: "chat.completions.create", model: "gpt-x" } },
  ]);
  const conversation = daemon.lines(
    "GET",
    `/v1/sessions/${id.slice(0, 8)}/conversation?exchange=1`,
  );
  expect(await conversation.next()).toMatchObject({
    exchange: { seq: 1 },
    prompt: [{ kind: "message", role: "user", text: "hi" }],
    reply: [{ kind: "message", role: "assistant", text: "hello there" }],
    complete: true,
  });
  expect(await conversation.next()).toBeUndefined();
  expect(await daemon.call("GET", `/v1/sessions/${id}/conversation?exchange=9`)).toMatchObject({
    status: 404,
  });

  const frames = daemon.lines("GET", `/v1/sessions/${id}/exchanges/1/frames`);
  const kinds: unknown[] = [];
  for (let frame = await frames.next(); frame !== undefined; frame = await frames.next()) {
    if (kinds.at(-1) !== frame.kind) kinds.push(frame.kind);
    if (frame.kind === "request-head") expect(frame.text).not.toContain(key);
  }
  expect(kinds).toEqual(["request-head", "request-body", "reply-head", "reply-body"]);

  const ended = await daemon.call("POST", `/v1/sessions/${id}/end`, { exitCode: 3 });
  expect(ended.body).toMatchObject({
    status: "ended",
    exitCode: 3,
    process: { pid: process.pid },
    counts: { exchanges: 1, allowed: 1 },
    tokens: { input: 3, output: 2 },
  });
  expect(await lease.next()).toBeUndefined();
  expect((await events.next())?.type).toBe("session.ended");
  const late = await complete(session);
  expect(late.status).toBe(401);
  await late.text();
  expect((await daemon.call("GET", "/v1/sessions?status=ended&search=t")).body).toMatchObject([
    { id },
  ]);
  expect(await daemon.call("GET", "/v1/sessions?limit=none")).toMatchObject({ status: 400 });
  expect(await daemon.call("POST", `/v1/sessions/${id}/revoke`, {})).toMatchObject({ status: 410 });
  events.leave();
});

test("a run that dies without a word takes its session with it; a revoked one is refused", async () => {
  await add();
  const first = (await startSession()).body;
  const lease = daemon.lines("POST", `/v1/sessions/${first.session.id}/lease`, {
    token: first.token,
    childPid: null,
  });
  await lease.next();
  lease.leave();
  await expect.poll(async () => (await show(first.session.id)).status).toBe("ended");

  const second = (await startSession()).body;
  expect(await daemon.call("POST", "/v1/sessions/last/revoke", {})).toMatchObject({
    status: 200,
    body: { id: second.session.id, status: "revoked" },
  });
  expect((await complete(second)).status).toBe(401);
  const again = `/v1/sessions/${second.session.id}/lease`;
  const told = (token: string) => daemon.call("POST", again, { token, childPid: null });
  expect(await told(second.token)).toMatchObject({
    status: 410,
    body: { code: "session_over", title: `session ${second.session.id} was revoked` },
  });
  expect(await told(first.token)).toMatchObject({
    body: { title: `no live session ${second.session.id} has this token` },
  });
  expect(authorizations).toEqual([]);
});

test("after kill -9 the next daemon takes the session up again, token and all", async () => {
  await add();
  const { body: session } = await startSession();
  daemon.child.kill("SIGKILL");
  await daemon.gone;
  daemon = runDaemon(home, { HOOPX_SECRET_STORE: "file", HOOPX_PORT: "" });
  await daemon.ready();
  const { id } = session.session;
  const lease = daemon.lines("POST", `/v1/sessions/${id}/lease`, {
    token: session.token,
    childPid: null,
  });
  expect(await lease.next()).toEqual({ alive: true });
  expect((await complete(session)).status).toBe(200);
  lease.leave();
});

test("told to stop once idle, it waits for the last session and goes", async () => {
  await add();
  const { body: session } = await startSession();
  const asked = await daemon.call("POST", "/v1/daemon/stop", { whenIdle: true });
  expect(asked.body).toMatchObject({ sessions: 1, draining: false });
  expect((await complete(session)).status).toBe(200);
  await daemon.call("POST", `/v1/sessions/${session.session.id}/end`, { exitCode: 0 });
  expect(await daemon.gone).toBe(0);
});

test("a sealed file locked by a passphrase is told before the session starts", async () => {
  expect(await daemon.call("POST", "/v1/unlock", { passphrase })).toMatchObject({
    status: 200,
    body: {},
  });
  await add();
  daemon.child.kill("SIGTERM");
  await daemon.gone;
  daemon = await started();
  expect(await startSession()).toMatchObject({
    status: 423,
    body: { code: "secret_store_locked", hint: expect.any(String) },
  });
  const wrong = await daemon.call("POST", "/v1/unlock", { passphrase: "wrong" });
  expect(wrong).toMatchObject({ status: 423, body: { code: "secret_store_locked" } });
  await daemon.call("POST", "/v1/unlock", { passphrase });
  expect((await startSession()).status).toBe(200);
});

test("a stop lets what streams finish and refuses what is new", async () => {
  let finish = () => {};
  upstream.removeAllListeners("request");
  upstream.on("request", (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('data: {"choices":[]}\n\n');
    finish = () => response.end("data: [DONE]\n\n");
  });
  await add();
  const { body: session } = await startSession();
  const streaming = await complete(session);
  expect(streaming.status).toBe(200);
  await daemon.call("POST", "/v1/daemon/stop", {});

  const refused = await complete(session);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: { code: "daemon_stopping" } });
  expect(await startSession()).toMatchObject({ status: 503, body: { code: "daemon_stopping" } });
  expect((await daemon.call("GET", "/v1/daemon")).body).toMatchObject({ draining: true });

  finish();
  expect(await streaming.text()).toBe('data: {"choices":[]}\n\ndata: [DONE]\n\n');
  expect(await daemon.gone).toBe(0);
});
