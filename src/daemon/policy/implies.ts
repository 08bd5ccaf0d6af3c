/**
 * Implies: whether whatever one test lets through another does too, and
 * whether two can hold together at all. Says "no" and "they can" where it
 * cannot tell, so that a lint built on it is silent rather than wrong.
 */
import type { Action } from "../model/operation.js";
import type { Alternative, Demand } from "./alternatives.js";
import { globCovers, globsMeet } from "./glob-sets.js";
import { operationsOf } from "./operation-set.js";
import type { Test } from "./rule.js";
import { budgetOf, flagOf, hasOneValue, sizesOf, soughtIn, wordsOf } from "./wants.js";

/** Does each way to match one condition match the other too? */
export function impliesAll(
  narrow: readonly Alternative[],
  wide: readonly Alternative[],
  known: readonly Action[],
): boolean {
  return narrow.every((way) =>
    wide.some((other) =>
      other.every((wanted) => way.some((given) => implies(given, wanted, known))),
    ),
  );
}

/** Does one demand entail the other? */
function implies(given: Demand, wanted: Demand, known: readonly Action[]): boolean {
  if (given.test.name !== wanted.test.name) return false;
  if (given.holds && wanted.holds) return covers(wanted.test, given.test, known);
  if (!given.holds && !wanted.holds) return covers(given.test, wanted.test, known);
  // One holds, so the other fails: they exclude each other.
  return given.holds && !wanted.holds && exclude(given.test, wanted.test, known);
}

/** Does the first test hold wherever the second, of the same name, does? */
export function covers(wide: Test, narrow: Test, known: readonly Action[]): boolean {
  if (JSON.stringify(wide.wants) === JSON.stringify(narrow.wants) && wide.text === narrow.text) {
    return true;
  }
  const wideWords = wordsOf(wide);
  const narrowWords = wordsOf(narrow);
  if (wideWords !== undefined && narrowWords !== undefined) {
    if (wide.name === "operations") {
      const one = operationsOf(wide, known);
      const other = operationsOf(narrow, known);
      return subset(other.actions, one.actions) && subset(other.others, one.others);
    }
    return narrowWords.every((word) => wideWords.some((general) => globCovers(general, word)));
  }
  const wideSizes = sizesOf(wide);
  const narrowSizes = sizesOf(narrow);
  if (wideSizes !== undefined && narrowSizes !== undefined) {
    return wideSizes[0] <= narrowSizes[0] && narrowSizes[1] <= wideSizes[1];
  }
  const wideBudget = budgetOf(wide);
  const narrowBudget = budgetOf(narrow);
  if (wideBudget !== undefined && narrowBudget !== undefined) {
    return (
      wideBudget.per === narrowBudget.per &&
      (["requests", "tokens", "cost"] as const).every((of) => {
        const limit = narrowBudget[of];
        return limit === undefined || (wideBudget[of] ?? Number.POSITIVE_INFINITY) <= limit;
      })
    );
  }
  const wideSought = soughtIn(wide);
  const narrowSought = soughtIn(narrow);
  if (wideSought !== undefined && narrowSought !== undefined && wide.about === "request") {
    return narrowSought.length > 0 && subset(new Set(narrowSought), new Set(wideSought));
  }
  return false;
}

/** Can two tests of one name not hold together? */
export function exclude(one: Test, other: Test, known: readonly Action[]): boolean {
  if (one.name !== other.name) return false;
  const flag = flagOf(one);
  const otherFlag = flagOf(other);
  if (flag !== undefined && otherFlag !== undefined) return flag !== otherFlag;
  const words = wordsOf(one);
  const otherWords = wordsOf(other);
  // `ci: false`, and one of these CI systems.
  if (one.name === "ci") {
    if ((flag === false && otherWords) || (otherFlag === false && words)) return true;
  }
  if (words !== undefined && otherWords !== undefined && hasOneValue(one)) {
    if (one.name === "operations") {
      const left = operationsOf(one, known);
      const right = operationsOf(other, known);
      const named = [...left.others, ...right.others];
      // A path may be that of any operation.
      if (named.some((word) => word !== "unknown")) return false;
      return ![...left.actions, ...left.others].some(
        (name) => right.actions.has(name) || right.others.has(name),
      );
    }
    return !words.some((word) => otherWords.some((second) => globsMeet(word, second)));
  }
  const sizes = sizesOf(one);
  const otherSizes = sizesOf(other);
  if (sizes !== undefined && otherSizes !== undefined) {
    return sizes[1] < otherSizes[0] || otherSizes[1] < sizes[0];
  }
  return false;
}

function subset(small: ReadonlySet<string>, large: ReadonlySet<string>): boolean {
  for (const item of small) if (!large.has(item)) return false;
  return true;
}
