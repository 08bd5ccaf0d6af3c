/**
 * Compiled rules: all rules of a finder, by keyword. One automaton finds the
 * keywords; of each keyword another one, made at its first hit, holds what
 * follows against all of its rules.
 */
import { type Automaton, automatonSteps } from "./automaton.js";
import { type CompiledRule, compileRule } from "./compiled-rule.js";
import { createFollowAutomaton, type FollowAutomaton } from "./follow-automaton.js";
import type { Rule } from "./rule.js";

/** Rules that are compiled in one step. */
const stride = 8;

/** Rules by their keywords, and what is made of all of them together. */
export interface CompiledRules {
  readonly automaton: Automaton;
  /** Of each keyword: itself, and the rules that it belongs to. */
  readonly keywords: readonly string[];
  readonly rulesOf: readonly (readonly NumberedRule[])[];
  readonly rules: readonly CompiledRule[];
  /** Of a keyword's rules that match from it on; of most keywords it is never asked for. */
  followOf(keyword: number): Follow;
  /** Rules with a secret that may stand before their keyword. */
  readonly leading: readonly CompiledRule[];
  readonly ruleCount: number;
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
  const follows: Follow[] = [];
  return {
    automaton: yield* automatonSteps(keywords),
    keywords,
    rulesOf,
    rules: all,
    followOf(keyword) {
      follows[keyword] ??= createFollow(keywords[keyword] as string, rulesOf[keyword] ?? [], rules);
      return follows[keyword];
    },
    leading: all.filter(({ before, leastBefore }) => before > leastBefore),
    ruleCount: all.length,
    reach: Math.max(1, ...all.map(({ reach }) => reach)),
  };
}

export interface NumberedRule extends CompiledRule {
  readonly number: number;
}

/** Rules of one keyword that match from it on, and what may follow it. */
export interface Follow {
  readonly rules: readonly NumberedRule[];
  readonly automaton: FollowAutomaton;
}

function createFollow(
  keyword: string,
  theirs: readonly NumberedRule[],
  all: readonly Rule[],
): Follow {
  const rules = theirs.filter(({ before }) => before === 0);
  const written = rules.map(({ number }) => {
    const { pattern, anyCase = false, table = false } = all[number] as Rule;
    return { pattern, anyCase, table };
  });
  return { rules, automaton: createFollowAutomaton(keyword, written) };
}
