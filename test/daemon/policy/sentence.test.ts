import { expect, test } from "vitest";
import { parsePolicy } from "../../../src/daemon/policy/parse.js";
import { ruleSentence } from "../../../src/daemon/policy/sentence.js";

test.each([
  ["when: {}, effect: allow", "all requests are allowed"],
  [
    "when: { groups: [a, b], operations: [inference] }, effect: allow",
    "requests with groups: a or b and operations: inference are allowed",
  ],
  [
    "when: { operations: [write] }, effect: review",
    "requests with operations: write wait for a person at the keyboard, for up to 10 min",
  ],
  [
    "when: { operations: [write] }, effect: review, review: { by: { groups: [leads], emails: [a@x.org] }, self: false, timeout: 2h, remember: session, approvals: 2 }",
    "requests with operations: write wait for a person of leads or (a@x.org), not the requester, 2 of them, for up to 2 h; an approval holds for the session",
  ],
  [
    "when: { prompt: { contains: [drop table] } }, effect: deny, message: no SQL",
    'requests with prompt: "drop table" are denied: no SQL',
  ],
  [
    "when: { toolCall: { names: [shell] } }, effect: deny, onDeny: tell-model",
    "tool calls with toolCall: shell are denied, and the model is told",
  ],
  [
    "when: { not: { models: [gpt-4] } }, effect: review, review: { timeout: 90s, remember: 15m }",
    "requests with not (models: gpt-4) wait for a person at the keyboard, for up to 90 s; an approval holds for 15 min",
  ],
])("%s", async (rule, sentence) => {
  const text = `version: 1\nrules: [{ name: r, ${rule} }]`;
  const { rules, problems } = await parsePolicy("p.yaml", text, "user");
  expect(problems).toEqual([]);
  expect(rules.map(ruleSentence)).toEqual([sentence]);
});
