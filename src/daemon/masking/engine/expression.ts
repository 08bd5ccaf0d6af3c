/**
 * Expression: reads a rule's pattern. Only what can be bounded is let through
 * — sequences, classes, groups, alternatives, bounded repeats, boundaries — so
 * that every attempt ends after a known number of characters, and so that it
 * can be said of any text whether a match could still go on at its end.
 */
export type Atom =
  /** One character. */
  | { readonly kind: "character"; readonly source: string; readonly literal: boolean }
  | {
      readonly kind: "group";
      readonly source: string;
      readonly options: readonly Sequence[];
      readonly secret: boolean;
    }
  | {
      readonly kind: "repeat";
      readonly source: string;
      readonly node: Atom;
      readonly least: number;
      readonly most: number;
    }
  /** Looks without taking: `(?=…)`, `(?!…)`, `\b`, `$`, and backwards. */
  | {
      readonly kind: "look";
      readonly source: string;
      readonly ahead: boolean;
      /** Absent for `\b`, `^` and `$`, which look at one character. */
      readonly options?: readonly Sequence[];
    };

export type Sequence = readonly Atom[];

/** Reads a pattern; throws for what is outside the subset, and says where. */
export function parseExpression(pattern: string): readonly Sequence[] {
  // What the engine itself refuses is refused first.
  new RegExp(pattern);
  let at = 0;
  const options = alternatives();
  if (at < pattern.length) fail("unbalanced parenthesis");
  return options;

  function alternatives(): Sequence[] {
    const options: Atom[][] = [[]];
    while (at < pattern.length && pattern[at] !== ")") {
      if (pattern[at] === "|") {
        at += 1;
        options.push([]);
      } else {
        (options.at(-1) as Atom[]).push(repeated());
      }
    }
    return options;
  }

  function repeated(): Atom {
    const start = at;
    const node = one();
    if (!"?*+{".includes(pattern[at] ?? "x")) return node;
    const quantifier = /^(?:\?|\*|\+|\{(\d+)(?:(,)(\d*))?\})\??/.exec(pattern.slice(at, at + 24));
    if (quantifier === null) return node;
    const [text, least = "", comma, most = ""] = quantifier;
    const optional = text.startsWith("?");
    if (!optional && (least === "" || (comma !== undefined && most === ""))) {
      fail("unbounded repeat");
    }
    if (node.kind === "look") fail("a repeated boundary");
    at += text.length;
    return {
      kind: "repeat",
      source: pattern.slice(start, at),
      node,
      least: optional ? 0 : Number(least),
      most: optional ? 1 : Number(comma === undefined ? least : most),
    };
  }

  function one(): Atom {
    const start = at;
    const source = () => pattern.slice(start, at);
    const character = pattern[at] as string;
    if (character === "(") return group();
    if (character === "[") {
      at += lengthAt(/\[(?:\\[\s\S]|[^\]\\])*\]/y);
      return { kind: "character", source: source(), literal: false };
    }
    if (character === "^" || character === "$") {
      at += 1;
      return { kind: "look", source: source(), ahead: character === "$" };
    }
    if (character === "\\") {
      const written = pattern.slice(at, at + 6);
      if (/^\\[bB]/.test(written)) {
        at += 2;
        return { kind: "look", source: source(), ahead: true };
      }
      if (/^\\(?:[1-9k]|[pP]\{|c)/.test(written)) fail("a reference or a property");
      at += (/^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])/.exec(written) as RegExpExecArray)[0]
        .length;
      return { kind: "character", source: source(), literal: !/^\\[dDwWsS]/.test(written) };
    }
    if (character === "{" || character === "}" || character === "]") fail("a bare bracket");
    at += 1;
    return { kind: "character", source: source(), literal: character !== "." };
  }

  function lengthAt(expression: RegExp): number {
    expression.lastIndex = at;
    return expression.exec(pattern)?.[0].length ?? fail("something unfinished");
  }

  function group(): Atom {
    const start = at;
    const opening = /^\((?:\?(?::|=|!|<=|<!|<secret>)|(?!\?))/.exec(pattern.slice(at, at + 12));
    if (opening === null) fail("a kind of group that is not allowed");
    at += opening[0].length;
    const options = alternatives();
    if (pattern[at] !== ")") fail("unbalanced parenthesis");
    at += 1;
    const source = pattern.slice(start, at);
    if (/[=!]$/.test(opening[0])) {
      return { kind: "look", source, ahead: !opening[0].includes("<"), options };
    }
    return { kind: "group", source, options, secret: opening[0].endsWith("<secret>") };
  }

  function fail(what: string): never {
    throw new Error(`${what} at ${at} of the pattern ${pattern}`);
  }
}

/** The fewest and the most characters that one of the alternatives takes. */
export function lengthOf(options: readonly Sequence[]): { least: number; most: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const sequence of options) {
    let shortest = 0;
    let longest = 0;
    for (const atom of sequence) {
      const length = lengthOfAtom(atom);
      shortest += length.least;
      longest += length.most;
    }
    least = Math.min(least, shortest);
    most = Math.max(most, longest);
  }
  return { least, most };
}

const one = { least: 1, most: 1 };
const none = { least: 0, most: 0 };

function lengthOfAtom(node: Atom): { least: number; most: number } {
  switch (node.kind) {
    case "character":
      return one;
    case "look":
      return none;
    case "group":
      return lengthOf(node.options);
    case "repeat": {
      const { least, most } = lengthOfAtom(node.node);
      return { least: least * node.least, most: most * node.most };
    }
  }
}

/** The most characters that are looked at beyond a match's end, or before its beginning. */
export function looksOf(options: readonly Sequence[], ahead: boolean): number {
  let most = 0;
  for (const sequence of options) for (const atom of sequence) most = Math.max(most, looks(atom));
  return most;

  function looks(node: Atom): number {
    if (node.kind === "character") return 0;
    if (node.kind === "repeat") return looks(node.node);
    if (node.kind === "group") return looksOf(node.options, ahead);
    if (node.options === undefined) return 1;
    return node.ahead === ahead ? lengthOf(node.options).most + looksOf(node.options, ahead) : 0;
  }
}

/** Of each ASCII character, by its code: 1 where it may stand in a match. */
export function alphabetOf(options: readonly Sequence[], flags: string): Uint8Array {
  const alphabet = new Uint8Array(128);
  for (const sequence of options) for (const atom of sequence) add(atom);
  return alphabet;

  function add(node: Atom): void {
    if (node.kind === "repeat") add(node.node);
    else if (node.kind === "group") {
      for (const sequence of node.options) for (const atom of sequence) add(atom);
    } else if (node.kind === "character") {
      const one = new RegExp(`^(?:${node.source})$`, flags);
      for (let code = 0; code < 128; code += 1) {
        if (one.test(String.fromCharCode(code))) alphabet[code] = 1;
      }
    }
  }
}
