import { expect, test } from "vitest";
import { atOnce } from "../../../src/daemon/model/turns.js";
import { builtInRules } from "../../../src/daemon/policy/built-in.js";
import { inferenceGap } from "../../../src/daemon/policy/inference-gap.js";
import { parsePolicy } from "../../../src/daemon/policy/parse.js";
import { knownActions } from "../../../src/daemon/providers/providers.js";

async function gap(...rules: readonly string[]) {
  const text = `version: 1\nrules:${rules.length === 0 ? " []" : ""}\n${rules.map((rule) => `  - ${rule}\n`).join("")}`;
  const parsed = await parsePolicy("p.yaml", text, "user");
  expect(parsed.problems).toEqual([]);
  return atOnce(inferenceGap(parsed.rules, "p.yaml", knownActions));
}

const deny = "{ name: d, when: { prompt: { contains: [x] } }, effect: deny }";
const review = "{ name: r, when: { operations: [write, admin] }, effect: review }";

test.each([
  [[deny, review], 3],
  [["{ name: a, when: { operations: ['files.*'] }, effect: allow }"], 3],
  [["{ name: a, when: { not: { operations: [inference] } }, effect: allow }"], 3],
  [["{ name: a, when: { operations: [unknown] }, effect: allow }"], 3],
  [["{ name: a, when: { toolCall: {} }, effect: allow }"], 3],
  [[], 1],
])("%j lets no inference through, and the rule to add mends it", async (rules, line) => {
  const [found, ...more] = await gap(...rules);
  expect(more).toEqual([]);
  expect(found).toMatchObject({ file: "p.yaml", line });
  expect(found?.reason).toContain("no rule allows inference");
  const added = /- (\{.*\})$/.exec(found?.hint ?? "")?.[1] ?? "";
  expect(await gap(...rules, added)).toEqual([]);
});

test.each([
  "{ name: a, when: {}, effect: allow }",
  "{ name: a, when: { operations: [inference] }, effect: review }",
  "{ name: a, when: { operations: [responses.create], models: ['gpt-*'] }, effect: allow }",
  "{ name: a, when: { operations: ['POST /v1/responses'] }, effect: allow }",
  "{ name: a, when: { not: { operations: [write] } }, effect: allow }",
  "{ name: a, when: { any: [{ operations: [read] }, { groups: [x] }] }, effect: allow }",
])("nothing is said where %s", async (rule) => {
  expect(await gap(deny, rule)).toEqual([]);
});

test("the built-in rules let inference through", () => {
  expect(atOnce(inferenceGap(builtInRules, "p.yaml", knownActions))).toEqual([]);
});
