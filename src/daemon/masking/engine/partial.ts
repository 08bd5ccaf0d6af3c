/**
 * Partial: of a rule's pattern, the expression that matches where the rule's
 * own attempt would look beyond the text's end. Where it does not match, the
 * attempt has one outcome, whatever may follow; where it does, the outcome is
 * open. It is derived from the pattern piece by piece, nothing is written by
 * hand: of `ab{2,3}` it is `$|a(?:b{0,2}$)`.
 */
import { type Atom, lengthOf, type Sequence } from "./expression.js";

/** Matches nothing. */
const never = "(?!)";

/** Matches where an attempt at the pattern looks beyond the text's end. */
export function openExpression(options: readonly Sequence[]): string {
  return open(options) ?? never;
}

/**
 * Like it, but only where the part that is hidden has begun: with three characters where it has
 * a fixed beginning, else with one.
 */
export function begunExpression(options: readonly Sequence[]): string {
  if (!hasSecret(options)) return openExpression(options);
  return begun(options) ?? never;
}

/** Whether there is a group named `secret`. */
export function hasSecret(options: readonly Sequence[]): boolean {
  return options.some((sequence) => sequence.some(holdsSecret));
}

/** How many characters of a match stand before its secret, at least; 0 where all of it is one. */
export function leastBeforeSecret(options: readonly Sequence[]): number {
  if (!options.every((sequence) => sequence.some(holdsSecret))) return 0;
  return Math.min(
    ...options.map((sequence) => {
      const index = sequence.findIndex(holdsSecret);
      const before = lengthOf([sequence.slice(0, index)]).least;
      const node = sequence[index] as Atom;
      return before + (node.kind === "group" && !node.secret ? leastBeforeSecret(node.options) : 0);
    }),
  );
}

function open(options: readonly Sequence[]): string | undefined {
  return either(options.map((sequence) => openFrom(sequence, 0)));
}

function openFrom(sequence: Sequence, index: number): string | undefined {
  const node = sequence[index];
  if (node === undefined) return undefined;
  const rest = openFrom(sequence, index + 1);
  return either([openNode(node), rest === undefined ? undefined : plain(node) + rest]);
}

function openNode(node: Atom): string | undefined {
  switch (node.kind) {
    case "character":
      return "$";
    case "group":
      return open(node.options);
    case "look": {
      if (!node.ahead) return undefined;
      const inside = node.options === undefined ? "$" : open(node.options);
      return inside === undefined ? undefined : `(?=${inside})`;
    }
    case "repeat": {
      const inside = openNode(node.node);
      if (inside === undefined || node.most === 0) return undefined;
      return node.most === 1 ? inside : `(?:${plain(node.node)}){0,${node.most - 1}}${inside}`;
    }
  }
}

function begun(options: readonly Sequence[]): string | undefined {
  return either(
    options.map((sequence) => {
      const index = sequence.findIndex(holdsSecret);
      // Without one, what matches is hidden as a whole.
      if (index === -1) return openFrom(sequence, 0);
      const node = sequence[index] as Atom;
      const rest = openFrom(sequence, index + 1);
      const found = either([begunNode(node), rest === undefined ? undefined : plain(node) + rest]);
      return found === undefined ? undefined : sequence.slice(0, index).map(plain).join("") + found;
    }),
  );
}

function begunNode(node: Atom): string | undefined {
  if (node.kind === "repeat") return begunNode(node.node);
  if (node.kind !== "group") return undefined;
  if (!node.secret) return begun(node.options);
  const inside = open(node.options);
  const least = node.options.every(isFixed) ? 3 : 1;
  return inside === undefined ? undefined : `(?=[\\s\\S]{${least}})${inside}`;
}

/** Begins with three characters that are always the same. */
function isFixed(sequence: Sequence): boolean {
  const taking = sequence.filter((node) => node.kind !== "look").slice(0, 3);
  return taking.length === 3 && taking.every((node) => node.kind === "character" && node.literal);
}

function holdsSecret(node: Atom): boolean {
  if (node.kind === "repeat") return holdsSecret(node.node);
  return node.kind === "group" && (node.secret || hasSecret(node.options));
}

/** As it stands in the pattern, without the name: here it may stand more than once. */
function plain(node: Atom): string {
  return node.source.replaceAll("(?<secret>", "(?:");
}

function either(options: readonly (string | undefined)[]): string | undefined {
  const some = options.filter((option) => option !== undefined);
  if (some.length === 0) return undefined;
  return some.length === 1 && some[0] === "$" ? "$" : `(?:${some.join("|")})`;
}
