/**
 * Explain: each rule held against one request, or one tool call, with what
 * every condition wanted and saw. It asks the same leaves that decide, so what
 * it says is why it was decided; the verdict itself is the policy's.
 */
import type { Verdict } from "../model/decision.js";
import type { ToolCall } from "../model/review.js";
import { type Explained, explainCondition } from "./condition.js";
import type { PolicyInput } from "./policy.js";
import { promptTextOf } from "./prompt-text.js";
import type { Facts, Rule } from "./rule.js";

export interface ConditionExplained {
  /** Its place below `when`: `groups`, `any.groups`, `not.models`. */
  readonly condition: string;
  readonly matched: boolean;
  readonly reason: string;
}

export interface RuleExplained {
  readonly rule: Rule;
  readonly matched: boolean;
  /** It is the one whose verdict it is. */
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
  const prompt = once(() => promptTextOf(input.prompt()));
  const facts: Facts = { input, prompt, ...(toolCall && { toolCall }) };
  const about = toolCall === undefined ? "request" : "tool-call";
  const explained = rules
    .filter((rule) => rule.about === about)
    .map((rule) => ({ rule, tree: explainCondition(rule.when, facts) }));
  const deciding = explained.find(
    ({ rule, tree }) =>
      tree.matched && rule.name === verdict.rule && rule.effect === verdict.effect,
  );
  return explained.map(({ rule, tree }) => ({
    rule,
    matched: tree.matched,
    deciding: rule === deciding?.rule,
    conditions: [...flatten(tree, "")],
  }));
}

/** The leaves, and above those that are in `any` or `not` what came of them together. */
function* flatten(tree: Explained, place: string): Generator<ConditionExplained> {
  const { condition, matched, why, of } = tree;
  if (condition.kind === "test") {
    yield { condition: place + condition.name, matched, reason: why };
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

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
