/** Which rule decides: the strictest, then the organisation's, then the earlier one. */
import { expect, test } from "vitest";
import { type Layer, layeredPolicy } from "../../../src/daemon/policy/layers.js";
import { parsePolicy } from "../../../src/daemon/policy/parse.js";
import { inputOf, policyOf, policyWhen } from "./input.js";

test("the strictest match wins, whatever the order; none: deny", async () => {
  const policy = await policyOf(`
version: 1
rules:
  - { name: all, when: {}, effect: allow }
  - { name: leads, when: { groups: [leads] }, effect: review, review: { timeout: 90s } }
  - { name: big, when: { requestBytes: { over: 5000 } }, effect: deny, message: too much at once }
`);
  expect(policy.evaluate(inputOf({ who: { groups: [] } }))).toMatchObject({ rule: "all" });
  expect(policy.evaluate(inputOf())).toMatchObject({
    effect: "review",
    rule: "leads",
    reason: "it matches groups: leads",
    review: {
      by: null,
      self: true,
      timeoutMs: 90_000,
      remember: { kind: "once" },
      approvals: 1,
    },
  });
  expect(policy.evaluate(inputOf({ requestBytes: 6000 }))).toMatchObject({
    effect: "deny",
    rule: "big",
    reason: "too much at once",
  });
  expect((await policyOf("version: 1\nrules: []")).evaluate(inputOf())).toEqual({
    effect: "deny",
    rule: null,
    reason: "no rule allows responses.create",
  });
});

test("the terms of a review are those of the rule", async () => {
  const policy = await policyOf(`
version: 1
rules:
  - name: r
    when: {}
    effect: review
    review: { by: { groups: [leads], emails: [a@b] }, self: false, timeout: 2h, remember: 15m, approvals: 2 }
`);
  expect(policy.evaluate(inputOf()).review).toEqual({
    by: { groups: ["leads"], subjects: [], emails: ["a@b"] },
    self: false,
    timeoutMs: 7_200_000,
    remember: { kind: "time", ms: 900_000 },
    approvals: 2,
  });
});

test("onDeny goes with the verdict on a tool call", async () => {
  const policy = await policyOf(
    "version: 1\nrules: [{ name: r, when: { toolCall: {} }, effect: deny, onDeny: tell-model }]",
  );
  const call = { name: "x", arguments: "{}", kind: "function" } as const;
  expect(policy.evaluateToolCall(inputOf(), call)).toMatchObject({
    effect: "deny",
    onDeny: "tell-model",
  });
  // It speaks of tool calls and of nothing else.
  expect(policy.evaluate(inputOf())).toMatchObject({ effect: "deny", rule: null });
});

test.each([
  ["", false],
  ["operations: [read, inference, write, admin]", false],
  ['operations: ["*"]', false],
  ["not: { groups: [sales] }", false],
  ["operations: [unknown]", true],
  ['operations: ["PUT /v1/new*"]', true],
  ['any: [{ groups: [leads] }, { operations: ["PUT /v1/new"] }]', true],
  ['any: [{ groups: [leads] }, { operations: ["PUT /v1/old"] }]', false],
])(
  "P3: an unknown operation is let through only by a rule that names it: { %s }: %s",
  async (when, through) => {
    const operation = {
      action: "unknown",
      class: "unknown",
      method: "PUT",
      path: "/v1/new",
    } as const;
    for (const effect of ["allow", "review"]) {
      const { evaluate } = await policyWhen(when, effect);
      expect(evaluate(inputOf({ operation })).effect).toBe(through ? effect : "deny");
    }
  },
);

test.each([
  ["operations: [write]", false],
  ['operations: ["*"]', false],
  ['operations: ["realtime.*"]', true],
])("so is what hands out a credential: { %s }: %s", async (when, through) => {
  const operation = {
    action: "realtime.sessions.create",
    class: "write",
    mintsCredential: true,
  } as const;
  const { evaluate } = await policyWhen(when);
  expect(evaluate(inputOf({ operation })).effect).toBe(through ? "allow" : "deny");
});

test("no work for conditions that are not asked", async () => {
  const policy = await policyOf(`
version: 1
rules:
  - { name: a, when: { prompt: { contains: [x] }, groups: [sales] }, effect: deny }
  - { name: b, when: { budget: { requests: 1, per: day }, models: [o3] }, effect: deny }
  - { name: c, when: {}, effect: allow }
`);
  let asked = 0;
  const input = inputOf({
    prompt: () => {
      asked += 1;
      return ["x"];
    },
    spent: () => {
      asked += 1;
      return { requests: 5, tokens: 0, cost: 0 };
    },
  });
  expect(policy.prepare?.(input)).toBeUndefined();
  expect(policy.evaluate(input).effect).toBe("allow");
  expect(asked).toBe(0);
  // And once where it is: for the request and for each of its tool calls.
  const sales = { ...input, identity: { ...input.identity, groups: ["sales"] } };
  expect(policy.evaluate(sales).rule).toBe("a");
  expect(policy.evaluate(sales).rule).toBe("a");
  expect(asked).toBe(1);
});

async function layerOf(name: Layer["name"], rules: string): Promise<Layer> {
  const text = `version: 1\nrules: [${rules}]`;
  const parsed = await parsePolicy(`${name}.yaml`, text, name);
  return { name, file: `${name}.yaml`, text, ...parsed, unreadable: false };
}

const allowAll = "{ name: a, when: {}, effect: allow }";

test("layers: organisation before user before project, and all of them hold", async () => {
  const review = "{ name: r, when: {}, effect: review";
  const organisation = await layerOf("organisation", `${review}, message: by them }`);
  const user = await layerOf(
    "user",
    `${review}, message: by me }, { name: a, when: {}, effect: allow }`,
  );
  const both = layeredPolicy([organisation, user]).policy;
  expect(both.evaluate(inputOf())).toMatchObject({ effect: "review", reason: "by them" });
  expect(layeredPolicy([user]).policy.evaluate(inputOf()).reason).toBe("by me");
  const hashes = [[], [organisation], [user], [organisation, user]].map(
    (layers) => layeredPolicy(layers).policy.hash,
  );
  expect(new Set(hashes).size).toBe(4);
});

test("every rule that wants a review has a say in its terms, of requests and of tool calls", async () => {
  const rule = (name: string, terms: string, when = "") =>
    `{ name: ${name}, when: { ${when} }, effect: review, review: { ${terms} } }`;
  const call = { name: "shell", kind: "function", arguments: "{}" } as const;
  for (const when of ["", "toolCall: {}"]) {
    const { policy } = layeredPolicy([
      await layerOf("organisation", `${rule("o", "timeout: 5m", when)}, ${allowAll}`),
      await layerOf("user", rule("u", "remember: session, approvals: 2", when)),
      await layerOf("project", rule("p", "timeout: 1h, by: { subjects: [me] }", when)),
    ]);
    const verdict =
      when === "" ? policy.evaluate(inputOf()) : policy.evaluateToolCall(inputOf(), call);
    expect(verdict).toMatchObject({
      rule: "o",
      also: [{ layer: "user" }, { layer: "project" }],
      review: {
        by: { subjects: ["me"] },
        ...{ timeoutMs: 300_000, approvals: 2, remember: { kind: "once" } },
      },
    });
  }
});

test("a project's review lets nothing through that no other layer does", async () => {
  const review = await layerOf("project", "{ name: p, when: {}, effect: review }");
  const reads = "{ name: r, when: { operations: [read] }, effect: allow }";
  const { policy } = layeredPolicy([await layerOf("user", reads), review]);
  const verdict = (kind: "read" | "write") =>
    policy.evaluate(inputOf({ operation: { class: kind } }));
  expect(verdict("read")).toMatchObject({ effect: "review", rule: "p" });
  expect(verdict("write")).toMatchObject({ effect: "deny", rule: null });
});

test("a project's file can only narrow: what it allows is left out, and said", async () => {
  const project = await layerOf(
    "project",
    "{ name: all, when: { operations: [write] }, effect: allow }, { name: no, when: { models: [o3] }, effect: deny }",
  );
  const { policy, problems } = layeredPolicy([project]);
  // Over the built-in rules, which hold where neither organisation nor user has a file.
  expect(policy.evaluate(inputOf()).rule).toBe("built-in/read-and-inference");
  expect(policy.evaluate(inputOf({ operation: { model: "o3" } })).rule).toBe("no");
  expect(policy.evaluate(inputOf({ operation: { class: "write" } })).effect).toBe("review");
  expect(problems).toMatchObject([{ file: "project.yaml", line: 2 }]);
  expect(problems[0]?.reason).toMatch(/can only narrow/);
});

test("where a file could never be read everything is denied, tool calls too", async () => {
  const user = await layerOf("user", "{ name: a, when: {}, effect: allow }");
  const problem = { file: "p.yaml", line: 3, column: 5, reason: "no key x", hint: null };
  const broken: Layer = {
    ...(await layerOf("project", "")),
    unreadable: true,
    problems: [problem],
  };
  const { policy, problems } = layeredPolicy([user, broken]);
  expect(problems).toEqual([problem]);
  expect(policy.evaluate(inputOf())).toMatchObject({
    effect: "deny",
    reason: "the project's policy cannot be read: p.yaml:3:5: no key x",
  });
  expect(policy.watchesToolCalls(inputOf())).toBe(true);
});
