import { expect, test } from "vitest";
import { atOnce } from "../../../src/daemon/model/turns.js";
import { lintRules } from "../../../src/daemon/policy/lint.js";
import { parsePolicy } from "../../../src/daemon/policy/parse.js";
import { openai } from "../../../src/daemon/providers/openai/openai.js";
import { problemLine } from "../../../src/daemon/yaml/checked-yaml.js";

const options = { actions: openai.actions.map(({ action }) => action) };

async function lint(...rules: readonly string[]): Promise<readonly string[]> {
  const text = `version: 1\nrules:\n${rules.map((rule, at) => `  - ${named(rule, at)}\n`).join("")}`;
  const parsed = await parsePolicy("p.yaml", text, "user");
  expect(parsed.problems).toEqual([]);
  return atOnce(lintRules(parsed.rules, options)).map(problemLine);
}

/** `when => effect` as a rule of one line. */
function named(rule: string, at: number): string {
  const [when, effect] = rule.split(" => ");
  return `{ name: r${at + 1}, when: ${when}, effect: ${effect} }`;
}

test.each([
  ["{ operations: [inference] } => allow"],
  ["{ operations: ['files.*', write, 'POST /v1/odd'] } => review"],
  ["{} => deny"],
  ["{ models: ['gpt-*'], not: { models: ['gpt-4*'] } } => allow"],
  ["{ groups: [a], all: [{ groups: [b] }] } => allow"],
  ["{ connections: [a, b], all: [{ connections: [b, c] }] } => allow"],
  ["{ requestBytes: { over: 10, under: 12 } } => deny"],
  ["{ any: [{ stream: true }, { stream: false }], stream: true } => deny"],
  ["{ operations: [models.retrieve], models: ['gpt-*'] } => allow"],
  ["{ operations: ['DELETE /v1/files/*'], models: ['gpt-*'] } => allow"],
  ["{ operations: [files.delete], tools: { only: [] } } => allow".replace("[] }", "[x] }")],
  ["{ not: { all: [{ stream: true }, { stream: false }] } } => allow"],
  ["{ ci: true, all: [{ ci: [gitlab] }] } => allow"],
])("nothing is said of %s", async (rule) => {
  expect(await lint(rule)).toEqual([]);
});

test.each([
  ["{ operations: [file.delete] } => deny", "unknown operation file.delete", "files.delete?"],
  ["{ operations: ['fils.*'] } => deny", "no operation matches fils.*", "write a class"],
  [
    "{ connections: [a], all: [{ connections: [b] }] } => deny",
    "connections: a excludes connections: b",
  ],
  ["{ models: ['gpt-*'], all: [{ models: ['claude-*'] }] } => deny", "excludes"],
  ["{ emails: [A@X.org], not: { emails: ['*@x.org'] } } => deny", "and not emails: *@x.org"],
  ["{ operations: [write], not: { operations: ['*'] } } => deny", "and not operations: *"],
  [
    "{ operations: [inference], all: [{ operations: [files.delete] }] } => deny",
    "operations: inference excludes operations: files.delete",
  ],
  ["{ operations: [files.delete], models: ['gpt-*'] } => deny", "has no body"],
  ["{ operations: [read], all: [{ operations: ['files.*'] }], prompt: { contains: [x] } } => deny"],
  ["{ requestBytes: { over: 10, under: 11 } } => deny", "no size can be over the one"],
  ["{ stream: true, all: [{ stream: false }] } => deny", "stream: true excludes stream: false"],
  ["{ ci: false, all: [{ ci: [gitlab] }] } => deny", "excludes"],
  ["{ stream: true, any: [{ stream: false }, { not: { stream: true } }] } => deny", "r1 can never"],
  ["{ requestBytes: { over: 9 }, all: [{ requestBytes: { under: 5 } }] } => deny", "excludes"],
])("%s can never match", async (rule, reason = "has no body", hint = "") => {
  const found = await lint(rule);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^p\.yaml:3:\d+: /);
  expect(found[0]).toContain(reason);
  expect(found[0]).toContain(hint);
});

test.each([
  ["{ operations: [files.delete] }", "{ operations: [write] }"],
  ["{ models: [gpt-5], groups: [a] }", "{ models: ['gpt-*'] }"],
  ["{ stream: true }", "{}"],
  ["{ any: [{ groups: [a] }, { groups: [b] }] }", "{ groups: [a, b, c] }"],
  ["{ models: [gpt-5] }", "{ not: { models: ['claude-*'] } }"],
  ["{ not: { models: ['*'] } }", "{ not: { models: ['gpt-*'] } }"],
  ["{ requestBytes: { over: 100 } }", "{ requestBytes: { over: 10 } }"],
  ["{ prompt: { contains: [a] } }", "{ prompt: { contains: [a, b] } }"],
])("allow where %s is overruled by deny where %s", async (narrow, wide) => {
  const [found, ...more] = await lint(`${narrow} => allow`, `${wide} => deny`);
  expect(more).toEqual([]);
  expect(found).toMatch(
    /^p\.yaml:3:\d+: the rule r1 never decides: whatever it matches, r2 \(deny\) matches too/,
  );
  expect(found).toContain("in line 4");
  // The other way round both have their use; so they have with one effect.
  if (wide !== "{}") expect(await lint(`${wide} => allow`, `${narrow} => deny`)).toEqual([]);
  expect(await lint(`${narrow} => deny`, `${wide} => allow`)).toEqual([]);
  expect(await lint(`${narrow} => allow`, `${wide} => allow`)).toEqual([]);
});

test("rules of tool calls and rules of requests do not overrule each other", async () => {
  expect(await lint("{ toolCall: {} } => review", "{} => deny")).toEqual([]);
});

test("the built-in and a user's rules never overrule an organisation's", async () => {
  const layer = async (text: string, name: "organisation" | "user") =>
    (await parsePolicy(`${name}.yaml`, `version: 1\nrules: [${text}]`, name)).rules;
  const allow = "{ name: a, when: { models: [gpt-5] }, effect: allow }";
  const deny = "{ name: d, when: {}, effect: deny }";
  expect(
    atOnce(
      lintRules([...(await layer(allow, "organisation")), ...(await layer(deny, "user"))], options),
    ),
  ).toEqual([]);
  const [found] = atOnce(
    lintRules([...(await layer(deny, "organisation")), ...(await layer(allow, "user"))], options),
  );
  expect(found).toMatchObject({ file: "user.yaml", line: 2 });
  expect(found?.hint).toContain("organisation.yaml:2");
});

test("a condition with too many ways to match is left alone, in no time", async () => {
  const ten = Array.from({ length: 10 }, (_, at) => `{ groups: [g${at}] }`).join(", ");
  const rule = `{ all: [${Array.from({ length: 9 }, () => `{ any: [${ten}] }`).join(", ")}] }`;
  expect(await lint(`${rule} => deny`)).toEqual([]);
});
