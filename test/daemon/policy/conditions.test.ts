/** Every condition of docs/policy.md, matched and not matched, and why. */
import { expect, test } from "vitest";
import { explainCondition } from "../../../src/daemon/policy/condition.js";
import { factsOf } from "../../../src/daemon/policy/evaluate.js";
import { type InputChange, inputOf, policyWhen } from "./input.js";

const table: readonly (readonly [when: string, matched: boolean, change?: InputChange])[] = [
  ["subjects: [u-17]", true],
  ['subjects: ["v-*"]', false],
  ['emails: ["*@example.COM"]', true],
  ["emails: [ada@example.com]", false, { who: { email: null } }],
  ["groups: [sales, leads]", true],
  ["groups: [sales]", false],
  ["groups: [leads]", false, { who: { groups: [] } }],
  ['issuers: ["https://login.example"]', true],
  ['issuers: ["os:*"]', false],
  ['commands: ["node agent.mjs*"]', true],
  ["commands: [node]", false],
  ['hosts: ["DESK.*"]', true],
  ["ci: true", false],
  ["ci: false", true],
  ["ci: true", true, { process: { ci: { system: "gitlab", job: null, run: null, url: null } } }],
  [
    "ci: [gitlab]",
    true,
    { process: { ci: { system: "gitlab", job: null, run: null, url: null } } },
  ],
  ["ci: [gitlab]", false],
  ["processCheck: tree", true],
  ["processCheck: unavailable", false],
  ["connections: [openai]", true],
  ['connections: ["eu-*"]', false],
  ["operations: [inference]", true],
  ["operations: [write, admin]", false],
  ['operations: ["responses.*"]', true],
  ['operations: ["files.*"]', false],
  ['operations: ["POST /v1/responses"]', true],
  ['operations: ["post /v1/*"]', true],
  ['operations: ["GET /v1/responses"]', false],
  ['models: ["gpt-5*"]', true],
  ["models: [gpt-5]", false],
  ['models: ["*"]', false, { operation: { model: null } }],
  ["tools: [search]", true],
  ["tools: [shell]", false],
  ["tools: { only: [search, web_search] }", true],
  ["tools: { only: [search] }", false],
  ["tools: { only: [search] }", true, { operation: { tools: [] } }],
  ['tools: { any: ["web*"], only: ["*search"] }', true],
  ["hostedTools: [web_search]", true],
  ['hostedTools: ["mcp:*"]', false],
  ["stream: false", true],
  ["stream: true", false],
  ["store: true", true],
  ["background: true", false],
  ["requestBytes: { over: 999 }", true],
  ["requestBytes: { over: 1000 }", false],
  ["requestBytes: { over: 10, under: 1000 }", false],
  ["time: { from: '22:00', to: '23:00' }", true],
  ["time: { from: '22:31', to: '23:00' }", false],
  ["time: { from: '18:00', to: '06:00' }", true],
  ["time: { from: '18:00', to: '06:00' }", true, { now: new Date("2026-11-25T05:59:00Z") }],
  ["time: { from: '18:00', to: '06:00' }", false, { now: new Date("2026-11-25T06:00:00Z") }],
  ["time: { days: [wed] }", true],
  ["time: { days: [thu] }", false],
  // In Tokyo it is Thursday half past seven.
  ["time: { days: [thu], from: '07:00', to: '08:00', zone: Asia/Tokyo }", true],
  // The night of Tuesday goes on into Wednesday's small hours.
  [
    "time: { days: [tue], from: '20:00', to: '06:00' }",
    true,
    { now: new Date("2026-11-25T03:00:00Z") },
  ],
  [
    "time: { days: [wed], from: '20:00', to: '06:00' }",
    false,
    { now: new Date("2026-11-25T03:00:00Z") },
  ],
  ["prompt: { contains: [drop TABLE] }", true, { text: "please DROP table x" }],
  ["prompt: { contains: [drop table] }", false, { text: "drop the table" }],
  ["prompt: { matches: ['(?i)\\bdrop\\s+table\\b'] }", true, { text: "DROP \n Table" }],
  ["prompt: { matches: ['(?i)\\bdrop\\s+table\\b'] }", false, { text: "raindrop table" }],
  ["prompt: { contains: [a], matches: [zzz] }", true, { text: "a" }],
  ["not: { budget: { requests: 11, per: session } }", true],
  ["not: { budget: { requests: 10, per: session } }", false],
  ["not: { budget: { tokens: 2000, per: identity } }", false],
  ["not: { budget: { cost: 0.51, per: day } }", true],
  ["any: [{ groups: [sales] }, { models: ['gpt-*'] }]", true],
  ["any: [{ groups: [sales] }, { models: [o3] }]", false],
  ["all: [{ groups: [leads] }, { models: ['gpt-*'] }]", true],
  ["groups: [leads], models: [o3]", false],
  ["not: { groups: [leads] }", false],
  ["not: { any: [{ groups: [sales] }, { models: [o3] }] }", true],
  ["", true],
];

test.each(table.map(([when, matched, change = {}]) => ({ when, matched, change })))(
  "{ $when } matches: $matched (%#)",
  async ({ when, matched, change }) => {
    const policy = await policyWhen(when);
    const input = inputOf(change);
    expect(policy.evaluate(input).effect).toBe(matched ? "allow" : "deny");
    // The explanation asks the same leaves.
    const [rule] = policy.rules;
    if (rule === undefined) throw new Error("no rule");
    const explained = explainCondition(rule.when, factsOf(input));
    expect(explained.matched).toBe(matched);
    expect(explained.why).not.toBe("");
  },
);

test("says what it wanted and what was there", async () => {
  const [rule] = (await policyWhen("groups: [sales, ops], models: ['o*']")).rules;
  if (rule === undefined) throw new Error("no rule");
  expect(explainCondition(rule.when, factsOf(inputOf())).why).toBe(
    "wants groups: sales or ops, but the groups are engineering, leads and wants models: o*, but the model is gpt-5-mini",
  );
});

const call = (name: string, args = "{}", kind: "function" | "custom" | "hosted" = "function") => ({
  name,
  kind,
  arguments: args,
});

const calls: readonly (readonly [string, ReturnType<typeof call>, string])[] = [
  ["toolCall: {}", call("anything"), "deny"],
  ["toolCall: { names: ['*_write', shell] }", call("db_write"), "deny"],
  ["toolCall: { names: ['*_write', shell] }", call("db_read"), "allow"],
  ["toolCall: { kinds: [custom] }", call("x"), "allow"],
  ["toolCall: { kinds: [custom] }", call("x", "", "custom"), "deny"],
  ["toolCall: { arguments: { matches: ['rm -rf'] } }", call("shell", '{"cmd":"rm -rf /"}'), "deny"],
  ["toolCall: { arguments: { contains: [rm -rf] } }", call("shell", '{"cmd":"ls"}'), "allow"],
  // An escape in the JSON hides nothing, nor do full-width letters.
  ["toolCall: { arguments: { matches: ['rm -rf'] } }", call("s", '{"c":"rm \\u002drf"}'), "deny"],
  ["toolCall: { arguments: { matches: ['rm -rf'] } }", call("s", '{"c":"ｒｍ -rf"}'), "deny"],
  ["toolCall: { names: [a], arguments: { contains: [x] } }", call("b", "x"), "allow"],
  ["toolCall: { names: [a] }, groups: [sales]", call("a"), "allow"],
  ["toolCall: { names: [a] }, groups: [leads]", call("a"), "deny"],
  ["not: { toolCall: { names: ['read_*'] } }", call("read_file"), "allow"],
  ["not: { toolCall: { names: ['read_*'] } }", call("delete_file"), "deny"],
];

test.each(calls)("{ %s } of %o: %s", async (when, toolCall, effect) => {
  const policy = await policyWhen(when, "deny");
  expect(policy.evaluateToolCall(inputOf(), toolCall).effect).toBe(effect);
});

test("a reply need be read only where a rule might speak of its tool calls", async () => {
  const policy = await policyWhen("toolCall: { names: [a] }, groups: [sales]", "review");
  expect(policy.watchesToolCalls(inputOf())).toBe(false);
  expect(policy.watchesToolCalls(inputOf({ who: { groups: ["sales"] } }))).toBe(true);
  expect((await policyWhen("groups: [leads]", "deny")).watchesToolCalls(inputOf())).toBe(false);
});
