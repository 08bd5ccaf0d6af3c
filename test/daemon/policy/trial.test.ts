import { expect, test } from "vitest";
import { ruleKeyOf, type Verdict } from "../../../src/daemon/model/decision.js";
import { usualMasking } from "../../../src/daemon/model/masking-terms.js";
import type { ToolCall } from "../../../src/daemon/model/review.js";
import type { Policy, PolicyInput } from "../../../src/daemon/policy/policy.js";
import { createTrial, type PastRequest } from "../../../src/daemon/policy/trial.js";

/** A policy that denies one connection, and one tool call. */
const policy: Policy = {
  hash: "00",
  evaluate: ({ connection }) =>
    connection === "prod" ? verdict("deny", "no-prod") : verdict("allow", "all"),
  watchesToolCalls: ({ connection }) => connection === "tools",
  masking: usualMasking,
  judgeFindings: (verdict) => verdict,
  evaluateToolCall: (_, { name }) =>
    name === "shell" ? verdict("review", "shell") : verdict("allow", null),
};

const originOf = (rule: string) => ({ layer: "user", file: "p.yaml", hash: rule }) as const;
const verdict = (effect: Verdict["effect"], rule: string | null): Verdict => ({
  effect,
  rule,
  ...(rule !== null && { origin: originOf(rule) }),
  reason: `${rule}`,
});

function past(id: number, connection: string, more: Partial<PastRequest> = {}): PastRequest {
  return {
    exchangeId: `exc_${id}`,
    decided: { effect: "allow", rule: "old", reason: "" },
    input: { connection } as PolicyInput,
    toolCalls: async () => {
      throw new Error("the reply was read for nothing");
    },
    ...more,
  };
}

const call = (name: string): ToolCall => ({ name, arguments: "{}", kind: "function" });

test("what is decided otherwise is counted by rule, with the latest examples", async () => {
  const trial = createTrial(policy);
  for (let id = 1; id <= 5; id += 1) expect(await trial.add(past(id, "prod"))).toBe(false);
  expect(await trial.add(past(6, "test"))).toBe(true);
  await trial.add(past(7, "test", { decided: { effect: "deny", rule: "strict", reason: "" } }));
  expect(trial.result()).toEqual({
    exchanges: 7,
    same: 1,
    changed: 6,
    changes: [
      {
        about: "request",
        from: { effect: "allow", rule: "old" },
        to: verdict("deny", "no-prod"),
        count: 5,
        examples: ["exc_5", "exc_4", "exc_3"],
      },
      {
        about: "request",
        from: { effect: "deny", rule: "strict" },
        to: verdict("allow", "all"),
        count: 1,
        examples: ["exc_7"],
      },
    ],
    decidedBy: new Map([
      [ruleKeyOf(originOf("no-prod")), 5],
      [ruleKeyOf(originOf("all")), 2],
    ]),
  });
});

test("a tool call that reached the agent and would be held is a change", async () => {
  const trial = createTrial(policy);
  await trial.add(
    past(1, "tools", { toolCalls: async () => [call("weather"), call("shell"), call("shell")] }),
  );
  expect(trial.result()).toMatchObject({
    exchanges: 1,
    same: 0,
    changed: 1,
    changes: [{ about: "tool-call", to: { effect: "review", rule: "shell" }, count: 2 }],
  });
});

test("a request that was refused before a decision counts as denied", async () => {
  const trial = createTrial(policy);
  await trial.add(past(1, "prod", { decided: null }));
  expect(trial.result()).toMatchObject({ same: 1, changed: 0 });
});
