/**
 * What an approval is of (SECURITY A1), and what a longer one speaks for (SECURITY A6): what makes
 * another request makes another review; another rule, action, tool or connection is asked about.
 */
import { expect, test } from "vitest";
import type { Connection } from "../../../../src/daemon/model/connection.js";
import type { RuleOrigin, Verdict } from "../../../../src/daemon/model/decision.js";
import type { Operation } from "../../../../src/daemon/model/operation.js";
import type { ToolCall } from "../../../../src/daemon/model/review.js";
import { bindingOf } from "../../../../src/daemon/path/request/binding.js";
import type { Policy } from "../../../../src/daemon/policy/policy.js";

const body = Buffer.from('{"name":"plans"}');

const origin: RuleOrigin = { layer: "organisation", file: "/etc/hoopx/policy.yaml", hash: "h" };
const verdict: Verdict = { effect: "review", rule: "writes", origin, reason: "because" };
const operation = {
  action: "vector_stores.create",
  class: "write",
  method: "POST",
  path: "/v1/vector_stores",
} as Operation;
const connection = {
  name: "openai",
  origin: "https://api.example",
  basePath: "/v1",
  credential: { kind: "static-key", secretName: "openai" },
} as unknown as Connection;

function bound(
  headers: Readonly<Record<string, string>>,
  change: { body?: Buffer; connection?: Connection; operation?: Operation; policy?: Policy } = {},
  ruled: Verdict = verdict,
  call?: ToolCall,
) {
  const list = Object.entries({ "content-type": "application/json", ...headers });
  return bindingOf(
    {
      method: "POST",
      path: "/v1/vector_stores",
      query: "",
      body,
      header: (name) => list.find(([one]) => one.toLowerCase() === name)?.[1],
      headers: list.flat(),
      connection,
      operation,
      policy: { hash: "p" } as Policy,
      ...change,
    },
    ruled,
    call,
  );
}

const of = async (headers: Readonly<Record<string, string>>) => (await bound(headers)).binding;

test.each([
  { "OpenAI-Project": "proj_other" },
  { "openai-organization": "org_other" },
  { "Content-Encoding": "br" },
  { "anthropic-beta": "computer-use" },
])("%o: another review", async (headers) => {
  expect(await of(headers)).not.toBe(await of({}));
  const [[name = "", value = ""] = []] = Object.entries(headers);
  expect(await of({ [name.toUpperCase()]: value })).toBe(await of(headers));
});

test("what a client writes anew with each try is not bound", async () => {
  expect(await of({ "x-stainless-retry-count": "2", "x-client-request-id": "b" })).toBe(
    await of({ "x-stainless-retry-count": "0" }),
  );
});

const another = (change: Partial<RuleOrigin>): Verdict => ({
  ...verdict,
  origin: { ...origin, ...change },
});

test.each([
  ["a rule of the same name in a project's file", another({ layer: "project" })],
  ["one in another file of the layer", another({ file: "/elsewhere/policy.yaml" })],
  ["the same rule with other terms", another({ hash: "edited" })],
  [
    "the same rule beside another",
    { ...verdict, also: [{ name: "b", ...origin, layer: "project" as const }] },
  ],
])("%s: another review, and no longer approval speaks for it", async (_name, ruled) => {
  const [mine, other] = [await bound({}), await bound({}, {}, ruled)];
  expect(other.binding).not.toBe(mine.binding);
  expect(other.likeness).not.toBe(mine.likeness);
});

const unknownAt = (path: string) =>
  ({ ...operation, action: "unknown", class: "unknown", path }) as Operation;

test.each([
  ["another action", { operation: { ...operation, action: "organization.admin_keys.create" } }],
  ["another upstream", { connection: { ...connection, origin: "https://other.example" } }],
  ["another path below it", { connection: { ...connection, basePath: "/v2" } }],
  ["another connection", { connection: { ...connection, name: "work" } }],
  [
    "another credential",
    {
      connection: {
        ...connection,
        credential: { kind: "static-key", secretName: "admin" },
      } as unknown as Connection,
    },
  ],
])("a longer approval does not speak for %s", async (_name, change) => {
  expect((await bound({}, change)).likeness).not.toBe((await bound({})).likeness);
});

test("of operations that have no name, a longer approval speaks for the one path", async () => {
  const of = async (path: string) => (await bound({}, { operation: unknownAt(path) })).likeness;
  expect(await of("/v1/x")).not.toBe(await of("/v1/y"));
  expect(await of("/v1/x?page=2")).toBe(await of("/v1/x"));
});

test("it speaks for other bodies, headers and policies around the same rule", async () => {
  const change = { body: Buffer.from("{}"), policy: { hash: "edited elsewhere" } as Policy };
  expect((await bound({ "openai-project": "p" }, change)).likeness).toBe(
    (await bound({})).likeness,
  );
});

test("of tool calls it speaks for one tool, whatever its arguments", async () => {
  const call = (name: string, text = "{}", kind: ToolCall["kind"] = "function") =>
    bound({}, {}, verdict, { name, arguments: text, kind });
  expect((await call("shell", '{"cmd":"ls"}')).likeness).toBe((await call("shell")).likeness);
  expect((await call("shell", '{"cmd":"ls"}')).binding).not.toBe((await call("shell")).binding);
  expect((await call("mail")).likeness).not.toBe((await call("shell")).likeness);
  expect((await call("shell", "{}", "custom")).likeness).not.toBe((await call("shell")).likeness);
  expect((await call("shell")).likeness).not.toBe((await bound({})).likeness);
});

test("where the rule cannot be told, a longer approval speaks for nothing", async () => {
  const { origin: _, ...nameless } = verdict;
  expect((await bound({}, {}, nameless)).likeness).toBeNull();
});
