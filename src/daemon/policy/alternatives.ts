/**
 * Alternatives: a condition as the ways in which it can match, each a list of
 * tests that have to hold or to fail together. Lints reason about these; a
 * decision never needs them.
 */
import type { Condition, Test } from "./rule.js";

/** A test that has to hold, or to fail. */
export interface Demand {
  readonly test: Test;
  readonly holds: boolean;
}

/** All of them together. */
export type Alternative = readonly Demand[];

/** More than these are not looked at: `any` within `all` multiplies. */
const most = 256;

/** The ways in which it can match; undefined where there are too many to look at. */
export function alternativesOf(condition: Condition): readonly Alternative[] | undefined {
  return waysOf(condition, true);
}

function waysOf(condition: Condition, holds: boolean): readonly Alternative[] | undefined {
  switch (condition.kind) {
    case "test":
      return [[{ test: condition, holds }]];
    case "not":
      return waysOf(condition.of, !holds);
    default: {
      const parts = condition.of.map((part) => waysOf(part, holds));
      if (parts.some((part) => part === undefined)) return undefined;
      const known = parts as readonly (readonly Alternative[])[];
      // Not all of them: one of them not (De Morgan).
      return (condition.kind === "all") === holds ? together(known) : oneOf(known);
    }
  }
}

function oneOf(parts: readonly (readonly Alternative[])[]): readonly Alternative[] | undefined {
  const ways = parts.flat();
  return ways.length > most ? undefined : ways;
}

function together(parts: readonly (readonly Alternative[])[]): readonly Alternative[] | undefined {
  let ways: readonly Alternative[] = [[]];
  for (const part of parts) {
    if (ways.length * part.length > most) return undefined;
    ways = ways.flatMap((way) => part.map((more) => [...way, ...more]));
  }
  return ways;
}
