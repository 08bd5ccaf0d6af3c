/**
 * Inference gap: a policy whose rules let no inference through. Each of its
 * rules may be right, and the policy still stops every agent, because what no
 * rule allows is denied. So `hoopx policy check` warns, with the rule to add.
 */
import type { Action } from "../model/operation.js";
import type { FileProblem } from "../yaml/checked-yaml.js";
import { alternativesOf } from "./alternatives.js";
import { operationsOf } from "./operation-set.js";
import type { Rule } from "./rule.js";

/** The warning for a policy of these rules, in steps; empty where a rule may let inference through. `file` is the one to mend. */
export function* inferenceGap(
  rules: readonly Rule[],
  file: string,
  actions: readonly Action[],
): Generator<void, readonly FileProblem[]> {
  for (const rule of rules) {
    if (mayLetThrough(rule, actions)) return [];
    yield;
  }
  const rule = rules.find((one) => one.file === file);
  return [
    {
      file,
      line: rule?.line ?? 1,
      column: rule?.column ?? 1,
      reason: "no rule allows inference, so every call of a model is denied",
      hint: "add the rule - { name: inference, when: { operations: [inference] }, effect: allow }",
    },
  ];
}

function mayLetThrough({ effect, about, when }: Rule, actions: readonly Action[]): boolean {
  if (effect === "deny" || about !== "request") return false;
  const ways = alternativesOf(when);
  if (ways === undefined) return true;
  return ways.some((way) => {
    const sets = way
      .filter(({ test }) => test.name === "operations")
      .map(({ test, holds }) => ({ holds, ...operationsOf(test, actions) }));
    // "POST /v1/responses" names an operation without its action.
    const byPath = sets.some(({ holds, others }) => holds && [...others].some(isPath));
    return (
      byPath ||
      actions.some(
        (action) =>
          action.class === "inference" &&
          sets.every((set) => set.actions.has(action.name) === set.holds),
      )
    );
  });
}

const isPath = (word: string) => word !== "unknown";
