import { expect, test } from "vitest";
import { isSameRule, ruleKeyOf, type Verdict } from "../../../src/daemon/model/decision.js";

const origin = { layer: "user", file: "/policy.yaml", hash: "ab" } as const;
const verdict = (change?: Partial<typeof origin>): Verdict => ({
  ...{ effect: "review", rule: "r", reason: "because" },
  ...(change && { origin: { ...origin, ...change } }),
});

test("a rule is the same one by its layer, file and content, never by its name", () => {
  expect(isSameRule(verdict({}), verdict({}))).toBe(true);
  expect(isSameRule(verdict({}), verdict({ hash: "cd" as "ab" }))).toBe(false);
  expect(isSameRule(verdict(), verdict())).toBe(false);
  expect(ruleKeyOf(origin)).not.toBe(ruleKeyOf({ ...origin, layer: "project" }));
});
