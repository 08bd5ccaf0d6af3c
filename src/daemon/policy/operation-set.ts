/**
 * Operation set: the operations that the words of a rule speak of, out of all
 * that there are. Lints reason about these; words of the form `METHOD /path`
 * may also name operations that are not known, and are compared as they are.
 */
import type { Action } from "../model/operation.js";
import { globOf } from "./glob.js";
import type { Test } from "./rule.js";
import { wordsOf } from "./wants.js";

/** The classes that a word may name. */
export const classes = ["read", "inference", "write", "admin", "unknown"] as const;

export const isClass = (word: string): boolean => (classes as readonly string[]).includes(word);
export const isRequest = (word: string): boolean => /^\S+ \//.test(word);

export interface OperationSet {
  /** Names of known actions. */
  readonly actions: ReadonlySet<string>;
  /** Requests named by method and path, and the class `unknown`. */
  readonly others: ReadonlySet<string>;
}

const found = new WeakMap<
  Test,
  { readonly known: readonly Action[]; readonly set: OperationSet }
>();

/** What a test of operations speaks of; found out once. */
export function operationsOf(test: Test, known: readonly Action[]): OperationSet {
  const before = found.get(test);
  if (before?.known === known) return before.set;
  const set = operationSetOf(wordsOf(test) ?? [], known);
  found.set(test, { known, set });
  return set;
}

function operationSetOf(words: readonly string[], known: readonly Action[]): OperationSet {
  const globs = words
    .filter((word) => !isClass(word) && !isRequest(word))
    .map((word) => globOf(word));
  return {
    actions: new Set(
      known
        .filter(
          (action) =>
            words.includes(action.class) || globs.some((glob) => glob.matches(action.name)),
        )
        .map(({ name }) => name),
    ),
    others: new Set(words.filter((word) => word === "unknown" || isRequest(word))),
  };
}
