/** Compiled rules: all rules of a finder by their keywords, which one automaton finds. */
import { type Automaton, automatonSteps } from "./automaton.js";
import { type CompiledRule, compileRule } from "./compiled-rule.js";
import type { Rule } from "./rule.js";

/** A keyword, and what of the text behind it may be looked at before its rules are tried. */
const leastReach = 128;
/** Rules that are compiled in one step. */
const stride = 8;

/** Rules by their keywords, and what is made of all of them together. */
export interface CompiledRules {
  readonly automaton: Automaton;
  /** Of each keyword: itself, and the rules that it belongs to. */
  readonly keywords: readonly string[];
  readonly rulesOf: readonly (readonly NumberedRule[])[];
  /** By their numbers. */
  readonly rules: readonly NumberedRule[];
  /** Rules with a secret that may stand before their keyword. */
  readonly leading: readonly CompiledRule[];
  readonly reach: number;
}

/** Compiles rules, a few in a step; throws for a rule that cannot be compiled. */
export function* compileSteps(rules: readonly Rule[]): Generator<void, CompiledRules> {
  const byKeyword = new Map<string, NumberedRule[]>();
  const all: NumberedRule[] = [];
  for (const [number, rule] of rules.entries()) {
    if (number % stride === 0) yield;
    all.push({ ...compileRule(rule), number });
  }
  for (const rule of all) {
    for (const keyword of rule.keywords) {
      const key = keyword.toLowerCase();
      byKeyword.set(key, [...(byKeyword.get(key) ?? []), rule]);
    }
  }
  const keywords = [...byKeyword.keys()];
  const rulesOf = [...byKeyword.values()];
  return {
    automaton: yield* automatonSteps(keywords),
    keywords,
    rulesOf,
    rules: all,
    leading: all.filter(({ before, leastBefore }) => before > leastBefore),
    reach: Math.max(leastReach, ...all.map(({ reach }) => reach)),
  };
}

export interface NumberedRule extends CompiledRule {
  readonly number: number;
}
