/** A policy file in force: what it denies does not leave, an edit counts at once, a broken one is said. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type HeldSession, holdSession } from "../support/held-session.js";
import { createHome, type TestHome } from "../support/home.js";
import { type ModelApi, startModelApi } from "../support/model-api.js";

let api: ModelApi;
let home: TestHome;
let held: HeldSession | undefined;

beforeAll(async () => {
  api = await startModelApi();
  home = createHome();
  mkdirSync(join(home.path, "config"), { recursive: true });
  writePolicy("{ name: all, when: {}, effect: allow }");
  await home.connect(api.baseUrl, "sk-policy-0123456789abcdef");
});
afterEach(async () => {
  await held?.end();
  held = undefined;
});
afterAll(async () => {
  await home.dispose();
  await api.close();
});

const userFile = () => join(home.path, "config", "policy.yaml");
function writePolicy(...rules: readonly string[]): void {
  writeFileSync(userFile(), `version: 1\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join("")}`);
}
/** Asks for the state, for which the daemon looks at the files. */
const status = () => home.daemon();

const ask = (body: object, headers: readonly string[] = [], packed = false) => {
  const text = JSON.stringify({ model: "gpt-5-mini", ...body });
  if (held === undefined) throw new Error("no session");
  return held.request({
    method: "POST",
    target: "/openai/v1/responses",
    headers,
    body: packed ? gzipSync(text) : text,
  });
};

test("what a rule denies never leaves, and its message is told; plain, hidden or compressed", async () => {
  writePolicy(
    "{ name: all, when: {}, effect: allow }",
    "{ name: sql, when: { prompt: { matches: ['(?i)\\bdrop\\s+table\\b'] } }, effect: deny, message: destructive SQL is not for agents }",
  );
  await status();
  held = await holdSession(home);
  const before = api.calls.length;
  const gzip = ["Content-Encoding: gzip"];
  for (const reply of [
    await ask({ input: "please DROP  table users" }),
    await ask({ instructions: "ｄｒｏｐ\u200b table users" }),
    await ask({ tools: [{ type: "function", name: "f", description: "drop table" }] }),
    await ask({ input: "drop table users" }, gzip, true),
  ]) {
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body).error).toMatchObject({ code: "policy_denied" });
    expect(reply.body).toContain("denied by rule sql: destructive SQL is not for agents");
    expect(reply.body).toMatch(/hoopx policy explain exc_\w+\)/);
  }
  expect(api.calls.length).toBe(before);
  expect((await ask({ input: "hello" })).status).toBe(200);
  expect(api.calls.length).toBe(before + 1);
  const exchanges = await home.exchangesOf(held.id);
  expect(exchanges.map(({ decision }) => decision?.rule)).toEqual([
    "sql",
    "sql",
    "sql",
    "sql",
    "all",
  ]);
});

test("a broken edit keeps the last good one, and status, log and the next run say so", async () => {
  writePolicy("{ name: all, when: {}, effect: allow }");
  const good = await status();
  expect(good.policy.problems).toEqual([]);
  writePolicy("{ name: all, when: { grups: [x] }, effect: deny }");
  const broken = await status();
  expect(broken.policy.hash).toBe(good.policy.hash);
  expect(broken.policy.problems).toEqual([
    {
      file: userFile(),
      line: 3,
      column: 26,
      reason: "no key rules.0.when.grups",
      hint: "did you mean groups?",
    },
  ]);
  const shown = await home.hoopx(["daemon", "status"]);
  expect(shown.stderr).toContain("policy.yaml:3:26: no key rules.0.when.grups");
  expect(readFileSync(broken.logFile, "utf8")).toContain("policy.yaml:3:26: no key");
  held = await holdSession(home);
  expect(held.running.stderr()).toContain("policy.yaml:3:26: no key rules.0.when.grups");
  expect((await ask({ input: "hello" })).status).toBe(200);
  const session = await home.lastSession();
  expect(session.policyHash).toBe(good.policy.hash);
});

test("a project's policy narrows its sessions, and an edit reaches one that runs", async () => {
  writePolicy("{ name: all, when: {}, effect: allow }");
  const project = join(home.path, "project");
  mkdirSync(join(project, ".hoopx"), { recursive: true });
  const file = join(project, ".hoopx", "policy.yaml");
  const deny = (model: string) =>
    writeFileSync(
      file,
      `version: 1\nrules: [{ name: no, when: { models: ["${model}"] }, effect: deny }]\n`,
    );
  deny("gpt-5*");
  const general = (await status()).policy.hash;
  held = await holdSession(home, { cwd: project });
  expect((await home.lastSession()).policyHash).not.toBe(general);
  expect((await ask({ input: "hello" })).status).toBe(400);
  deny("o3");
  await status();
  expect((await ask({ input: "hello" })).status).toBe(200);
});

test("a budget ends a session's requests, and a restart of the daemon forgives none", async () => {
  writePolicy(
    "{ name: all, when: {}, effect: allow }",
    "{ name: enough, when: { budget: { requests: 2, per: session } }, effect: deny, message: two are enough }",
  );
  await status();
  held = await holdSession(home);
  const statuses = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await ask({ input: "hello" })).status);
  expect(statuses).toEqual([200, 200, 400]);
  // One more session has its own.
  await held.end();
  held = await holdSession(home);
  expect((await ask({ input: "hello" })).status).toBe(200);
  await home.hoopx(["daemon", "restart"]);
  expect((await ask({ input: "hello" })).status).toBe(200);
  expect((await ask({ input: "hello" })).body).toContain("two are enough");
});
