/**
 * Present policy: rules, problems and explanations as views, and what `hoopx
 * run` says of a policy file that is not in force as it stands. As in
 * `present.ts`, each key is named, so that nothing else crosses.
 */
import type {
  ExplanationView,
  PolicyChangeView,
  PolicyLayerView,
  PolicyMaskingView,
  PolicyProblemView,
  PolicyRuleView,
  RuleExplanationView,
  VerdictView,
} from "../../../contract/policy-views.js";
import type { Verdict } from "../../model/decision.js";
import type { MaskingTerms } from "../../model/masking-terms.js";
import type { RuleExplained } from "../../policy/explain.js";
import type { Layer } from "../../policy/layers.js";
import type { Rule } from "../../policy/rule.js";
import type { Change } from "../../policy/trial.js";
import { type FileProblem, problemLine } from "../../yaml/checked-yaml.js";

/** What is wrong, and where. */
export function presentProblem(problem: FileProblem): PolicyProblemView {
  const { file, line, column, reason, hint } = problem;
  return { file, line, column, reason, hint };
}

/** One line for a problem of the policy that a session begins under. */
export function policyNote(
  problem: FileProblem,
  layers: readonly Pick<Layer, "problems" | "unreadable">[],
): string {
  const note = `policy: ${problemLine(problem)}`;
  // What is left out of a file that can be read says so itself.
  const broken = layers.find(({ problems }) => problems.includes(problem));
  if (broken === undefined) return note;
  return broken.unreadable
    ? `${note}; until it is mended every request is denied`
    : `${note}; until it is mended the file's earlier rules stay in force`;
}

/** A file, and what is wrong with its last edit. */
export function presentLayer(
  { name, file, rules, unreadable }: Layer,
  { hash, problems }: { readonly hash: string; readonly problems: readonly FileProblem[] },
): PolicyLayerView {
  return {
    layer: name,
    file,
    hash: unreadable ? null : hash,
    rules: rules.length,
    problems: problems.map(presentProblem),
  };
}

/** What is to be hidden; of word lists only how many words: they may be secrets. */
export function presentMasking(terms: MaskingTerms): PolicyMaskingView {
  const { detectors, patterns, words, requests, restore } = terms;
  return {
    detectors: [...detectors],
    patterns: patterns.map(({ name, match }) => ({ name, match })),
    words: words.map((list) => ({ name: list.name, words: list.words.length })),
    requests,
    restore,
  };
}

/** A rule, as a sentence. */
export function presentRule(rule: Rule, sentence: string): PolicyRuleView {
  const { name, layer, effect, file, line } = rule;
  return { name, layer, effect, sentence, file, line: file === null ? null : line };
}

function presentVerdict({ effect, rule, reason }: Verdict): VerdictView {
  return { effect, rule, reason };
}

/** A verdict, and why. */
export function presentExplanation(
  verdict: Verdict,
  rules: readonly RuleExplained[],
): ExplanationView {
  return { verdict: presentVerdict(verdict), rules: rules.map(presentRuleExplained) };
}

function presentRuleExplained(explained: RuleExplained): RuleExplanationView {
  const { rule, matched, deciding, conditions } = explained;
  return {
    rule: rule.name,
    layer: rule.layer,
    effect: rule.effect,
    matched,
    deciding,
    conditions: conditions.map(({ condition, matched: met, reason }) => ({
      condition,
      matched: met,
      reason,
    })),
  };
}

/** What would be decided otherwise. */
export function presentChange({ about, from, to, count, examples }: Change): PolicyChangeView {
  return {
    about,
    from: from.effect,
    fromRule: from.rule,
    to: to.effect,
    toRule: to.rule,
    count,
    examples,
    reason: to.reason,
  };
}
