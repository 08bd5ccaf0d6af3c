/**
 * Digits: how many of them every match of an expression has at least. Most
 * texts have some digits and few have many, so counting spares the expression.
 */
import { type Node, treeOf } from "./tree.js";

/** The least number of digits in a match; 0 where nothing is known. */
export function leastDigits(pattern: string): number {
  const tree = treeOf(pattern);
  return tree === undefined ? 0 : least(tree);
}

function least(node: Node): number {
  switch (node.kind) {
    case "character":
      return /^(?:\d|\\d|\[[\d-]+\])$/.test(node.source) ? 1 : 0;
    case "edge":
      return 0;
    case "flagged":
      return least(node.item);
    case "either":
      return Math.min(...node.items.map(least));
    case "repeat":
      return node.min * least(node.item);
    case "sequence":
      return node.items.reduce((sum, item) => sum + least(item), 0);
  }
}
