/**
 * Tree: a regular expression, read into its parts, as far as JavaScript's and
 * RE2's ways of writing agree: sequences, classes, groups, alternatives,
 * repeats, and what has no width. What is not plainly understood is no tree:
 * the caller has to do without it.
 */
export type Node =
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | { readonly kind: "either"; readonly items: readonly Node[] }
  | { readonly kind: "repeat"; readonly item: Node; readonly min: number; readonly max: number }
  /** One character, as it is written: `a`, `\d`, `[^x]`. */
  | { readonly kind: "character"; readonly source: string }
  /** Without width: `^`, `\b`, a lookaround. What a look ahead sees is told. */
  | { readonly kind: "edge"; readonly source: string; readonly ahead?: Node }
  /** A group with flags of its own. */
  | { readonly kind: "flagged"; readonly open: string; readonly item: Node };

/** Reads a pattern; undefined where it has something that is not understood. */
export function treeOf(pattern: string): Node | undefined {
  let at = 0;
  try {
    const tree = either();
    return at === pattern.length ? tree : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }

  function either(): Node {
    const items = [sequence()];
    while (pattern[at] === "|") {
      at += 1;
      items.push(sequence());
    }
    return items.length === 1 ? (items[0] as Node) : { kind: "either", items };
  }

  function sequence(): Node {
    const items: Node[] = [];
    while (at < pattern.length && pattern[at] !== "|" && pattern[at] !== ")") {
      items.push(repeated(part()));
    }
    return items.length === 1 ? (items[0] as Node) : { kind: "sequence", items };
  }

  function repeated(item: Node): Node {
    const found = /^(?:([*+?])|\{(\d{1,4})(,?)(\d{0,4})\})[?+]?/.exec(pattern.slice(at, at + 16));
    if (found === null) return item;
    if (found[0].endsWith("+") && found[0].length > 1) throw new NotUnderstood();
    at += found[0].length;
    if (found[1] === "*") return { kind: "repeat", item, min: 0, max: Number.POSITIVE_INFINITY };
    if (found[1] === "+") return { kind: "repeat", item, min: 1, max: Number.POSITIVE_INFINITY };
    if (found[1] === "?") return { kind: "repeat", item, min: 0, max: 1 };
    const min = Number(found[2]);
    const open = found[4] === "" ? Number.POSITIVE_INFINITY : Number(found[4]);
    return { kind: "repeat", item, min, max: found[3] === "" ? min : open };
  }

  function part(): Node {
    const rest = pattern.slice(at, at + 64);
    const char = pattern[at] as string;
    if (char === "(") return group(rest);
    if (char === "[") return taken("character", endOfClass() - at);
    if (char === "^" || char === "$") return taken("edge", 1);
    if (char === "\\") {
      const edge = /^\\[bBAz]/.exec(rest);
      if (edge !== null) return taken("edge", 2);
      const one =
        /^\\(?:[dDwWsSnrtfv]|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|[pP](?:\{[^}]{1,32}\}|[A-Z])|[^A-Za-z0-9])/.exec(
          rest,
        );
      if (one === null) throw new NotUnderstood();
      return taken("character", one[0].length);
    }
    if (char === "*" || char === "+" || char === "?") throw new NotUnderstood();
    const point = pattern.codePointAt(at) as number;
    return taken("character", point > 0xffff ? 2 : 1);
  }

  function group(rest: string): Node {
    const look = /^\(\?(=|!|<=|<!)/.exec(rest);
    if (look !== null) {
      const start = at;
      at += look[0].length;
      const seen = either();
      close();
      const source = pattern.slice(start, at);
      return look[1]?.startsWith("<")
        ? { kind: "edge", source }
        : { kind: "edge", source, ahead: seen };
    }
    const flags = /^\(\?([imsU]{0,4}-?[imsU]{1,4}):/.exec(rest);
    const open = flags ?? /^\((?:\?:|\?P?<[A-Za-z_]\w{0,40}>)?/.exec(rest);
    if (open === null || rest[open[0].length] === "?") throw new NotUnderstood();
    at += open[0].length;
    const item = either();
    close();
    return flags === null ? item : { kind: "flagged", open: flags[0], item };
  }

  function close(): void {
    if (pattern[at] !== ")") throw new NotUnderstood();
    at += 1;
  }

  function taken(kind: "character" | "edge", length: number): Node {
    const source = pattern.slice(at, at + length);
    at += length;
    return { kind, source };
  }

  function endOfClass(): number {
    let end = at + 1;
    if (pattern[end] === "^") end += 1;
    if (pattern[end] === "]") end += 1;
    while (pattern[end] !== "]") {
      if (end >= pattern.length) throw new NotUnderstood();
      if (pattern.startsWith("[:", end)) {
        const close = pattern.indexOf(":]", end);
        if (close === -1) throw new NotUnderstood();
        end = close + 2;
      } else {
        end += pattern[end] === "\\" ? 2 : 1;
      }
    }
    return end + 1;
  }
}

class NotUnderstood extends Error {}

/** The tree as a pattern, without its groups' names. */
export function patternOf(node: Node): string {
  switch (node.kind) {
    case "sequence":
      return node.items.map(patternOf).join("");
    case "either":
      return `(?:${node.items.map(patternOf).join("|")})`;
    case "repeat":
      return repeat(node.item, node.min, node.max);
    case "flagged":
      return `${node.open}${patternOf(node.item)})`;
    default:
      return node.source;
  }
}

/** `item{min,max}`; nothing where it may not stand at all. */
export function repeat(item: Node, min: number, max: number): string {
  if (max === 0) return "";
  const single = item.kind === "character" ? item.source : `(?:${patternOf(item)})`;
  if (min === 1 && max === 1) return single;
  if (max === Number.POSITIVE_INFINITY) {
    return `${single}${min === 0 ? "*" : min === 1 ? "+" : `{${min},}`}`;
  }
  return `${single}${min === 0 && max === 1 ? "?" : `{${min},${max}}`}`;
}
