import { expect, test } from "vitest";
import { atOnce } from "../../../src/daemon/model/turns.js";
import { createPolicy } from "../../../src/daemon/policy/evaluate.js";
import { lintRules } from "../../../src/daemon/policy/lint.js";
import { parsePolicy } from "../../../src/daemon/policy/parse.js";
import type { PolicyInput } from "../../../src/daemon/policy/policy.js";
import { createSuggester } from "../../../src/daemon/policy/suggest.js";
import type { PastRequest } from "../../../src/daemon/policy/trial.js";
import { openai } from "../../../src/daemon/providers/openai/openai.js";
import { knownInput } from "./known-input.js";

const actions = openai.actions.map(({ action }) => action);

const past = (input: PolicyInput, rule: string | null = null): PastRequest => ({
  exchangeId: "exc_1",
  decided:
    rule === null
      ? { effect: "allow", rule: "old", reason: "" }
      : { effect: "deny", rule, reason: "" },
  input,
  toolCalls: async () => [],
});

async function suggested(...requests: readonly PastRequest[]) {
  const suggester = createSuggester();
  for (const request of requests) suggester.add(request);
  const suggestion = suggester.suggestion("what ses_1 did");
  const { rules, problems } = await parsePolicy("s.yaml", suggestion.yaml, "user");
  expect(problems).toEqual([]);
  expect(atOnce(lintRules(rules, { actions }))).toEqual([]);
  return { ...suggestion, policy: createPolicy(rules, "00") };
}

const effectOf =
  (policy: { evaluate: (input: PolicyInput) => { effect: string } }) => (input: PolicyInput) =>
    policy.evaluate(input).effect;

test("what was done is allowed, and what is a little other is not", async () => {
  const chat = knownInput({ action: "responses.create", model: "gpt-5", tools: ["weather"] });
  const other = knownInput({ action: "responses.create", model: "gpt-5-mini", tools: [] });
  const list = knownInput({ action: "files.list" });
  const odd = knownInput({ action: "unknown", method: "POST", path: "/v1/odd?x=1" });
  const { yaml, rules, notes, policy } = await suggested(
    past(chat),
    past(other),
    past(list),
    past(odd, "no-odd"),
  );
  expect(rules).toBe(3);
  expect(notes).toEqual([]);
  expect(yaml).toContain("# what ses_1 did");
  expect(yaml).toContain("# 1 request; then: deny by no-odd");
  const effect = effectOf(policy);
  expect([chat, other, list, odd].map(effect)).toEqual(["allow", "allow", "allow", "allow"]);

  const { operation } = chat;
  for (const change of [
    { connection: "eu" },
    { identity: { ...chat.identity, subject: "eve" } },
    { identity: { ...chat.identity, issuer: "https://other.example" } },
    { process: { ...chat.process, command: "node other.js" } },
    { operation: { ...operation, model: "gpt-6" } },
    { operation: { ...operation, model: null } },
    { operation: { ...operation, tools: ["weather", "shell"] } },
    { operation: { ...operation, background: true } },
    { operation: { ...operation, action: "chat.completions.create" } },
    { operation: { ...odd.operation, path: "/v1/odder" } },
  ]) {
    expect(effect({ ...chat, ...change }), JSON.stringify(change)).toBe("deny");
  }
});

test("where no tool was declared, none may be", async () => {
  const chat = knownInput({ action: "responses.create", model: "gpt-5", tools: [] });
  const { policy } = await suggested(past(chat));
  expect(effectOf(policy)(chat)).toBe("allow");
  const tool = { ...chat, operation: { ...chat.operation, tools: ["shell"] } };
  expect(effectOf(policy)(tool)).toBe("deny");
});

test("what names cannot hold is said", async () => {
  const input = knownInput({ action: "files.list" });
  const long = { ...input, process: { ...input.process, command: `run ${"x".repeat(2000)} *` } };
  const { notes, policy } = await suggested(past(long));
  expect(effectOf(policy)(long)).toBe("allow");
  expect(notes.join("\n")).toContain("too long to be named whole");
  expect(notes.join("\n")).toContain("has a * or ?");
});

test("a session that did nothing needs no rule", async () => {
  const { yaml, rules } = await suggested();
  expect(rules).toBe(0);
  expect(yaml).toContain("rules: []");
});
