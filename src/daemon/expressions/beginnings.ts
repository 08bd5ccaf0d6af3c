/**
 * Beginnings: from an expression, the expression of everything with which a
 * match of it may begin, whole matches among them. A stream's text is held
 * while its end is one. It may match too much, and never too little.
 */
import { type Node, patternOf, repeat, treeOf } from "./tree.js";

export interface Beginnings {
  /** Matches, to be tried at a text's end, the beginnings that are not empty. */
  readonly pattern: string;
  /** The most characters a match may have; infinite where nothing bounds them. */
  readonly longest: number;
}

/** A pattern grows by its nesting; past this one the engine's work is not worth it. */
const longestPattern = 20_000;

/** Derives them; undefined where the pattern is not plainly understood. */
export function beginningsOf(pattern: string): Beginnings | undefined {
  const tree = treeOf(pattern);
  if (tree === undefined) return undefined;
  const begins = beginnings(tree);
  if (begins === undefined || begins.length > longestPattern) return undefined;
  return { pattern: begins, longest: longest(tree) };
}

/** Undefined for what has no width. */
function beginnings(node: Node): string | undefined {
  switch (node.kind) {
    case "character":
      return node.source;
    case "edge":
      // What is seen ahead counts as if it were a part, until it is there; one character is at once.
      return node.ahead === undefined || node.ahead.kind === "character"
        ? undefined
        : beginnings(node.ahead);
    case "flagged": {
      const inner = beginnings(node.item);
      return inner === undefined ? undefined : `${node.open}${inner})`;
    }
    case "either":
      return either(node.items.map(beginnings));
    case "repeat": {
      const last = beginnings(node.item);
      if (last === undefined || node.max === 0) return undefined;
      return `${repeat(node.item, 0, node.max - 1)}${last}`;
    }
    case "sequence": {
      // `abc`: a's beginnings, or a and b's, or a and b and c's; nested, so that it stays short.
      let rest: string | undefined;
      for (const item of [...node.items].reverse()) {
        const own = beginnings(item);
        const further = rest === undefined ? undefined : `${patternOf(item)}${rest}`;
        rest = either([further, own]);
      }
      return rest;
    }
  }
}

function either(patterns: readonly (string | undefined)[]): string | undefined {
  const some = patterns.filter((pattern) => pattern !== undefined);
  return some.length < 2 ? some[0] : `(?:${some.join("|")})`;
}

function longest(node: Node): number {
  switch (node.kind) {
    case "character":
      return 2;
    case "edge":
      return 0;
    case "flagged":
      return longest(node.item);
    case "either":
      return Math.max(...node.items.map(longest));
    case "repeat":
      return node.max === 0 || longest(node.item) === 0 ? 0 : node.max * longest(node.item);
    case "sequence":
      return node.items.reduce((sum, item) => sum + longest(item), 0);
  }
}
