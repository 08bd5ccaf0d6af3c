import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { request as httpRequest } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Actor } from "../../../src/daemon/control/caller.js";
import { ControlProblem } from "../../../src/daemon/control/control-problem.js";
import type { Handlers } from "../../../src/daemon/control/handler.js";
import {
  type ControlServer,
  type ControlServerOptions,
  openControlServer,
} from "../../../src/daemon/control/server.js";
import { actorWith } from "../../support/actors.js";
import { askSocket } from "./ask-socket.js";

let folder: string;
let socket: string;
let server: ControlServer | undefined;
let faults: unknown[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-control-"));
  socket = join(folder, "c.sock");
  faults = [];
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

async function open(
  handlers: Partial<Handlers>,
  actor: Partial<Actor> = {},
  change: Partial<ControlServerOptions> = {},
) {
  server = await openControlServer({
    socket,
    version: "1.2.3",
    handlers: handlers as Handlers,
    problemOf: (error) =>
      error instanceof RangeError ? new ControlProblem("conflict", error.message) : undefined,
    seats: { take() {}, begin() {}, end() {}, claim: () => true },
    actorOf: async () => actorWith(actor),
    fault: (_route, error) => void faults.push(error),
    ...change,
  });
}

const ask = (method: string, path: string, body?: string) => askSocket(socket, method, path, body);

test("what widens an agent's rights is refused to callers inside a run, and reading is not", async () => {
  const reached: string[] = [];
  const handler = (name: string) => () => void reached.push(name);
  await open(
    {
      reviewsApprove: handler("approve"),
      daemonStop: handler("stop"),
      recordPrune: handler("prune"),
      unlock: handler("unlock"),
      reviewsList: () => [],
    } as never,
    { objection: (asked) => (asked === "read" ? undefined : "process 7 is inside") },
  );
  const answer = await ask("POST", "/v1/reviews/rev_1/approve", "{}");
  expect(answer.status).toBe(403);
  expect(JSON.parse(answer.text)).toMatchObject({
    code: "inside_run",
    title: expect.stringContaining("process 7 is inside"),
  });
  expect((await ask("POST", "/v1/daemon/stop", "{}")).status).toBe(403);
  const prune = '{"before":"2026-01-01T00:00:00Z","dryRun":false}';
  expect((await ask("POST", "/v1/record/prune", prune)).status).toBe(403);
  expect((await ask("POST", "/v1/unlock", '{"passphrase":"mine"}')).status).toBe(403);
  expect((await ask("GET", "/v1/reviews")).status).toBe(200);
  expect(reached).toEqual([]);
});

test("the socket is its owner's alone, and every answer says the version", async () => {
  await open({ unlock: () => ({}) });
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  const answer = await ask("POST", "/v1/unlock", '{"passphrase":"p"}');
  expect(answer).toMatchObject({ status: 200, text: "{}" });
  expect(answer.headers).toMatchObject({
    "x-hoopx-version": "1.2.3",
    "content-type": "application/json",
  });
});

test.each([
  ["GET", "/v1/nothing", undefined, 404, "not_found"],
  ["PUT", "/v1/daemon", undefined, 400, "bad_request"],
  ["GET", "/v1/unlock", undefined, 400, "bad_request"],
  ["POST", "/v1/unlock", "{", 400, "bad_request"],
  ["POST", "/v1/unlock", '{"passphrase":"p","more":1}', 400, "bad_request"],
  ["POST", "/v1/unlock", "x".repeat(1024 ** 2 + 1), 400, "bad_request"],
])("%s %s is a problem document", async (method, path, body, status, code) => {
  await open({ unlock: () => ({}) });
  const answer = await ask(method, path, body);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  expect(JSON.parse(answer.text)).toMatchObject({
    type: `https://hoopx.dev/problems/${code}`,
    status,
    code,
  });
  expect(answer.status).toBe(status);
});

test("a head that drips is given up, and so is a connection that says nothing", async () => {
  await open({}, {}, { headTime: 200 });
  const dripping = connect(socket);
  const silent = connect(socket);
  for (const each of [dripping, silent]) each.on("error", () => {}).resume();
  dripping.write("GET /v1/daemon HTTP/1.1\r\n");
  const drip = setInterval(() => dripping.write("x: y\r\n"), 20);
  // Not `once`, which takes the error of a drip after the end for its own.
  const closed = (connection: Socket) => new Promise((done) => connection.on("close", done));
  await Promise.all([closed(dripping), closed(silent)]);
  clearInterval(drip);
});

test("a caller that holds its share of connections is told so", async () => {
  const seats = { take() {}, begin() {}, end() {}, claim: () => false };
  await open({}, {}, { seats });
  const answer = await ask("GET", "/v1/daemon");
  expect(answer.status).toBe(429);
  expect(JSON.parse(answer.text)).toMatchObject({ code: "too_many_connections" });
});

test("a body that is not JSON is not repeated", async () => {
  await open({ unlock: () => ({}) });
  expect((await ask("POST", "/v1/unlock", "sk-secret-in-no-json")).text).not.toContain("sk-");
});

test("known errors become their problem; unknown ones a fault that tells nothing", async () => {
  const thrown = [new ControlProblem("session_over", "over", "do x"), new RangeError("taken")];
  const last = new Error("internal detail");
  await open({
    daemonStatus: () => {
      throw thrown.shift() ?? last;
    },
  });
  const answers = [];
  for (let index = 0; index < 3; index += 1) answers.push(await ask("GET", "/v1/daemon"));
  expect(answers.map(({ status }) => status)).toEqual([410, 409, 500]);
  expect(JSON.parse(answers[0]?.text ?? "")).toMatchObject({ title: "over", hint: "do x" });
  expect(answers[2]?.text).not.toContain("internal detail");
  expect(faults).toEqual([last]);
});

test("a stream's lines come as they are sent; a client that leaves aborts it", async () => {
  let aborted = () => {};
  const left = new Promise<void>((resolve) => {
    aborted = resolve;
  });
  await open({
    sessionsLease: () => async (send, signal) => {
      signal.addEventListener("abort", aborted);
      await send({ alive: true });
      await left;
    },
  });
  const body = JSON.stringify({ token: "t", childPid: null });
  const request = httpRequest({ socketPath: socket, method: "POST", path: "/v1/sessions/x/lease" });
  request.on("error", () => undefined);
  const line = await new Promise<string>((resolve) => {
    request.on("response", (response) => response.once("data", (chunk) => resolve(String(chunk))));
    request.end(body);
  });
  expect(line).toBe('{"alive":true}\n');
  request.destroy();
  await left;
});

test("the close ends streams and waits for no idle client", async () => {
  await open({
    events: () => (_send, signal) =>
      new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
  });
  const answer = ask("GET", "/v1/events");
  await new Promise<void>((resolve, reject) => {
    const probe = httpRequest({ socketPath: socket, path: "/v1/nothing" }, (response) => {
      response.resume().on("end", resolve);
    });
    probe.on("error", reject);
    probe.end();
  });
  await server?.close();
  expect(await answer).toMatchObject({ status: 200, text: "" });
});

test("a problem that is known before the request is all here reaches who still sends", async () => {
  await open({
    mask: () => {
      throw new ControlProblem("bad_request", "no detector is named so");
    },
  } as never);
  for (let round = 0; round < 30; round += 1) {
    const text = await new Promise<string>((resolve, reject) => {
      const asked = httpRequest({
        socketPath: socket,
        method: "POST",
        path: "/v1/mask",
        agent: false,
      });
      asked.on("error", reject);
      asked.on("response", async (reply) => {
        let heard = "";
        for await (const chunk of reply.setEncoding("utf8")) heard += chunk;
        resolve(heard);
        asked.destroy();
      });
      const chunk = Buffer.alloc(32 << 10);
      const pour = () => {
        if (asked.destroyed) return;
        asked.write(chunk, () => setImmediate(pour));
      };
      pour();
    });
    expect(JSON.parse(text).title).toBe("no detector is named so");
  }
});

test("what another program puts at the socket's path is told from the server's own, and replaced", async () => {
  await open({ reviewsList: () => [] } as never);
  const answers = async () => (await ask("GET", "/v1/reviews")).status;
  expect(server?.isBound()).toBe(true);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  // Moved away it lives on, so its number is no other file's.
  for (let time = 0; time < 5; time += 1) {
    renameSync(socket, join(folder, `away-${time}`));
    expect(server?.isBound()).toBe(false);
    const other = createServer().listen(join(folder, "other"));
    await once(other, "listening");
    renameSync(join(folder, "other"), socket);
    expect(server?.isBound()).toBe(false);
    await server?.rebind();
    expect(server?.isBound()).toBe(true);
    expect(await answers()).toBe(200);
    other.close();
    expect(server?.isBound()).toBe(true);
  }
  // Nothing is left beside it but what was moved away.
  const left = readdirSync(folder).filter((name) => !name.startsWith("away"));
  expect(left).toEqual(["c.sock"]);
  rmSync(socket);
  expect(server?.isBound()).toBe(false);
  writeFileSync(socket, "another's");
  await server?.close();
  expect(existsSync(socket)).toBe(true);
});
