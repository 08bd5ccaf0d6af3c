import { expect, test } from "vitest";
import { createPolicy } from "../../../src/daemon/policy/evaluate.js";
import { explainRules } from "../../../src/daemon/policy/explain.js";
import { parsePolicy } from "../../../src/daemon/policy/parse.js";
import { knownInput } from "./known-input.js";

async function policyOf(...rules: readonly string[]) {
  const text = `version: 1\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join("")}`;
  const parsed = await parsePolicy("p.yaml", text, "user");
  expect(parsed.problems).toEqual([]);
  return createPolicy(parsed.rules, "00");
}

test("each rule says what every condition wanted and saw, and one of them decides", async () => {
  const policy = await policyOf(
    "{ name: infer, when: { operations: [inference], groups: [engineering] }, effect: allow }",
    "{ name: leads, when: { groups: [ops] }, effect: allow }",
    "{ name: sql, when: { prompt: { contains: ['drop table'] } }, effect: deny }",
    "{ name: shell, when: { toolCall: { names: [shell] } }, effect: review }",
  );
  const input = knownInput(
    { action: "responses.create" },
    { prompt: () => ["please DROP TABLE users"] },
  );
  const explained = explainRules(policy.rules, policy.evaluate(input), input);
  expect(explained.map(({ rule, matched, deciding }) => [rule.name, matched, deciding])).toEqual([
    ["sql", true, true],
    ["infer", true, false],
    ["leads", false, false],
  ]);
  const [leads] = explained[2]?.conditions ?? [];
  expect(leads).toMatchObject({ condition: "groups", matched: false });
  expect(leads?.reason).toContain("wants groups: ops");
  expect(leads?.reason).toContain("engineering");
});

test.each(["", "toolCall: {}"])("every rule that wants the review decides it: %j", async (when) => {
  const policy = await policyOf(
    "{ name: infer, when: {}, effect: allow }",
    `{ name: first, when: { ${when} }, effect: review }`,
    `{ name: second, when: { ${when} }, effect: review }`,
    `{ name: others, when: { groups: [ops]${when === "" ? "" : `, ${when}`} }, effect: review }`,
  );
  const input = knownInput({ action: "responses.create" });
  const call = { name: "shell", arguments: "{}", kind: "function" } as const;
  const asked = when === "" ? undefined : call;
  const verdict = asked ? policy.evaluateToolCall(input, asked) : policy.evaluate(input);
  const explained = explainRules(policy.rules, verdict, input, asked);
  const deciding = explained.filter((each) => each.deciding).map(({ rule }) => rule.name);
  expect(deciding).toEqual(["first", "second"]);
  expect(verdict.also).toMatchObject([{ name: "second" }]);
});

test("any and not are told as wholes, with what is in them below", async () => {
  const policy = await policyOf(
    "{ name: r, when: { any: [{ groups: [x] }, { groups: [engineering] }], not: { stream: true } }, effect: allow }",
  );
  const input = knownInput({ action: "responses.create", stream: true });
  const [rule] = explainRules(policy.rules, policy.evaluate(input), input);
  expect(rule?.matched).toBe(false);
  expect(
    [...(rule?.conditions ?? [])].map(({ condition, matched }) => `${condition} ${matched}`).sort(),
  ).toEqual(["any true", "any.groups false", "any.groups true", "not false", "not.stream true"]);
});

test("a tool call is explained by the rules that speak of tool calls", async () => {
  const policy = await policyOf(
    "{ name: all, when: {}, effect: allow }",
    "{ name: rm, when: { toolCall: { names: [shell], arguments: { contains: ['rm -rf'] } } }, effect: deny }",
  );
  const input = knownInput({ action: "responses.create" });
  const call = { name: "shell", arguments: '{"cmd":"rm -rf /"}', kind: "function" } as const;
  const verdict = policy.evaluateToolCall(input, call);
  const explained = explainRules(policy.rules, verdict, input, call);
  expect(explained.map(({ rule, deciding }) => [rule.name, deciding])).toEqual([["rm", true]]);
});

test("a rule that matches, and does not name what has to be named, says so", async () => {
  const policy = await policyOf("{ name: all, when: {}, effect: allow }");
  const input = knownInput({ action: "unknown", method: "POST", path: "/v1/odd" });
  const verdict = policy.evaluate(input);
  expect(verdict.effect).toBe("deny");
  const [rule] = explainRules(policy.rules, verdict, input);
  expect(rule).toMatchObject({ matched: false, deciding: false });
  expect(rule?.conditions.at(-1)?.reason).toContain("only by a rule that names it");
});
