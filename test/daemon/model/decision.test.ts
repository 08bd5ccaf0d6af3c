import { expect, test } from "vitest";
import { isSameDecider, ruleKeyOf, type Verdict } from "../../../src/daemon/model/decision.js";

const origin = { layer: "user", file: "/policy.yaml", hash: "ab" } as const;
const verdict = (change?: Partial<typeof origin>): Verdict => ({
  ...{ effect: "review", rule: "r", reason: "because" },
  ...(change && { origin: { ...origin, ...change } }),
});

test("a rule is the same one by its layer, file and content, never by its name", () => {
  expect(isSameDecider(verdict({}), verdict({}))).toBe(true);
  expect(isSameDecider(verdict({}), verdict({ hash: "cd" as "ab" }))).toBe(false);
  expect(isSameDecider(verdict(), verdict())).toBe(false);
  const both = { ...verdict({}), also: [{ name: "b", ...origin, hash: "cd" }] };
  expect(isSameDecider(both, both)).toBe(true);
  expect(isSameDecider(both, verdict({}))).toBe(false);
  expect(ruleKeyOf(origin)).not.toBe(ruleKeyOf({ ...origin, layer: "project" }));
});
