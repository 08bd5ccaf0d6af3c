/**
 * Private keys: a block is hidden from its first line to its last. Where no
 * last line comes, only the key's own lines are (`key-lines.ts`): a first line
 * in prose hides no more than follows in a key's form. In a text that comes in
 * pieces it is known as soon as some of what follows the first line is there,
 * and from then on everything is hidden until the key has ended: nothing waits
 * for the end of a key.
 */
import { parseExpression } from "./expression.js";
import { type KeyLines, openKeyLines } from "./key-lines.js";
import { begunExpression } from "./partial.js";
import { type Begun, type Found, findAll, type Search, type SearchingFinder } from "./search.js";

const name = "[A-Z0-9 +]{0,40}PRIVATE[ +]KEY(?:[ +]BLOCK)?-----";
/** The dashes before it stay: prose is full of dashes, and must not wait for what follows them. */
const opening = `-----(?<secret>BEGIN[ +]${name})`;
/** Taken apart once: a search is opened for every text. */
const begunOpening = begunExpression(parseExpression(opening));
// Each is given its place before it is used: one of each is enough for all texts.
const first = new RegExp(opening, "y");
const begunLine = new RegExp(begunOpening, "y");
const last = new RegExp(`-----END[ +]${name}`);
const mark = "-----BEGIN";
/** A row as only a key has it. */
const row = /[A-Za-z0-9+/=]{24}/;
/** So much after the first line tells one key from another, and from a mere mention of the line. */
const telling = 160;
/** In a log a record's other members stand before the first row: so far behind it may begin. */
const longestLead = 320;
const longestLine = 80;
const detector = "private-key";

/** Creates the finder. */
export function createPrivateKeyFinder(): SearchingFinder {
  return {
    reach: longestLine + longestLead,
    find: (text) => findAll(openSearch(), text),
    pending(text) {
      const search = openSearch();
      search.advance(text, 0, false);
      return Math.min(
        search.pending(),
        search.begun()?.start ?? text.length,
        ...search.take().map(({ start }) => start),
      );
    },
    holds: (text) => text.includes(mark),
    keywords: () => [{ text: mark, exact: true, reach: longestLine }],
    search: openSearch,
  };
}

function openSearch(): Search {
  let block: Begun | undefined;
  let lines: KeyLines | undefined;
  let found: Found[] = [];
  let seen = 0;
  let pending = 0;

  return {
    reach: longestLine + longestLead,
    pending() {
      return pending;
    },
    begun() {
      return block;
    },
    take() {
      const taken = found;
      found = [];
      return taken;
    },
    advance(text, from, whole) {
      const end = from + text.length;
      pending = end;
      while (seen < end) {
        const next = block === undefined ? begin(text, from, whole) : finish(text, from, whole);
        if (next === undefined) break;
        seen = next;
      }
    },
  };

  /** Where to go on; nothing more to be seen where it is undefined. */
  function begin(text: string, from: number, whole: boolean): number | undefined {
    const at = text.indexOf(mark, seen - from);
    if (at === -1) {
      if (!whole) holdBegun(text, from);
      seen = Math.max(seen, from + text.length - mark.length);
      return undefined;
    }
    first.lastIndex = at;
    const line = first.exec(text);
    const start = from + at + 5;
    if (line === null) {
      begunLine.lastIndex = at;
      if (whole || !begunLine.test(text)) return start;
      pending = start;
      seen = from + at;
      return undefined;
    }
    const bodyStart = at + line[0].length;
    for (const length of [telling, longestLead]) {
      const near = text.slice(bodyStart, bodyStart + length);
      const closing = near.search(last);
      if (closing === -1 && near.length < length && !whole) {
        pending = start;
        seen = from + at;
        return undefined;
      }
      const body = closing === -1 ? near : near.slice(0, closing);
      const beginning = row.exec(body);
      if (beginning !== null) {
        block = { detector, start, identity: text.slice(start - from, bodyStart) + body };
        lines = openKeyLines();
        // Headers may stand before.
        return from + bodyStart + beginning.index;
      }
      if (closing !== -1) break;
    }
    return from + bodyStart;
  }

  function finish(text: string, from: number, whole: boolean): number | undefined {
    const { start, identity } = block as Begun;
    const { at, ended } = (lines as KeyLines).read(text, seen - from, whole);
    seen = from + at;
    if (!ended) return undefined;
    const end = seen;
    found.push({ detector, start, end, identity });
    block = undefined;
    return end;
  }

  function holdBegun(text: string, from: number): void {
    // Of `-----BEGIN` three letters are there, or four.
    for (const length of [9, 8]) {
      // Prose and code hardly ever have a dash there.
      if (text.charCodeAt(text.length - length) !== 0x2d) continue;
      begunLine.lastIndex = text.length - length;
      if (begunLine.test(text)) pending = from + text.length - length + 5;
    }
  }
}
