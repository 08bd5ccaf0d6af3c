/**
 * Leaf: makes the tests that compare a fact with the words of a file; what all
 * of them share is said here once.
 */
import { type Glob, globHit, globOf } from "./glob.js";
import type { Facts, Test } from "./rule.js";

/** Where a test stands in its file. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The parts of a test that differ; the rest is as usual: about the request, at hand. */
type Leaf = Pick<Test, "name" | "text" | "hit" | "saw" | "wants"> & Partial<Test>;

/** A test, with what is usual filled in. */
export function leaf(place: Place, parts: Leaf): Test {
  return { kind: "test", about: "request", cost: 0, ...place, ...parts };
}

export interface WordsLeaf {
  readonly name: string;
  readonly words: readonly string[];
  /** The facts, as many as there are. */
  readonly values: (facts: Facts) => readonly string[];
  readonly anyCase?: boolean;
  /** `the request's model`: how a sentence begins that says what was there. */
  readonly noun: string;
}

/** One of the facts is matched by one of the globs. */
export function globsLeaf(place: Place, { name, words, values, noun, anyCase }: WordsLeaf): Test {
  const globs: readonly Glob[] = words.map((word) => globOf(word, anyCase));
  return leaf(place, {
    name,
    text: `${name}: ${oneOf(words)}`,
    wants: words,
    hit: (facts) => globHit(globs, values(facts)),
    saw: (facts) => sawWords(noun, values(facts)),
  });
}

/** A yes or no that the facts have to share. */
export function flagLeaf(
  place: Place,
  name: string,
  wanted: boolean,
  value: (facts: Facts) => boolean,
): Test {
  return leaf(place, {
    name,
    text: `${name}: ${wanted}`,
    wants: wanted,
    hit: (facts) => (value(facts) === wanted ? String(wanted) : undefined),
    saw: (facts) => `${name} is ${value(facts)}`,
  });
}

/** `a, b or c` */
export function oneOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** `the groups are a, b`; `the groups are none`. */
export function sawWords(noun: string, words: readonly string[]): string {
  return `${noun} ${noun.endsWith("s") ? "are" : "is"} ${words.length === 0 ? "none" : words.join(", ")}`;
}
