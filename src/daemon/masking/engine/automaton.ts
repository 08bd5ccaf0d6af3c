/**
 * Automaton: finds which of many keywords stand where, in one pass over a text
 * (Aho and Corasick, 1975). ASCII in any case; whatever is not ASCII leads
 * back to the beginning. It can stop anywhere and go on from its state, so a
 * text that comes in pieces is read once.
 */
import { stepwise } from "./steps.js";

export interface Automaton {
  /**
   * Reads `text` from `from` on in `state`, and tells of each keyword by its number and where it
   * ends. Returns the state to go on from.
   */
  run(
    text: string,
    from: number,
    state: number,
    found: (keyword: number, end: number) => void,
  ): number;
  /** How many characters at the end may be the beginning of a keyword: the longest first. */
  begun(state: number): readonly Begun[];
}

/** A keyword that the text ends in the beginning of. */
export interface Begun {
  readonly keyword: number;
  readonly length: number;
}

/** Fewer characters of a keyword tell nothing, and are in prose everywhere. */
const leastBegun = 3;

/** Keywords, or states, of one step. */
const stride = 200;

/** Creates the automaton; keywords are ASCII, without capitals. */
export function createAutomaton(keywords: readonly string[]): Automaton {
  return stepwise(() => automatonSteps(keywords)).result();
}

/** The same in steps of a few milliseconds, for callers that must not hold up others. */
export function* automatonSteps(keywords: readonly string[]): Generator<void, Automaton> {
  const { classes, width } = classesOf(keywords);
  const trie = yield* trieOf(keywords, classes, width);
  const { next, outputs, begun, firstWithOutput } = yield* numbered(trie, keywords, width);

  return {
    run(text, from, state, found) {
      let at = state;
      const length = text.length;
      for (let index = from; index < length; index += 1) {
        const code = text.charCodeAt(index);
        at = next[at * width + (code < 128 ? (classes[code] as number) : 0)] as number;
        if (at >= firstWithOutput) {
          for (const keyword of outputs[at] as readonly number[]) found(keyword, index + 1);
        }
      }
      return at;
    },
    begun: (state) => begun[state] as readonly Begun[],
  };
}

/** Characters that are in no keyword are all alike: class 0. */
function classesOf(keywords: readonly string[]) {
  const classes = new Uint8Array(128);
  let width = 1;
  for (const keyword of keywords) {
    if (!/^[\x20-\x40\x5b-\x7e]+$/.test(keyword)) {
      throw new Error(`a keyword is printable ASCII without capitals: ${JSON.stringify(keyword)}`);
    }
    for (let index = 0; index < keyword.length; index += 1) {
      const code = keyword.charCodeAt(index);
      if (classes[code] !== 0) continue;
      classes[code] = width;
      if (code >= 0x61 && code <= 0x7a) classes[code - 32] = width;
      width += 1;
    }
  }
  return { classes, width };
}

interface Trie {
  /** Of each state, by class: the state after it; -1 where there is none. */
  readonly edges: Int32Array;
  readonly depth: number[];
  /** Keywords that end in a state, and those that pass through it. */
  readonly ending: number[][];
  readonly passing: number[][];
}

function* trieOf(
  keywords: readonly string[],
  classes: Uint8Array,
  width: number,
): Generator<void, Trie> {
  const most = keywords.reduce((sum, { length }) => sum + length, 1);
  const edges = new Int32Array(most * width).fill(-1);
  const trie: Trie = { edges, depth: [], ending: [], passing: [] };
  const grown = (depth: number) => {
    trie.ending.push([]);
    trie.passing.push([]);
    return trie.depth.push(depth) - 1;
  };
  grown(0);
  for (const [number, keyword] of keywords.entries()) {
    if (number % stride === 0) yield;
    let state = 0;
    for (let index = 0; index < keyword.length; index += 1) {
      const edge = state * width + (classes[keyword.charCodeAt(index)] as number);
      if (trie.edges[edge] === -1) trie.edges[edge] = grown(index + 1);
      state = trie.edges[edge] as number;
      if (index + 1 < keyword.length) (trie.passing[state] as number[]).push(number);
    }
    (trie.ending[state] as number[]).push(number);
  }
  return trie;
}

/**
 * The trie with every edge filled in, states with something to tell last: one comparison in the
 * loop finds them. A small table is a fast one: it stays in the processor's cache.
 */
function* numbered(trie: Trie, keywords: readonly string[], width: number) {
  const count = trie.depth.length;
  const { edges } = trie;
  const fallback = new Int32Array(count);
  const outputs: number[][] = trie.ending.map((ending) => [...ending]);
  const begun: Begun[][] = trie.passing.map((passing, state) => {
    const length = trie.depth[state] as number;
    return length < leastBegun ? [] : passing.map((keyword) => ({ keyword, length }));
  });
  const queue: number[] = [0];
  for (let head = 0; head < queue.length; head += 1) {
    if (head % stride === 0) yield;
    const state = queue[head] as number;
    for (let symbol = 0; symbol < width; symbol += 1) {
      const below = edges[state * width + symbol] as number;
      const aside =
        state === 0 ? 0 : (edges[(fallback[state] as number) * width + symbol] as number);
      if (below === -1) {
        edges[state * width + symbol] = aside;
        continue;
      }
      fallback[below] = aside;
      (outputs[below] as number[]).push(...(outputs[aside] as number[]));
      (begun[below] as Begun[]).push(...(begun[aside] as Begun[]));
      queue.push(below);
    }
  }
  const silent = queue.filter((state) => outputs[state]?.length === 0);
  const telling = queue.filter((state) => outputs[state]?.length !== 0);
  const order = [...silent, ...telling];
  const place = new Int32Array(count);
  order.forEach((state, index) => {
    place[state] = index;
  });
  const next = count > 65_535 ? new Int32Array(count * width) : new Uint16Array(count * width);
  for (const [index, state] of order.entries()) {
    if (index % stride === 0) yield;
    for (let symbol = 0; symbol < width; symbol += 1) {
      next[index * width + symbol] = place[edges[state * width + symbol] as number] as number;
    }
  }
  return {
    next,
    outputs: order.map((state) => outputs[state] as readonly number[]),
    begun: order.map((state) => begun[state] as readonly Begun[]),
    firstWithOutput: keywords.length === 0 ? Number.MAX_SAFE_INTEGER : silent.length,
  };
}
