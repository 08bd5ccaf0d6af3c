/**
 * Wants: what a test asks for, as lints compare it. Tests of words speak of
 * facts with one value (a request has one model) or with many (groups).
 */
import type { Test } from "./rule.js";

const single = new Set(["subjects", "emails", "issuers", "commands", "hosts", "connections"]);
const singleToo = new Set(["models", "operations", "ci", "processCheck"]);
const many = new Set(["groups", "tools", "hostedTools"]);
const anyCase = new Set(["emails", "hosts"]);

/** The globs; one of them has to match; undefined for a test of another kind. */
export function wordsOf({ name, wants }: Test): readonly string[] | undefined {
  const words = typeof wants === "string" ? [wants] : wants;
  if (!Array.isArray(words) || !(single.has(name) || singleToo.has(name) || many.has(name))) {
    return undefined;
  }
  return (words as readonly string[]).map((word) =>
    anyCase.has(name) ? word.toLowerCase() : word,
  );
}

/** Has a request one such fact at most? */
export const hasOneValue = ({ name }: Test): boolean => single.has(name) || singleToo.has(name);

/** The value of a test of yes or no. */
export function flagOf({ wants }: Test): boolean | undefined {
  return typeof wants === "boolean" ? wants : undefined;
}

/** The least and the greatest size that a test of size lets through. */
export function sizesOf({ name, wants }: Test): readonly [least: number, most: number] | undefined {
  if (name !== "requestBytes") return undefined;
  const { over, under } = wants as { readonly over?: number; readonly under?: number };
  return [
    over === undefined ? 0 : over + 1,
    under === undefined ? Number.POSITIVE_INFINITY : under - 1,
  ];
}

export interface Budget {
  readonly per: string;
  readonly requests?: number;
  readonly tokens?: number;
  readonly cost?: number;
}

/** What has to be used up. */
export function budgetOf({ name, wants }: Test): Budget | undefined {
  return name === "budget" ? (wants as Budget) : undefined;
}

/** What is looked for in a text, each as its file has it; undefined for a test of no text. */
export function soughtIn({ patterns }: Test): readonly string[] | undefined {
  return patterns?.map(({ kind, source }) => `${kind}:${source}`);
}
