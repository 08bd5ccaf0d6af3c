/**
 * A project's policy is an agent's to write: as large as it may be, it is read
 * and linted in small steps, and what would take too long is not compared.
 */
import { expect, test } from "vitest";
import { createMaskings } from "../../../src/daemon/masking/maskings.js";
import { createEffort } from "../../../src/daemon/policy/effort.js";
import { inferenceGap } from "../../../src/daemon/policy/inference-gap.js";
import { lintRules, neverMatching } from "../../../src/daemon/policy/lint.js";
import { parsePolicy, parseSteps } from "../../../src/daemon/policy/parse.js";
import { loadPatternCompiler } from "../../../src/daemon/policy/pattern.js";
import { knownActions as actions } from "../../../src/daemon/providers/providers.js";

function counted<Result>(steps: Generator<void, Result>): { steps: number; result: Result } {
  for (let count = 0; ; count += 1) {
    const { done, value } = steps.next();
    if (done) return { steps: count, result: value };
  }
}

const list = (length: number, item: (at: number) => string) =>
  Array.from({ length }, (_, at) => item(at)).join(",");
const rules = (count: number, when: (at: number) => string) =>
  `version: 1\nrules: [${list(count, (at) => `{name: r${at},when: {${when(at)}},effect: deny}`)}]`;

const compile = await loadPatternCompiler();
const parsed = (text: string) =>
  counted(parseSteps(text, { file: "p", layer: "project", detectors: undefined, compile }));

test("each rule and each expression is a step of its own", () => {
  const expression = (at: number) => `'[a-z]{1,20}x${at}'`;
  const many = parsed(
    rules(100, (at) => `prompt: {matches: [${list(4, (n) => expression(at * 4 + n))}]}`),
  );
  expect(many.result.problems).toEqual([]);
  expect(many.steps).toBeGreaterThan(100 + 400);
  const nested = rules(1, () => `any: [${list(200, (at) => `{not: {models: [m${at}]}}`)}]`);
  expect(parsed(nested).steps).toBeGreaterThan(200);
});

test("what would be told a thousand times is told twenty times", () => {
  const wrong = [
    rules(500, () => "modles: [x]"),
    rules(500, () => "operations: [wirte]"),
    rules(1, () => `prompt: {matches: [${list(500, () => "'('")}]}`),
    rules(1, () => `any: [${list(300, () => "{models: 7}")}]`),
  ];
  for (const text of wrong) expect(parsed(text).result.problems).toHaveLength(20);
});

test("a rule with more values than a person writes is told at its place", () => {
  const text = rules(1, () => `any: [${list(1000, () => "{models: 7}")}]`);
  expect(parsed(text).result.problems).toMatchObject([
    { line: 2, reason: "rules.0 has over 2000 values", hint: "make several of it" },
  ]);
});

test("an expression that takes long to compile is refused before it is", () => {
  const text = rules(1, () => `prompt: {matches: ['${"x{1000}".repeat(140)}']}`);
  expect(parsed(text).result.problems).toMatchObject([{ reason: "it is too large: repeat less" }]);
});

const globs = list(40, (at) => `'*${"?".repeat(at % 5)}*.list'`);
const ways = (at: number) => list(50, (n) => `{models: [m${at}-${n}]}`);
const large: readonly [string, string, number][] = [
  ["globs over operations", rules(200, () => `operations: [${globs}]`), 200],
  ["many ways to match", rules(60, (at) => `any: [${ways(at)}], groups: [g]`), 60],
  ["rules that exclude nothing", rules(400, (at) => `models: [m${at}]`), 400],
];

test.each(large)("%s: linted in steps", async (_name, text, least) => {
  const { rules, problems } = await parsePolicy("p", text, "user");
  expect(problems).toEqual([]);
  expect(counted(neverMatching(rules, { actions })).steps).toBeGreaterThanOrEqual(least);
  const lint = counted(lintRules(rules, { actions }));
  expect(lint.steps).toBeGreaterThanOrEqual(least);
  expect(lint.result.length).toBeLessThanOrEqual(20);
  const gap = counted(inferenceGap(rules, "p", actions));
  expect(gap.steps).toBe(rules.length);
});

test("what takes too long to compare is not compared, and the rest is", async () => {
  const globs = (first: string) => `[${list(400, (at) => `'${first}*${at}${"a*".repeat(20)}'`)}]`;
  const excluding = (one: string, other: string) => `models: ${one}, all: [{models: ${other}}]`;
  const text = rules(2, (at) =>
    at === 0 ? excluding(globs("a"), globs("b")) : excluding("['a*']", "['b*']"),
  );
  const found = await parsePolicy("p", text, "user");
  expect(found.problems).toEqual([]);
  const told = counted(neverMatching(found.rules, { actions })).result;
  expect(told.map(({ reason }) => reason.split(":")[0])).toEqual(["the rule r1 can never match"]);
});

test("an effort ends in a step, and in all", () => {
  const effort = createEffort();
  expect(effort.spend(1e9)).toBe(false);
  let spent = 0;
  while (effort.spend(1e6)) spent += 1;
  expect(spent).toBe(100);
  expect(effort.spend(1)).toBe(false);
});

test("own patterns and words of masking are compiled before they are in force", async () => {
  const { prepare, masking } = createMaskings();
  const patterns = [{ name: "ticket", match: "TCK-\\d{6}" }];
  const words = [{ name: "people", words: ["Ada"] }];
  const terms = { detectors: [], patterns, words, requests: "record", restore: false } as const;
  expect(() => masking.open("ses_a", terms)).toThrow("not loaded");
  await prepare({ patterns, words });
  const { text } = masking.open("ses_a", terms).mask("Ada has TCK-123456");
  expect(text).not.toMatch(/Ada|123456/);
});
