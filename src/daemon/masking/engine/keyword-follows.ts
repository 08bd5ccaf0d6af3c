/**
 * Keyword follows: for keywords of many rules, the automaton that says which of
 * them what follows leaves possible. It is made in the background: until it is
 * there, and for all other keywords, the rules' expressions say the same.
 */
import type { CompiledRules } from "./compiled-rules.js";
import {
  createFollowAutomaton,
  type FollowAutomaton,
  type FollowState,
} from "./follow-automaton.js";
import type { Rule } from "./rule.js";

export interface KeywordFollows {
  readonly automaton: FollowAutomaton;
  /** By keyword: the state after it; undefined for a keyword of few rules. */
  readonly after: readonly (FollowState | undefined)[];
}

/** For fewer rules their expressions are as quick. */
const leastRules = 4;

/** Makes the automaton in steps of about a millisecond. */
export function* keywordFollowsSteps(
  rules: readonly Rule[],
  { keywords, rulesOf }: CompiledRules,
): Generator<void, KeywordFollows> {
  const automaton = createFollowAutomaton(
    rules.map(({ pattern, anyCase = false, table = false }) => ({ pattern, anyCase, table })),
  );
  const after: (FollowState | undefined)[] = [];
  const read = new Set<number>();
  for (const [number, keyword] of keywords.entries()) {
    const theirs = rulesOf[number] ?? [];
    // A match that begins before the keyword does not begin with it.
    if (theirs.length < leastRules || theirs.some(({ before }) => before > 0)) continue;
    const numbers = theirs.map((rule) => rule.number);
    for (const rule of numbers) {
      if (read.has(rule)) continue;
      read.add(rule);
      automaton.read(rule);
      yield;
    }
    after[number] = automaton.after(keyword, numbers);
    yield;
  }
  return { automaton, after };
}
