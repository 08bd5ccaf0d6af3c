import { expect, test } from "vitest";
import { denials, isDenial, outcomes } from "../../src/contract/outcome.js";

test("the list is closed: nine words, each once", () => {
  expect(new Set(outcomes).size).toBe(outcomes.length);
  expect(outcomes).toHaveLength(9);
});

test("a denial is one by the policy, by a person, or for want of an answer", () => {
  expect(outcomes.filter(isDenial)).toEqual([...denials]);
  expect(isDenial(null)).toBe(false);
});
