/** Reviews over the daemon's death, many answers at once, and who is told of them. */
import { createHmac } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ReviewView } from "../../src/contract/review-views.js";
import { holdSession } from "../support/held-session.js";
import { createHome, eventually, type Running, type TestHome } from "../support/home.js";
import { type ModelApi, startModelApi } from "../support/model-api.js";

const key = "sk-real-durable-0123456789abcdef";
const hookSecret = "a-secret-between-hoopx-and-the-chat";
let api: ModelApi;
let home: TestHome;
const hooks: { headers: IncomingMessage["headers"]; body: string }[] = [];
const chat = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    hooks.push({ headers: request.headers, body });
    response.writeHead(204).end();
  });
});

beforeAll(async () => {
  api = await startModelApi({ key });
  home = createHome();
  await new Promise<void>((resolve) => chat.listen(0, "127.0.0.1", resolve));
  const secretFile = join(home.path, "hook-secret");
  writeFileSync(secretFile, `${hookSecret}\n`, { mode: 0o600 });
  mkdirSync(join(home.path, "config"), { mode: 0o700 });
  const url = `http://127.0.0.1:${(chat.address() as AddressInfo).port}/hook`;
  writeFileSync(
    join(home.path, "config/config.yaml"),
    `reviews:\n  webhook: ${url}\n  webhookSecretFile: ${secretFile}\n`,
  );
  await home.connect(api.baseUrl, key);
});
afterAll(async () => {
  await home.dispose();
  await api.close();
  chat.close();
});

/** A test that failed leaves nothing to the next. */
afterEach(async () => {
  for (const { id } of await pending()) await home.hoopx(["deny", id]);
});

const pending = () => home.json<readonly ReviewView[]>(["reviews", "--status", "pending"]);
const waiting = (count: number) => eventually(pending, ({ length }) => length === count);
const answerOf = async (agent: Running) =>
  JSON.parse((await agent.done).stdout.trim().split("\n").at(-1) ?? "");

test("the daemon is killed while three reviews wait: each is there still, and goes on", async () => {
  const before = api.calls.length;
  const environment = { SDK_RETRIES: "8" };
  const agents = [1, 2, 3].map(() => home.agent("ask.mjs", ["upload"], { environment }));
  const known = await waiting(3);
  process.kill((await home.daemon()).pid, "SIGKILL");
  const again = await waiting(3);
  expect(again.map(({ id }) => id).sort()).toEqual(known.map(({ id }) => id).sort());
  expect(await home.daemon()).toMatchObject({ reviews: 3 });
  expect(api.calls.length).toBe(before);
  for (const { id } of again) expect((await home.hoopx(["approve", id])).code).toBe(0);
  for (const agent of agents) {
    expect(await answerOf(agent)).toMatchObject({ id: expect.stringMatching(/^file-/) });
  }
  expect(api.calls.length).toBe(before + 3);
  // Each tried again with a boundary of its own, and the approved bytes went out.
  const sent = api.calls.slice(before).map(({ bodySha256 }) => bodySha256);
  expect(sent.sort()).toEqual(known.map(({ requestSha256 }) => requestSha256).sort());
});

test("a restart of the daemon: an SDK with its usual retries goes on waiting, and is answered", async () => {
  const before = api.calls.length;
  const agent = home.agent("ask.mjs", ["upload"]);
  const [known] = await waiting(1);
  const restart = await home.hoopx(["daemon", "restart"]);
  expect(restart.stderr).toContain("1 review still pending: a client that tries again");
  const [again] = await waiting(1);
  expect(again?.id).toBe(known?.id);
  await eventually(
    () => home.hoopx(["approve", known?.id ?? ""]),
    ({ code }) => code === 0,
  );
  expect(await answerOf(agent)).toMatchObject({ id: expect.stringMatching(/^file-/), attempts: 2 });
  const sent = api.calls.slice(before).map(({ bodySha256 }) => bodySha256);
  expect(sent).toEqual([known?.requestSha256]);
});

/** Straight to the control socket: fifty command lines would take a minute to start. */
function control(socketPath: string, method: string, path: string, body: object = {}) {
  return new Promise<number>((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const request = httpRequest({ socketPath, method, path, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    request.end(JSON.stringify(body));
  });
}

test("fifty approvals at once make one upstream call", async () => {
  const before = api.calls.length;
  const agent = home.agent("ask.mjs", ["upload"]);
  const [review] = await waiting(1);
  const { socket } = await home.daemon();
  const approve = () => control(socket, "POST", `/v1/reviews/${review?.id}/approve`);
  const statuses = await Promise.all(Array.from({ length: 50 }, approve));
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(new Set(statuses)).toEqual(new Set([200, 409]));
  expect(await answerOf(agent)).toMatchObject({ attempts: 1 });
  expect(api.calls.length).toBe(before + 1);
});

test("a session's token does not reach the control API", async () => {
  const held = await holdSession(home);
  for (const path of ["/v1/reviews", "/v1/reviews/rev_1/approve"]) {
    const { origin } = new URL(held.baseUrl);
    const reply = await fetch(`${origin}${path}`, {
      method: path.endsWith("approve") ? "POST" : "GET",
      headers: { authorization: `Bearer ${held.token}` },
    });
    // Asked from outside its run besides.
    expect([401, 404]).toContain(reply.status);
  }
  await held.end();
});

test("a webhook is told of opening and answer, signed, without the prompt", async () => {
  const agent = home.agent("ask.mjs", ["upload"]);
  const [review] = await waiting(1);
  await home.hoopx(["deny", review?.id ?? "", "--comment", "no"]);
  await agent.done;
  const mine = () => hooks.filter(({ body }) => body.includes(review?.id ?? ""));
  const told = await eventually(mine, ({ length }) => length === 2);
  expect(told.map(({ body }) => JSON.parse(body))).toMatchObject([
    { type: "review.opened", review: { status: "pending" } },
    { type: "review.changed", review: { status: "denied", comment: "no" } },
  ]);
  for (const { headers, body } of told) {
    const [, time, signature] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["x-hoopx-signature"])) ?? [];
    const expected = createHmac("sha256", hookSecret).update(`${time}.${body}`).digest("hex");
    expect(signature).toBe(expected);
    expect(body).not.toContain("secret plans");
  }
});

test("a run says once on stderr, and on the desktop, that a review waits", async () => {
  const bin = join(home.path, "bin");
  const shown = join(home.path, "shown.txt");
  mkdirSync(bin);
  // What a desktop's own program would be given, and with which variables.
  writeFileSync(
    join(bin, "notify-send"),
    `#!/bin/sh\n{ printf '%s\\n' "$@"; env; } >>'${shown}'\n`,
  );
  chmodSync(join(bin, "notify-send"), 0o755);
  const environment = {
    PATH: `${bin}:${home.environment.PATH}`,
    DISPLAY: ":9",
    OPENAI_API_KEY: "sk-of-the-person",
  };
  const agent = home.agent("ask.mjs", ["upload"], { environment });
  const [review] = await waiting(1);
  await eventually(agent.stderr, (text) => text.includes(review?.id ?? ""));
  const line = `files.create · /v1/files waits for a review (${review?.rule}): hoopx approve ${review?.id}`;
  if (process.platform === "linux") {
    const text = await eventually(
      () => (existsSync(shown) ? readFileSync(shown, "utf8") : ""),
      (found) => found.includes("PATH="),
    );
    expect(text).toContain("files.create · /v1/files waits for a review");
    expect(text).toContain(`hoopx approve ${review?.id}`);
    expect(text).not.toContain("sk-of-the-person");
  }
  await home.hoopx(["approve", review?.id ?? ""]);
  const { stderr } = await agent.done;
  expect(stderr.split(line)).toHaveLength(2);
  expect(stderr).not.toContain("\u0007");
  expect(stderr).toContain("1 approved");
});

test("scripts: wait says the answer by its exit code, watch a line each", async () => {
  const watch = home.start(["reviews", "--watch", "--json"]);
  const agent = home.agent("ask.mjs", ["upload"]);
  const [review] = await waiting(1);
  const id = review?.id ?? "";
  expect((await home.hoopx(["reviews", "wait", id, "--timeout", "1s"])).code).toBe(8);
  const wait = home.start(["reviews", "wait", id]);
  await watch.shows(id);
  await home.hoopx(["approve", id, "--for", "session"]);
  expect((await wait.done).code).toBe(0);
  await watch.shows('"review.changed"');
  await agent.done;
  watch.child.kill("SIGINT");
  await watch.done;
  const lines = watch
    .stdout()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type, review: { status } }) => [type, status])).toEqual([
    ["review.opened", "pending"],
    ["review.changed", "approved"],
  ]);
  const [grant] = await home.json<readonly { id: string; scope: string }[]>(["grants"]);
  expect(grant).toMatchObject({ scope: "session" });
  expect((await home.hoopx(["grants", "revoke", grant?.id ?? ""])).code).toBe(0);
  expect((await home.hoopx(["grants"])).stdout).toContain("revoked");
});
