/**
 * Effort: how much a lint may compare. A policy's words are compared each with
 * each, and an agent writes its project's. What would take too long is not
 * compared: a lint says nothing there, as it does where it is not sure.
 */
import type { Action } from "../model/operation.js";
import type { Alternative } from "./alternatives.js";
import type { Test } from "./rule.js";

/** Characters held against characters: one takes some nanoseconds. */
export interface Effort {
  /** May so much be done, in one step of the event loop, and beside what was done before? */
  spend(units: number): boolean;
}

const mostInStep = 3_000_000;
const mostTogether = 100_000_000;

/** Opens the effort of one lint. */
export function createEffort(): Effort {
  let left = mostTogether;
  return {
    spend(units) {
      if (units > mostInStep || units > left) return false;
      left -= units;
      return true;
    },
  };
}

interface Size {
  readonly characters: number;
  readonly squares: number;
}

const sizes = new WeakMap<Test, Size>();

function sizeOf(test: Test): Size {
  const known = sizes.get(test);
  if (known !== undefined) return known;
  const wants = Array.isArray(test.wants) ? test.wants : [JSON.stringify(test.wants)];
  let characters = 1;
  let squares = 1;
  for (const word of wants) {
    const length = String(word).length + 1;
    characters += length;
    squares += length * length;
  }
  const size = { characters, squares };
  sizes.set(test, size);
  return size;
}

/** What it takes to hold each test of the one against each of the other. */
export function comparisonOf(one: readonly Alternative[], other: readonly Alternative[]): number {
  const [ones, others] = [totalOf(one), totalOf(other)];
  return ones.squares * others.characters + others.squares * ones.characters;
}

/** What it takes to find out which actions the operations of these are. */
export function actionsEffort(ways: readonly Alternative[], actions: readonly Action[]): number {
  const tests = new Set(ways.flat().map(({ test }) => test));
  let characters = 0;
  for (const test of tests) if (test.name === "operations") characters += sizeOf(test).characters;
  return characters * actions.length * 4;
}

const totals = new WeakMap<readonly Alternative[], Size>();

function totalOf(ways: readonly Alternative[]): Size {
  const known = totals.get(ways);
  if (known !== undefined) return known;
  let characters = 0;
  let squares = 0;
  for (const { test } of ways.flat()) {
    const size = sizeOf(test);
    characters += size.characters;
    squares += size.squares;
  }
  const total = { characters, squares };
  totals.set(ways, total);
  return total;
}
