import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPolicyCommands } from "../../../../src/daemon/compose/policy-commands.js";
import type { ControlProblem } from "../../../../src/daemon/control/control-problem.js";
import { createMaskings } from "../../../../src/daemon/masking/maskings.js";
import type { Connection } from "../../../../src/daemon/model/connection.js";
import { connectionTestReason, type Decision } from "../../../../src/daemon/model/decision.js";
import { exchangeIdOf } from "../../../../src/daemon/model/exchange.js";
import type { RefusalCode } from "../../../../src/daemon/model/refusal.js";
import { layeredPolicy } from "../../../../src/daemon/policy/layers.js";
import { parsePolicy } from "../../../../src/daemon/policy/parse.js";
import { openStore } from "../../../../src/daemon/store/sqlite-store.js";
import type { Store } from "../../../../src/daemon/store/store.js";
import {
  close,
  endingOf,
  frameOf,
  openingOf,
  sessionOf,
  start,
} from "../../../contracts/records.js";
import { actorWith } from "../../../support/actors.js";

let store: Store;
const session = sessionOf();
const key = BigInt(start) << 22n;
const connection = { name: "openai", provider: "openai", basePath: "/v1" } as Connection;
const signal = new AbortController().signal;

beforeEach(async () => {
  store = await openStore({
    file: ":memory:",
    warn: (message) => {
      throw new Error(message);
    },
  });
  await store.sessions.add(session);
});
afterEach(() => store.close());

async function layer(text: string, name: "user" | "project" = "user") {
  const file = `/c/${name}.yaml`;
  const { rules, masking, problems } = await parsePolicy(file, text, name);
  return { name, file, text, rules, masking, problems, unreadable: problems.length > 0 };
}

function commands(given: Awaited<ReturnType<typeof layer>>[] = []) {
  return createPolicyCommands({
    policies: { refresh: async () => layeredPolicy(given) },
    store,
    connections: { list: () => [connection], find: () => connection },
    limits: { bodyBytes: 1024 ** 2, unpackRatio: 100 },
    prices: (_, { input, output }) => (input + output) / 100,
    maskings: createMaskings(),
    now: () => new Date(start),
  });
}

const actor = actorWith({ identity: async () => session.identity });
const call = <Body>(body: Body) => ({
  ...{ params: {}, query: new URLSearchParams(), body, actor, signal },
});

/** Records a request to the Responses API, and its reply. */
async function record(
  place: bigint,
  body: object | string,
  {
    head = "",
    decision,
    reply,
    error = null,
  }: {
    head?: string;
    decision?: Partial<Decision> | null;
    reply?: object;
    error?: RefusalCode | null;
  } = {},
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const opening = openingOf(key + place, {
    sessionId: session.id,
    seq: Number(place),
    requestBytes: text.length,
    frames: [
      frameOf(
        "request-head",
        1,
        `POST /openai/v1/responses HTTP/1.1\r\ncontent-type: application/json\r\n${head}\r\n`,
      ),
      frameOf("request-body", 2, text),
    ],
  });
  await store.transcripts.open({
    ...opening,
    decision: decision === null ? null : { ...(opening.decision as Decision), ...decision },
  });
  if (reply !== undefined) {
    for (const frame of [
      frameOf("reply-head", 3, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"),
      frameOf("reply-body", 4, JSON.stringify(reply)),
    ]) {
      await new Promise<void>((resolve, reject) =>
        store.transcripts.append(key + place, frame, (error) =>
          error ? reject(error) : resolve(),
        ),
      );
    }
  }
  await close(store, key + place, endingOf({ tokens: { input: 60, output: 40 }, error }));
}

const shellCall = {
  object: "response",
  output: [{ type: "function_call", call_id: "c", name: "shell", arguments: '{"cmd":"rm -rf /"}' }],
};

const file = (text: string) => ({ name: "new.yaml", text });
const rules = (...lines: string[]) =>
  `version: 1\nrules:\n${lines.map((line) => `  - ${line}\n`).join("")}`;

async function tested(text: string) {
  const lines: unknown[] = [];
  const since = new Date(start - 1000).toISOString();
  const stream = await commands().policyTest(call({ since, file: file(text) }));
  await stream(async (line) => void lines.push(line), signal);
  const done = lines.at(-1) as { result: Record<string, unknown> };
  return done.result;
}

test("what is in force is shown by layer, with what is left out of it", async () => {
  const user = await layer(rules("{ name: a, when: { groups: [leads] }, effect: allow }"));
  const project = await layer(
    rules(
      "{ name: p, when: {}, effect: allow }",
      "{ name: q, when: { store: true }, effect: deny }",
    ),
    "project",
  );
  const view = await commands([user, project]).policyShow(call({}));
  expect(view.layers).toMatchObject([
    {
      layer: "user",
      file: "/c/user.yaml",
      hash: createHash("sha256").update(user.text).digest("hex"),
      rules: 1,
      problems: [],
    },
    { layer: "project", problems: [{ line: 3, reason: expect.stringContaining("only narrow") }] },
  ]);
  expect(view.rules.map(({ name, effect }) => `${name} ${effect}`)).toEqual(["q deny", "a allow"]);
  expect((await commands().policyShow(call({}))).layers).toMatchObject([
    { layer: "built-in", file: null, rules: 4 },
  ]);
});

test("check tells what does not parse, what means nothing, and nothing of a good file", async () => {
  const check = async (text: string) =>
    (await commands().policyCheck(call({ file: file(text) }))).problems.map(({ line }) => line);
  expect(await check("version: 1\nrules: 3\n")).toEqual([2]);
  expect(
    await check(rules("{ name: a, when: { operations: [file.list] }, effect: deny }")),
  ).toEqual([3]);
  expect(await check(rules("{ name: a, when: {}, effect: deny }"))).toEqual([]);
  const shown = await commands([await layer("version: 1\nrules: []\n")]).policyCheck(call({}));
  expect(shown).toMatchObject({ ok: true, files: ["/c/user.yaml"], rules: 0, problems: [] });
});

test("a file with mistakes cannot be tried", async () => {
  const asked = commands().policyTest(
    call({ since: new Date(start).toISOString(), file: file("rules: 3") }),
  );
  await expect(asked).rejects.toMatchObject({
    code: "policy_invalid",
  } satisfies Partial<ControlProblem>);
});

test("a recorded request is read again whole: prompt, flags, budgets, tool calls", async () => {
  await record(1n, { model: "gpt-5", input: "say hi", store: false });
  await record(2n, { model: "gpt-5", input: "drop table users" }, { reply: shellCall });
  const explain = async (place: bigint, ...lines: string[]) =>
    commands().policyExplain(
      call({ exchange: exchangeIdOf(key + place), file: file(rules(...lines)) }),
    );
  const all = "{ name: all, when: {}, effect: allow }";

  const sql = "{ name: sql, when: { prompt: { contains: [drop table] } }, effect: deny }";
  expect((await explain(1n, all, sql)).verdict.rule).toBe("all");
  expect(await explain(2n, all, sql)).toMatchObject({
    effect: "deny",
    verdict: { rule: "sql" },
    recorded: { effect: "allow", rule: "built-in" },
    toolCalls: [],
  });
  const store = "{ name: kept, when: { store: true }, effect: deny }";
  expect((await explain(1n, all, store)).effect).toBe("allow");
  expect((await explain(2n, all, store)).effect).toBe("deny");

  const spent = "{ name: spent, when: { budget: { tokens: 100, per: session } }, effect: deny }";
  expect((await explain(1n, all, spent)).effect).toBe("allow");
  expect((await explain(2n, all, spent)).effect).toBe("deny");

  const shell =
    "{ name: rm, when: { toolCall: { names: [shell], arguments: { contains: [rm -rf] } } }, effect: review }";
  expect(await explain(2n, all, shell)).toMatchObject({
    effect: "review",
    verdict: { effect: "allow" },
    toolCalls: [{ name: "shell", verdict: { effect: "review", rule: "rm" } }],
  });
});

test("tool calls of the past are of the kinds that the gate sees", async () => {
  const call = { type: "custom_tool_call", id: "i", call_id: "c", name: "patch", input: "rm" };
  const reply = { object: "response", output: [call] };
  await record(1n, { model: "gpt-5", input: "hi" }, { reply });
  const changes = async (kind: string) =>
    (
      await tested(
        rules(
          "{ name: all, when: {}, effect: allow }",
          `{ name: held, when: { toolCall: { kinds: [${kind}] } }, effect: deny }`,
        ),
      )
    ).changes;
  expect(await changes("custom")).toMatchObject([{ about: "tool-call", toRule: "held", count: 1 }]);
  expect(await changes("function")).toEqual([]);
});

test("what cannot be explained is said", async () => {
  const explain = (exchange: string) => commands().policyExplain(call({ exchange }));
  await expect(explain("exc_0000000000000")).rejects.toMatchObject({ code: "not_found" });
  await expect(explain("nonsense")).rejects.toMatchObject({ code: "not_found" });
  await expect(commands().policyExplain(call({}))).rejects.toMatchObject({ code: "bad_request" });
  await record(1n, "{not json");
  await expect(explain(exchangeIdOf(key + 1n))).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("its body cannot be read again"),
  });
});

test("tests of connections are left out, and a body that could not be read is not taken for another", async () => {
  await record(1n, { model: "gpt-5", input: "hi" });
  await record(2n, "", { decision: { reason: connectionTestReason } });
  for (const [place, error] of [
    [3n, "body_unreadable"],
    [4n, "body_too_large"],
    [5n, "encoding_unsupported"],
  ] as const) {
    await record(place, '{"model":"gpt-5"}', { decision: null, error });
  }
  const result = await tested(rules("{ name: all, when: {}, effect: allow }"));
  expect(result).toMatchObject({
    ...{ exchanges: 1, same: 1, changed: 0, skipped: 3, changes: [] },
    notes: [
      "3 not read again: it was refused before a rule was asked",
      "1 left out: they test a connection, and no rule decides them",
    ],
  });
});

test("a test counts what would change, in order, with budgets, and what it could not read", async () => {
  for (let place = 1n; place <= 5n; place += 1n) {
    await record(place, { model: "gpt-5", input: "hi" });
  }
  await record(6n, "{not json");
  const result = await tested(
    rules(
      "{ name: all, when: {}, effect: allow }",
      "{ name: spent, when: { budget: { requests: 3, per: identity } }, effect: deny }",
    ),
  );
  expect(result).toMatchObject({
    file: "new.yaml",
    exchanges: 5,
    same: 3,
    changed: 2,
    skipped: 1,
    notes: ["1 not read again: its body cannot be read again"],
  });
  expect(result.changes).toMatchObject([
    {
      from: "allow",
      to: "deny",
      toRule: "spent",
      count: 2,
      examples: [exchangeIdOf(key + 5n), exchangeIdOf(key + 4n)],
    },
  ]);
});

test("what would be denied uses up no budget of what comes after it", async () => {
  for (let place = 1n; place <= 4n; place += 1n) {
    await record(place, { model: "gpt-5", input: place < 3n ? "drop table users" : "hi" });
  }
  const result = await tested(
    rules(
      "{ name: all, when: {}, effect: allow }",
      "{ name: sql, when: { prompt: { contains: [drop table] } }, effect: deny }",
      "{ name: spent, when: { budget: { tokens: 200, per: day } }, effect: deny }",
    ),
  );
  expect(result.changes).toMatchObject([{ toRule: "sql", count: 2 }]);
});

test("compressed requests are read as the data path read them", async () => {
  const { gzipSync } = await import("node:zlib");
  const body = gzipSync(JSON.stringify({ model: "gpt-5", input: "drop table users" }));
  const opening = openingOf(key + 1n, { sessionId: session.id });
  await store.transcripts.open({
    ...opening,
    frames: [
      frameOf(
        "request-head",
        1,
        "POST /openai/v1/responses HTTP/1.1\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n\r\n",
      ),
      { kind: "request-body", at: 2, data: body },
    ],
  });
  const result = await tested(
    rules("{ name: sql, when: { prompt: { contains: [drop table] } }, effect: deny }"),
  );
  expect(result.changes).toMatchObject([{ toRule: "sql", count: 1 }]);
});

test("a suggestion allows what the session did", async () => {
  await record(1n, { model: "gpt-5", input: "hi" });
  await record(2n, { model: "gpt-4", input: "hi" }, { decision: { effect: "deny", rule: "no-4" } });
  const view = await commands().policySuggest(call({ session: "last" }));
  expect(view).toMatchObject({ sessionId: session.id, exchanges: 2, rules: 1, notes: [] });
  expect(view.yaml).toContain("then: deny by no-4");
  const check = await commands().policyCheck(call({ file: file(view.yaml) }));
  expect(check.problems).toEqual([]);
  expect(await tested(view.yaml)).toMatchObject({ same: 1, changed: 1 });
  await expect(commands().policySuggest(call({ session: "ses_none" }))).rejects.toMatchObject({
    code: "not_found",
  });
});
