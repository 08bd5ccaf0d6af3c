/**
 * Explain: each rule held against one request, or one tool call, with what
 * every condition wanted and saw. It asks the same leaves that decide, so what
 * it says is why it was decided; the verdict itself is the policy's.
 */
import { ruleKeyOf, type Verdict } from "../model/decision.js";
import type { ToolCall } from "../model/review.js";
import { type Explained, explainCondition } from "./condition.js";
import { factsOf, ruleMatches } from "./evaluate.js";
import type { PolicyInput } from "./policy.js";
import type { Rule } from "./rule.js";

export interface ConditionExplained {
  /** Its place below `when`: `groups`, `any.groups`, `not.models`. */
  readonly condition: string;
  readonly matched: boolean;
  readonly reason: string;
}

export interface RuleExplained {
  readonly rule: Rule;
  readonly matched: boolean;
  /** The verdict is its own; of a review, its own and that of the other rules that want one. */
  readonly deciding: boolean;
  readonly conditions: readonly ConditionExplained[];
}

/** The rules that speak of requests, or of tool calls where one is given, in their order. */
export function explainRules(
  rules: readonly Rule[],
  verdict: Verdict,
  input: PolicyInput,
  toolCall?: ToolCall,
): readonly RuleExplained[] {
  const facts = factsOf(input, toolCall);
  const about = toolCall === undefined ? "request" : "tool-call";
  const explained = rules
    .filter((rule) => rule.about === about)
    .map((rule) => ({
      rule,
      matched: ruleMatches(rule, facts),
      tree: explainCondition(rule.when, facts, rule.effect !== "allow"),
    }));
  // Several layers may have a rule of the same name.
  const { origin, also = [] } = verdict;
  const decided = new Set((origin === undefined ? [] : [origin, ...also]).map(ruleKeyOf));
  return explained.map(({ rule, matched, tree }) => ({
    rule,
    matched,
    deciding: matched && decided.has(ruleKeyOf(rule)),
    conditions: [...flatten(tree, ""), ...(tree.matched && !matched ? [notNamed] : [])],
  }));
}

/** Why a rule whose conditions match still does not let the request through. */
const notNamed: ConditionExplained = {
  condition: "operations",
  matched: false,
  reason:
    "an unknown operation, or one that issues a credential, is allowed only by a rule that names it",
};

/** The leaves, and above those that are in `any` or `not` what came of them together. */
function* flatten(tree: Explained, place: string): Generator<ConditionExplained> {
  const { condition, matched, why, of } = tree;
  if (condition.kind === "test") {
    // Its name stands beside it already.
    const reason = why.startsWith(`${condition.name}: `)
      ? why.slice(condition.name.length + 2)
      : why;
    yield { condition: place + condition.name, matched, reason };
    return;
  }
  if (condition.kind === "all") {
    for (const part of of) yield* flatten(part, place);
    return;
  }
  const inner = `${place}${condition.kind}`;
  const met = of.filter((part) => part.matched).length;
  yield {
    condition: inner,
    matched,
    reason:
      condition.kind === "any"
        ? `${met} of ${of.length} match, and one is enough`
        : matched
          ? "what is in it does not match, as wanted"
          : "what is in it matches, and it must not",
  };
  for (const part of of) yield* flatten(part, `${inner}.`);
}
