/**
 * Condition: whether a tree of tests matches, and why. `matches` stops at the
 * first leaf that settles it and builds nothing; `explainCondition` asks the
 * same leaves, all of them, and says what each saw.
 */

import type { TextPattern } from "./prompt-text.js";
import type { Condition, Facts, Test } from "./rule.js";

/**
 * Does it match? Leaves were sorted by their cost when they were parsed. `doubt`: what is taken to
 * be so of a leaf that cannot tell.
 */
export function matches(condition: Condition, facts: Facts, doubt = false): boolean {
  switch (condition.kind) {
    case "test":
      if (condition.unsure?.(facts)) return doubt;
      return condition.hit(facts) !== undefined;
    case "all":
      return condition.of.every((part) => matches(part, facts, doubt));
    case "any":
      return condition.of.some((part) => matches(part, facts, doubt));
    case "not":
      return !matches(condition.of, facts, !doubt);
  }
}

/** A condition held against facts: the tree again, with an answer at each place. */
export interface Explained {
  readonly condition: Condition;
  readonly matched: boolean;
  /** Lower case, no full stop. */
  readonly why: string;
  /** Of `any`, `all` and `not`: what is inside. */
  readonly of: readonly Explained[];
}

/** Why it matches, or does not; `doubt` as in `matches`. */
export function explainCondition(condition: Condition, facts: Facts, doubt = false): Explained {
  if (condition.kind === "test") {
    const hit = condition.hit(facts);
    if (condition.unsure?.(facts)) {
      const taken = doubt ? "taken as a match" : "not taken as a match";
      const why = `wants ${condition.text}, and cannot tell: ${condition.saw(facts)}; ${taken}`;
      return { condition, matched: doubt, why, of: [] };
    }
    const why =
      hit === undefined
        ? `wants ${condition.text}, but ${condition.saw(facts)}`
        : `${condition.name}: ${hit} (${condition.saw(facts)})`;
    return { condition, matched: hit !== undefined, why, of: [] };
  }
  const parts = condition.kind === "not" ? [condition.of] : condition.of;
  const inner = condition.kind === "not" ? !doubt : doubt;
  const of = parts.map((part) => explainCondition(part, facts, inner));
  const matched = matches(condition, facts, doubt);
  return { condition, matched, why: treeReason(condition.kind, matched, of), of };
}

function treeReason(
  kind: "all" | "any" | "not",
  matched: boolean,
  of: readonly Explained[],
): string {
  if (of.length === 0) return kind === "all" ? "it asks for nothing" : "there is nothing to match";
  const told = of.filter((part) => (kind === "not" ? true : part.matched === matched));
  const reasons = told.map(({ why }) => why);
  if (kind === "not") {
    return matched ? `not matched, as wanted: ${reasons[0]}` : `it must not match: ${reasons[0]}`;
  }
  return reasons.join(kind === "all" && !matched ? " and " : "; ");
}

/** A condition in words: `groups: engineering and not (models: gpt-*)`. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case "test":
      return condition.text;
    case "not":
      return `not (${conditionText(condition.of)})`;
    case "all":
      if (condition.of.length === 0) return "anything";
      return condition.of.map(inner).join(" and ");
    case "any":
      return condition.of.map(inner).join(" or ");
  }
}

function inner(condition: Condition): string {
  const text = conditionText(condition);
  return condition.kind === "any" ? `(${text})` : text;
}

type Perhaps = boolean | undefined;

/** Whether it could match once more is known: leaves that `known` refuses may turn out either way. */
export function mayMatch(
  condition: Condition,
  facts: Facts,
  known: (test: Test) => boolean,
): boolean {
  return perhaps(condition) !== false;

  function perhaps(part: Condition): Perhaps {
    switch (part.kind) {
      case "test":
        if (!known(part) || part.unsure?.(facts)) return undefined;
        return part.hit(facts) !== undefined;
      case "not": {
        const answer = perhaps(part.of);
        return answer === undefined ? undefined : !answer;
      }
      case "all":
        return settle(part.of, false);
      case "any":
        return settle(part.of, true);
    }
  }

  function settle(parts: readonly Condition[], decisive: boolean): Perhaps {
    let unknown = false;
    for (const part of parts) {
      const answer = perhaps(part);
      if (answer === decisive) return decisive;
      unknown ||= answer === undefined;
    }
    return unknown ? undefined : !decisive;
  }
}

/** All its leaves. */
export function testsOf(condition: Condition): readonly Test[] {
  if (condition.kind === "test") return [condition];
  if (condition.kind === "not") return testsOf(condition.of);
  return condition.of.flatMap(testsOf);
}

/** The patterns its leaves look for in the prompt, or in a tool call's arguments. */
export function patternsIn(condition: Condition, about: Test["about"]): readonly TextPattern[] {
  return testsOf(condition).flatMap((test) => (test.about === about ? (test.patterns ?? []) : []));
}

/** Is the operation named by what made it match, and not only its class or nothing of it? */
export function namesOperation(condition: Condition, facts: Facts): boolean {
  switch (condition.kind) {
    case "test":
      return condition.names?.(facts) ?? false;
    case "not":
      return false;
    case "all":
      return condition.of.some((part) => namesOperation(part, facts));
    case "any":
      return condition.of.some((part) => matches(part, facts) && namesOperation(part, facts));
  }
}

/** The greatest cost of its leaves, by which conditions are ordered. */
export function costOf(condition: Condition): number {
  return Math.max(0, ...testsOf(condition).map(({ cost }) => cost));
}
