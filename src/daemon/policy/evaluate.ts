/**
 * Evaluate: rules → policy. The strictest matching effect wins, so rules that
 * deny are asked first, then those that want a review, then those that allow.
 * The first that matches decides. Among equals the organisation's comes before
 * the user's, and the earlier line first. Where a review is wanted, every rule
 * that wants one has a say in its terms.
 *
 * An unknown operation, and one that issues a credential that works outside
 * of hoopx, is allowed only by a rule that names it: a rule about everything,
 * or about a class, was not written with those in mind.
 */
import type { Effect, NamedRule, RuleOrigin, Verdict } from "../model/decision.js";
import { escapedTexts } from "../model/escaped-text.js";
import { type MaskingTerms, usualMasking } from "../model/masking-terms.js";
import type { ToolCall } from "../model/review.js";
import { matches, mayMatch, namesOperation, patternsIn } from "./condition.js";
import { withFindings } from "./findings.js";
import type { Policy, PolicyInput } from "./policy.js";
import { type PromptText, promptTextOf } from "./prompt-text.js";
import { type Facts, layers, type Rule } from "./rule.js";
import { strictestTerms } from "./strictest-terms.js";

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

/** Facts about an input; its texts are made plain when first asked for. */
export function factsOf(input: PolicyInput, toolCall?: ToolCall): Facts {
  let prompt: PromptText | undefined;
  return {
    input,
    ...(toolCall !== undefined && { toolCall, arguments: argumentsOf(toolCall) }),
    prompt: () => {
      prompt ??= promptTextOf(input.prompt);
      return prompt;
    },
  };
}

function argumentsOf({ arguments: written }: ToolCall): PromptText {
  return promptTextOf(() => escapedTexts(written));
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
  const reading = ordered.filter(({ when }) => patternsIn(when, "request").length > 0);
  const readingCalls = ofToolCalls.filter(({ when }) => patternsIn(when, "tool-call").length > 0);
  // Of a request and of each of its tool calls the prompt is walked once.
  const known = new WeakMap<PolicyInput, Facts>();
  const knownArguments = new WeakMap<ToolCall, PromptText>();

  // Where a request is asked about once, nothing is remembered of it.
  const askedAgain = reading.length > 0 || ofToolCalls.length > 0;

  function factsFor(input: PolicyInput): Facts {
    if (!askedAgain) return factsOf(input);
    const facts = known.get(input) ?? factsOf(input);
    known.set(input, facts);
    return facts;
  }

  function factsForCall(input: PolicyInput, call: ToolCall) {
    const text = knownArguments.get(call) ?? argumentsOf(call);
    knownArguments.set(call, text);
    return { ...factsFor(input), toolCall: call, arguments: text };
  }

  /** Would the request go on without the rules that want a review? */
  function isLetThrough(facts: Facts): boolean {
    return ofRequests.some((rule) => rule.effect === "allow" && ruleMatches(rule, facts));
  }

  return {
    hash,
    rules: ordered,
    masking,
    judgeFindings: (verdict, found, where) => withFindings(masking, verdict, found, where),

    evaluate(input) {
      const facts = factsFor(input);
      const [rule, ...also] = deciders(ofRequests, facts);
      if (rule === undefined) return noRule(input);
      if (isOfProjectAlone([rule, ...also]) && !isLetThrough(facts)) return noRule(input);
      return withDoubt(verdictOf(rule, also, input), rule, facts);
    },

    prepare(input, call) {
      if (call !== undefined) {
        if (readingCalls.length === 0) return undefined;
        const callFacts = factsForCall(input, call);
        if (!callFacts.arguments.long) return undefined;
        const asking = readingCalls.filter(({ when }) =>
          mayMatch(when, callFacts, ({ patterns }) => patterns === undefined),
        );
        return lookThrough(asking, "tool-call", callFacts.arguments);
      }
      if (reading.length === 0) return undefined;
      const facts = factsFor(input);
      const wanted = reading.filter(({ when }) =>
        mayMatch(when, facts, ({ about, cost }) => about === "request" && cost < 2),
      );
      if (wanted.length === 0 || !facts.prompt().long) return undefined;
      return lookThrough(wanted, "request", facts.prompt());
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
      const facts = factsForCall(input, toolCall);
      const [rule, ...also] = deciders(ofToolCalls, facts);
      if (rule !== undefined) return { ...verdictOf(rule, also, input), onDeny: rule.onDeny };
      return { effect: "allow", rule: null, reason: `no rule speaks of the tool call` };
    },
  };
}

/** Looks for every pattern that may be asked for, and lets others run after each look. */
async function lookThrough(
  rules: readonly Rule[],
  about: Rule["about"],
  text: PromptText,
): Promise<void> {
  const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
  const patterns = rules.flatMap(({ when }) => patternsIn(when, about));
  await text.lookFor(patterns, pause);
}

/** The rule that decides; where it wants a review, the others that want one behind it. */
function deciders(rules: readonly Rule[], facts: Facts): readonly Rule[] {
  const at = rules.findIndex((rule) => ruleMatches(rule, facts));
  const first = rules[at];
  if (first?.effect !== "review") return first === undefined ? [] : [first];
  const others = rules.slice(at + 1);
  return [first, ...others.filter((rule) => rule.effect === "review" && ruleMatches(rule, facts))];
}

/** A rule that only holds because a model is not known says so: its own reason names models that the request does not have. */
function withDoubt(verdict: Verdict, rule: Rule, facts: Facts): Verdict {
  if (rule.effect === "allow" || matches(rule.when, facts)) return verdict;
  const { model, models = [] } = facts.input.operation;
  const why =
    model === null && models.length === 0
      ? "the request names no model that hoopx can read"
      : "hoopx cannot tell which model works on the request";
  return { ...verdict, reason: `${verdict.reason}; ${why}` };
}

/** A project's file can only narrow: what its rule wants reviewed, another layer's has to let through. */
function isOfProjectAlone(rules: readonly Rule[]): boolean {
  return rules.every(({ effect, layer }) => effect === "review" && layer === "project");
}

function verdictOf(rule: Rule, also: readonly Rule[], { operation }: PolicyInput): Verdict {
  const { effect, name, review } = rule;
  // A project's file is the agent's to write; a built-in rule's reason names the operation.
  const own = rule.file !== null && rule.layer !== "project";
  const said = { reason: rule.reason(operation), ...(own && { ownReason: true as const }) };
  const verdict = { effect, rule: name, origin: originOf(rule), ...said };
  if (review === null) return verdict;
  const terms = strictestTerms(
    review,
    also.flatMap((other) => other.review ?? []),
  );
  return { ...verdict, ...(also.length > 0 && { also: also.map(namedRule) }), review: terms };
}

function namedRule(rule: Rule): NamedRule {
  return { name: rule.name, ...originOf(rule) };
}

function originOf({ layer, file, hash }: Rule): RuleOrigin {
  return { layer, file, hash };
}

function noRule({ operation }: PolicyInput): Verdict {
  const { action, method, path } = operation;
  const what = operation.class === "unknown" ? `${method} ${path.split("?", 1)[0]}` : action;
  return { effect: "deny", rule: null, reason: `no rule allows ${what}` };
}
