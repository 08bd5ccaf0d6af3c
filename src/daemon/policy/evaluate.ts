/**
 * Evaluate: rules → policy. The strictest matching effect wins, so rules that
 * deny are asked first, then those that want a review, then those that allow:
 * the first that matches has decided, and no other is looked at. Among equals
 * the organisation's comes before the user's, and the earlier line first.
 *
 * What no operation is called, and what hands out a credential that works
 * outside of hoopx, is let through only by a rule that names it: a rule about
 * everything, or about a class, was not written with those in mind.
 */
import type { Effect, Verdict } from "../model/decision.js";
import { type MaskingTerms, usualMasking } from "../model/masking-terms.js";
import type { ToolCall } from "../model/review.js";
import { matches, mayMatch, namesOperation, promptPatternsOf } from "./condition.js";
import { withFindings } from "./findings.js";
import type { Policy, PolicyInput } from "./policy.js";
import { type PromptText, promptTextOf } from "./prompt-text.js";
import { type Facts, layers, type Rule } from "./rule.js";

/** A policy whose rules can be told. */
export interface RulePolicy extends Policy {
  /** In the order in which they are asked. */
  readonly rules: readonly Rule[];
}

const strictness: readonly Effect[] = ["deny", "review", "allow"];

/** The order in which rules are asked. */
function asked(rules: readonly Rule[]): readonly Rule[] {
  const rank = ({ effect, layer }: Rule) =>
    strictness.indexOf(effect) * layers.length + layers.indexOf(layer);
  return [...rules].sort((one, other) => rank(one) - rank(other));
}

/** Facts about an input; the prompt is made plain when first asked for. */
export function factsOf(input: PolicyInput, toolCall?: ToolCall): Facts {
  let prompt: PromptText | undefined;
  return {
    input,
    ...(toolCall !== undefined && { toolCall }),
    prompt: () => {
      prompt ??= promptTextOf(input.prompt);
      return prompt;
    },
  };
}

/** Does the rule decide about these facts, where none before it did? */
export function ruleMatches(rule: Rule, facts: Facts): boolean {
  if (rule.about !== (facts.toolCall === undefined ? "request" : "tool-call")) return false;
  if (!matches(rule.when, facts, rule.effect !== "allow")) return false;
  return rule.effect === "deny" || !needsNaming(facts) || namesOperation(rule.when, facts);
}

/** May the operation be let through only by a rule that names it? */
function needsNaming({ input: { operation }, toolCall }: Facts): boolean {
  return toolCall === undefined && (operation.class === "unknown" || operation.mintsCredential);
}

/** Makes the policy of these rules. */
export function createPolicy(
  rules: readonly Rule[],
  hash: string,
  masking: MaskingTerms = usualMasking,
): RulePolicy {
  const ordered = asked(rules);
  const ofRequests = ordered.filter(({ about }) => about === "request");
  const ofToolCalls = ordered.filter(({ about }) => about === "tool-call");
  const reading = ordered.filter(({ when }) => promptPatternsOf(when).length > 0);
  // Of a request and of each of its tool calls the prompt is walked once.
  const known = new WeakMap<PolicyInput, Facts>();

  // Where a request is asked about once, nothing is remembered of it.
  const askedAgain = reading.length > 0 || ofToolCalls.length > 0;

  function factsFor(input: PolicyInput): Facts {
    if (!askedAgain) return factsOf(input);
    const facts = known.get(input) ?? factsOf(input);
    known.set(input, facts);
    return facts;
  }

  return {
    hash,
    rules: ordered,
    masking,
    judgeFindings: (verdict, found, where) => withFindings(masking, verdict, found, where),

    evaluate(input) {
      const facts = factsFor(input);
      const rule = ofRequests.find((candidate) => ruleMatches(candidate, facts));
      return rule === undefined ? noRule(input) : verdictOf(rule, input);
    },

    prepare(input) {
      if (reading.length === 0) return undefined;
      const facts = factsFor(input);
      const wanted = reading.filter(({ when }) =>
        mayMatch(when, facts, ({ about, cost }) => about === "request" && cost < 2),
      );
      if (wanted.length === 0 || !facts.prompt().long) return undefined;
      return lookThrough(wanted, facts);
    },

    watchesToolCalls(input) {
      if (ofToolCalls.length === 0) return false;
      const facts = factsFor(input);
      return ofToolCalls.some(
        ({ effect, when }) =>
          effect !== "allow" &&
          mayMatch(when, facts, ({ about, cost }) => about === "request" && cost < 2),
      );
    },

    evaluateToolCall(input, toolCall) {
      const facts: Facts = { ...factsFor(input), toolCall };
      const rule = ofToolCalls.find((candidate) => ruleMatches(candidate, facts));
      if (rule !== undefined) return { ...verdictOf(rule, input), onDeny: rule.onDeny };
      return { effect: "allow", rule: null, reason: `no rule speaks of the tool call` };
    },
  };
}

/** Looks for every pattern that may be asked for, and lets others run after each look. */
async function lookThrough(rules: readonly Rule[], facts: Facts): Promise<void> {
  const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
  const patterns = rules.flatMap(({ when }) => promptPatternsOf(when));
  await facts.prompt().lookFor(patterns, pause);
}

function verdictOf(rule: Rule, { operation }: PolicyInput): Verdict {
  const { effect, name, layer, file, hash } = rule;
  const origin = { layer, file, hash };
  const verdict = { effect, rule: name, origin, reason: rule.reason(operation) };
  return rule.review === null ? verdict : { ...verdict, review: rule.review };
}

function noRule({ operation }: PolicyInput): Verdict {
  const { action, method, path } = operation;
  const what = operation.class === "unknown" ? `${method} ${path.split("?", 1)[0]}` : action;
  return { effect: "deny", rule: null, reason: `no rule allows ${what}` };
}
