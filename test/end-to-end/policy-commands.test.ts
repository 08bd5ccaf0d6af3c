/**
 * `hoopx policy` on a real daemon and a real agent's record: a person writes
 * rules, looks for mistakes, tries them on what was done, and asks why.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type {
  PolicyCheckView,
  PolicyExplainView,
  PolicySuggestView,
  PolicyTestView,
  PolicyView,
} from "../../src/contract/policy-views.js";
import { connectedHome } from "../support/connected-home.js";
import { createHome } from "../support/home.js";

const key = "sk-real-4f1c9b7be2d84c1f93aa57c6a0d1e8b2";
const { home } = await connectedHome(key);

beforeAll(async () => {
  const { code } = await home.agent("agent.mjs").done;
  expect(code).toBe(0);
});

function file(name: string, text: string): string {
  const path = join(home.path, name);
  writeFileSync(path, text);
  return path;
}

const strict = `version: 1
rules:
  - name: infer
    when: { operations: [inference], models: ["gpt-*"] }
    effect: allow
  - name: no-lisbon
    when: { prompt: { matches: ['(?i)\\blisbon\\b'] } }
    effect: deny
    message: nobody asks about Lisbon
  - name: weather-needs-a-person
    when: { toolCall: { names: [weather] } }
    effect: review
`;

async function asJson<View>(args: readonly string[], expected = 0): Promise<View> {
  const { code, stdout, stderr } = await home.hoopx(["policy", ...args, "--json"]);
  expect(code, stdout + stderr).toBe(expected);
  return JSON.parse(stdout);
}

test("policy shows the rules in force, and a file's once there is one", async () => {
  const before = await asJson<PolicyView>([]);
  expect(before.layers.map(({ layer }) => layer)).toEqual(["built-in"]);
  const other = createHome();
  try {
    mkdirSync(join(other.path, "config"), { recursive: true });
    const path = join(other.path, "config/policy.yaml");
    writeFileSync(path, strict);
    const view: PolicyView = await other.json(["policy"]);
    expect(view.layers).toMatchObject([{ layer: "user", file: path, rules: 3, problems: [] }]);
    expect(view.hash).not.toBe(before.hash);
    const rule = view.rules.find(({ name }) => name === "no-lisbon");
    expect(rule).toMatchObject({ effect: "deny", layer: "user", file: path, line: 6 });
    expect(rule?.sentence).toContain("are denied: nobody asks about Lisbon");

    writeFileSync(path, `${strict}  - name: broken\n    efect: allow\n`);
    const broken: PolicyView = await other.json(["policy"]);
    expect(broken.hash).toBe(view.hash);
    expect(broken.layers[0]?.problems[0]).toMatchObject({ file: path, line: 13 });
    const { stderr } = await other.hoopx(["policy"]);
    expect(stderr).toContain("its earlier rules stay in force");
    const never = "{ name: never, when: { stream: true, not: { stream: true } }, effect: deny }";
    writeFileSync(path, `${strict}  - ${never}\n`);
    const refused: PolicyView = await other.json(["policy"]);
    expect(refused.hash).toBe(view.hash);
    expect(refused.layers[0]?.problems[0]?.reason).toContain("the rule never can never match");
    writeFileSync(path, `${strict}  - name: broken\n    efect: allow\n`);
    const check = await other.hoopx(["policy", "check"]);
    expect(check.code).toBe(1);
    expect(check.stdout).toContain(`${path}:13:`);
  } finally {
    await other.dispose();
  }
});

test("check: every mistake by its place, and exit code 1", async () => {
  const good = await asJson<PolicyCheckView>(["check", file("good.yaml", strict)]);
  expect(good).toMatchObject({ ok: true, rules: 3, problems: [] });
  const path = file(
    "bad.yaml",
    `version: 1
rules:
  - name: one
    when: { operations: [file.delete] }
    effect: deny
  - name: two
    when: { connections: [a], all: [{ connections: [b] }] }
    effect: deny
  - name: three
    when: { models: [gpt-5] }
    effect: allow
  - name: four
    when: { models: ["gpt-*"] }
    effect: deny
`,
  );
  const { ok, problems } = await asJson<PolicyCheckView>(["check", path], 1);
  expect(ok).toBe(false);
  expect(problems.map(({ line, reason }) => [line, reason])).toEqual([
    [4, "unknown operation file.delete"],
    [7, expect.stringContaining("connections: a excludes connections: b")],
    [9, expect.stringContaining("four (deny) matches too")],
  ]);
  expect(problems[0]?.hint).toBe("did you mean files.delete?");
  const human = await home.hoopx(["policy", "check", path]);
  expect(human.stdout).toContain(`${path}:4:`);
});

test("the place of the file is said, init writes it, and it decides as the built-in rules do", async () => {
  const other = createHome();
  try {
    const path = join(other.path, "config/policy.yaml");
    const words = [["responses.create"], ["files.create"], ["realtime.client_secrets.create"]];
    const effects = async () => {
      const found: string[] = [];
      for (const [word = ""] of words) {
        const args = ["policy", "explain", "--operation", word, "--json"];
        const { stdout } = await other.hoopx(args);
        found.push((JSON.parse(stdout) as PolicyExplainView).effect);
      }
      return found;
    };
    const before = await effects();
    expect(before).toEqual(["allow", "review", "deny"]);
    expect((await other.hoopx(["policy"])).stderr).toContain(path);
    expect((await other.hoopx(["policy", "check"])).stdout).toContain(path);
    expect((await other.hoopx(["policy", "init"])).stdout).toContain(path);
    expect(await other.json(["policy", "check"])).toEqual({
      ...{ ok: true, files: [path], rules: 2, problems: [], warnings: [] },
    });
    expect(await effects()).toEqual(before);

    writeFileSync(path, "version: 1\nrules:\n  - { name: n, when: {}, effect: deny }\n");
    const { ok, warnings }: PolicyCheckView = await other.json(["policy", "check"]);
    expect(ok).toBe(true);
    expect(warnings).toMatchObject([{ file: path, line: 3, hint: expect.stringContaining("add") }]);
  } finally {
    await other.dispose();
  }
});

test("explain: a described request, and exit code 3 where it is denied", async () => {
  const path = file("strict.yaml", strict);
  const ask = ["explain", "--file", path, "--operation", "responses.create", "--model", "gpt-5"];
  const allowed = await asJson<PolicyExplainView>([...ask, "--tool-call", "weather"]);
  expect(allowed).toMatchObject({
    effect: "review",
    verdict: { effect: "allow", rule: "infer" },
    toolCalls: [{ name: "weather", verdict: { effect: "review" } }],
  });
  const denied = await asJson<PolicyExplainView>([...ask, "--prompt", "how is LISBON?"], 3);
  expect(denied.verdict).toMatchObject({ rule: "no-lisbon", reason: "nobody asks about Lisbon" });
  expect(denied.rules.find(({ deciding }) => deciding)?.rule).toBe("no-lisbon");
});

test("explain: a recorded exchange, read again from its own bytes", async () => {
  const { id } = await home.lastSession();
  const [first] = await home.exchangesOf(id);
  const then = await asJson<PolicyExplainView>(["explain", first?.id ?? ""]);
  expect(then).toMatchObject({ exchange: first?.id, verdict: then.recorded });
  const now = await asJson<PolicyExplainView>(
    ["explain", first?.id ?? "", "--file", file("strict.yaml", strict)],
    3,
  );
  expect(now).toMatchObject({ verdict: { rule: "no-lisbon" }, recorded: { effect: "allow" } });
  const none = await home.hoopx(["policy", "explain", "exc_0000000000000"]);
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("no such exchange")]);
});

test("test: what a new policy would have decided otherwise, by rule", async () => {
  const same = await asJson<PolicyTestView>(["test"]);
  expect(same).toMatchObject({ exchanges: 2, same: 2, changed: 0, skipped: 0, changes: [] });
  const denied = await asJson<PolicyTestView>(["test", "--file", file("strict.yaml", strict)]);
  expect(denied.changed).toBe(2);
  expect(denied.changes).toMatchObject([
    { about: "request", from: "allow", to: "deny", toRule: "no-lisbon", count: 2 },
  ]);
  expect(denied.changes[0]?.examples).toHaveLength(2);
  expect(denied.rules).toContainEqual({
    layer: "user",
    rule: "infer",
    effect: "allow",
    decided: 0,
  });

  const lenient = strict.replace("blisbon", "brome");
  const held = await asJson<PolicyTestView>(["test", "--file", file("lenient.yaml", lenient)]);
  expect(held.changes).toMatchObject([
    { about: "tool-call", from: "allow", to: "review", toRule: "weather-needs-a-person", count: 1 },
  ]);
  const bad = await home.hoopx(["policy", "test", "--file", file("bad.yaml", "rules: 3")]);
  expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining("bad.yaml:1:")]);
});

test("suggest: rules that check accepts, and under which the session changes nothing", async () => {
  const { id } = await home.lastSession();
  const { stdout } = await home.hoopx(["policy", "suggest"]);
  const path = file("suggested.yaml", stdout);
  await asJson<PolicyCheckView>(["check", path]);
  const tried = await asJson<PolicyTestView>(["test", "--file", path]);
  expect(tried).toMatchObject({ exchanges: 2, same: 2, changed: 0 });
  const view = await asJson<PolicySuggestView>(["suggest", id]);
  expect(view).toMatchObject({ sessionId: id, yaml: stdout, exchanges: 2, notes: [] });
  expect(stdout).toContain("weather");
  const other = ["explain", "--file", path, "--operation", "files.delete"];
  await asJson<PolicyExplainView>(other, 3);
});
