/** Every problem of a policy file, with its place and what was probably meant. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parsePolicy } from "../../../src/daemon/policy/parse.js";
import { policyJsonSchema } from "../../../src/daemon/policy/schema.js";
import { problemLine } from "../../../src/daemon/yaml/checked-yaml.js";

async function problemsIn(text: string): Promise<readonly string[]> {
  const { rules, problems } = await parsePolicy("p.yaml", text, "user");
  if (problems.length > 0) expect(rules).toEqual([]);
  return problems.map(problemLine);
}

const inRule = (members: string) => problemsIn(`version: 1\nrules:\n  - { name: r, ${members} }\n`);

test("the policy of PRODUCT.md is one", async () => {
  expect(
    await problemsIn(String.raw`version: 1
rules:                                # the strictest matching effect wins: deny > review > allow; none matches: deny
  - name: engineers-may-infer
    when: { groups: [engineering], connections: [openai], operations: [inference], models: ["gpt-*"] }
    effect: allow
  - name: writes-need-a-human
    when: { operations: [write, admin] }          # a class, an action ("files.delete") or "POST /v1/files"
    effect: review
    review: { by: { groups: [leads] }, self: false, timeout: 10m, remember: session }
  - name: no-destructive-sql
    when: { prompt: { matches: ['(?i)\bdrop\s+table\b'] } }
    effect: deny
    message: destructive SQL is not for agents
  - name: shell-needs-a-human
    when: { toolCall: { names: ["shell", "*_write"], arguments: { matches: ['rm -rf'] } } }   # the model's reply asks for it
    effect: review
masking:
  detectors: [secrets, email, card]
  patterns: [{ name: ticket, match: 'TCK-\d{6}' }]
`),
  ).toEqual([]);
});

test.each<[string, string]>([
  [
    "when: { grops: [a] }, effect: allow",
    "p.yaml:3:24: no key rules.0.when.grops; did you mean groups?",
  ],
  [
    "when: {}, effect: alow",
    'p.yaml:3:34: rules.0.effect must be "allow", "review" or "deny"; did you mean allow?',
  ],
  [
    "when: { operations: [wirte] }, effect: review",
    "p.yaml:3:37: no class of operations wirte; did you mean write?",
  ],
  [
    'when: { operations: ["PSOT /v1/files"] }, effect: deny',
    "p.yaml:3:37: no method PSOT; did you mean POST?",
  ],
  [
    'when: { operations: ["/v1/files"] }, effect: deny',
    'p.yaml:3:37: /v1/files is not an operation; write "METHOD /path"',
  ],
  [
    "when: { any: [{ not: { modles: [x] } }] }, effect: deny",
    "p.yaml:3:39: no key rules.0.when.any.0.not.modles; did you mean models?",
  ],
  [
    "when: { prompt: { matches: ['a(b'] } }, effect: deny",
    "p.yaml:3:44: it is not a regular expression (RE2): missing closing ): `a(b`",
  ],
  [
    "when: { prompt: { matches: ['(a)\\1'] } }, effect: deny",
    "p.yaml:3:44: it is not a regular expression (RE2): invalid escape sequence: `\\1`",
  ],
  ["when: { prompt: {} }, effect: deny", "p.yaml:3:32: prompt needs contains or matches"],
  [
    "when: { time: { zone: Europe/Berln } }, effect: deny",
    "p.yaml:3:38: no time zone Europe/Berln; did you mean Europe/Berlin?",
  ],
  [
    "when: { budget: { per: day } }, effect: deny",
    "p.yaml:3:32: budget has no limit; say requests, tokens or cost",
  ],
  [
    "when: { budget: { tokens: 5, per: day } }, effect: allow",
    "p.yaml:3:22: a budget matches once it is used up, so this allows only what is over it; put it inside not, or into a rule that denies",
  ],
  [
    "when: { prompt: { matches: ['^ok'] } }, effect: allow",
    "p.yaml:3:22: an expression with ^ or $ cannot allow; leave out the anchors",
  ],
  [
    "when: {}, effect: deny, review: { self: false }",
    "p.yaml:3:48: terms of a review, where the effect is deny",
  ],
  [
    "when: {}, effect: deny, onDeny: error",
    "p.yaml:3:48: onDeny is for rules with a toolCall: a denied request is an error",
  ],
  [
    "when: {}, effect: review, review: { timeout: 10 minutes }",
    "p.yaml:3:61: rules.0.review.timeout must be a time such as 90s, 15m, 8h or 7d",
  ],
])("{ %s }", async (members, problem) => {
  expect(await inRule(members)).toContain(problem);
});

test("all problems are told at once, with a second rule of one name", async () => {
  const problems = await problemsIn(`version: 1
rules:
  - { name: a, when: { operations: [nothing] }, effect: deny }
  - { name: a, when: { time: { zone: Mars } }, effect: deny }
`);
  expect(problems).toEqual([
    "p.yaml:3:37: no class of operations nothing; classes are read, inference, write, admin, unknown",
    "p.yaml:4:13: two rules have the name a",
    "p.yaml:4:38: no time zone Mars; use a name such as Europe/Berlin",
  ]);
});

test("a rule must say when: one that forgot it would speak of everything", async () => {
  expect(await inRule("effect: allow")).toHaveLength(1);
});

test("the published schema is the one in force", () => {
  const published = JSON.parse(readFileSync("docs/policy.schema.json", "utf8"));
  expect(published, "node scripts/policy-schema.js").toEqual(
    JSON.parse(JSON.stringify(policyJsonSchema())),
  );
});

test("docs/policy.md: its policy parses, each condition is told, and each example is one", async () => {
  const page = readFileSync("docs/policy.md", "utf8");
  const [, example = ""] = /```yaml\n([^`]*)```/.exec(page) ?? [];
  expect(await problemsIn(example)).toEqual([]);
  const table = page.slice(page.indexOf("## Conditions"), page.indexOf("**Prompt.**"));
  const told: string[] = [];
  let key = "";
  for (const [, keys = "", examples = ""] of table.matchAll(/^\| (.*?) \| (.*?) \| .* \|$/gm)) {
    if (keys === "condition" || /^-/.test(keys)) continue;
    const names = [...keys.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
    told.push(...names);
    key = names.at(-1) ?? key;
    for (const [, text = ""] of examples.matchAll(/`([^`]+)`/g)) {
      const when = text.startsWith(`${key}:`) ? text : `${key}: ${text}`;
      const problems = await problemsIn(
        `version: 1\nrules:\n  - name: r\n    when: { ${when} }\n    effect: deny\n`,
      );
      expect(problems, when).toEqual([]);
    }
  }
  const { $defs } = policyJsonSchema() as {
    readonly $defs: { readonly when: { readonly properties: object } };
  };
  expect(told.sort()).toEqual(Object.keys($defs.when.properties).sort());
});

test("expressions that are too much together are refused, a thousand usual ones are not", async () => {
  const rules = (count: number, expression: string) =>
    `version: 1\nrules:\n${Array.from(
      { length: count },
      (_, at) =>
        `  - { name: r${at}, when: { prompt: { matches: ['${expression}${at}'] } }, effect: deny }\n`,
    ).join("")}`;
  expect(await problemsIn(rules(1000, String.raw`(?i)\bdrop\s+(?:table|database)\b`))).toEqual([]);
  const [first = ""] = await problemsIn(rules(900, "a{1,900}b{1,900}"));
  expect(first).toContain("too large together");
});
