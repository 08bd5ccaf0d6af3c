/**
 * JSON tree: a whole JSON text as its values and where each of them stands, so
 * that single literals of it can be written again and everything else stays, to
 * the byte. Unlike a parsed value it hides nothing: of a key that stands twice
 * both members are here.
 */
export interface JsonNode {
  /** Where it stands in the text; of a string, the quotes included. */
  readonly start: number;
  readonly end: number;
  /** A string, number, boolean or null; undefined for a list or an object. */
  readonly value?: string | number | boolean | null;
  readonly items?: readonly JsonNode[];
  readonly members?: readonly JsonMember[];
}

export interface JsonMember {
  readonly key: JsonNode & { readonly value: string };
  readonly node: JsonNode;
}

/** Nesting no real reply comes near. */
const depthLimit = 256;

/** The text's tree; undefined for what is no JSON. */
export function jsonTree(text: string): JsonNode | undefined {
  let at = 0;
  let depth = 0;

  function skipSpace(): void {
    for (let code = text.charCodeAt(at); isSpace(code); code = text.charCodeAt(at)) at += 1;
  }

  function node(): JsonNode {
    skipSpace();
    const code = text.charCodeAt(at);
    if (code === 0x22) return string();
    if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > depthLimit) throw notJson;
      const made = code === 0x7b ? object() : list();
      depth -= 1;
      return made;
    }
    scalar.lastIndex = at;
    const found = scalar.exec(text)?.[0];
    if (found === undefined) throw notJson;
    const start = at;
    at += found.length;
    return { start, end: at, value: JSON.parse(found) };
  }

  function string(): JsonNode & { readonly value: string } {
    const start = at;
    let plain = true;
    for (at += 1; ; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x22) break;
      // Also false of NaN, the code behind the end.
      if (!(code >= 0x20)) throw notJson;
      if (code === 0x5c) {
        plain = false;
        at += 1;
      }
    }
    at += 1;
    const value = plain ? text.slice(start + 1, at - 1) : JSON.parse(text.slice(start, at));
    return { start, end: at, value };
  }

  function object(): JsonNode {
    const start = at;
    const members: JsonMember[] = [];
    at += 1;
    if (closes(0x7d)) return { start, end: at, members };
    for (;;) {
      skipSpace();
      if (text.charCodeAt(at) !== 0x22) throw notJson;
      const key = string();
      skipSpace();
      if (text.charCodeAt(at) !== 0x3a) throw notJson;
      at += 1;
      members.push({ key, node: node() });
      if (closes(0x7d)) return { start, end: at, members };
      comma();
    }
  }

  function list(): JsonNode {
    const start = at;
    const items: JsonNode[] = [];
    at += 1;
    if (closes(0x5d)) return { start, end: at, items };
    for (;;) {
      items.push(node());
      if (closes(0x5d)) return { start, end: at, items };
      comma();
    }
  }

  function closes(bracket: number): boolean {
    skipSpace();
    if (text.charCodeAt(at) !== bracket) return false;
    at += 1;
    return true;
  }

  function comma(): void {
    if (text.charCodeAt(at) !== 0x2c) throw notJson;
    at += 1;
  }

  try {
    const top = node();
    skipSpace();
    return at === text.length ? top : undefined;
  } catch {
    // Ours, or of an escape that is none.
    return undefined;
  }
}

/** The last member of a name, as parsers read it. */
export function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.members?.findLast(({ key }) => key.value === name)?.node;
}

const notJson = new Error("not JSON");
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
