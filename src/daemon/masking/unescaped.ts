/**
 * Unescaped: the text with escapes of JSON (`\n`, `\u0041`), of URLs (`%41`)
 * and of HTML (`&quot;`) read as what they stand for. It is made only where
 * escapes are, and as far around them as a finding may reach: elsewhere it is
 * the text itself.
 */
import { createPlaces, type Places } from "./places.js";
import type { Reading } from "./reading.js";
import type { Found } from "./search.js";
import type { View } from "./view.js";

const escapes =
  /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|%[0-9a-fA-F]{2}|&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|amp|quot|apos|lt|gt);/g;
/** An escape that the text ends in. */
const unfinished = /(?:\\(?:u[0-9a-fA-F]{0,3})?|%[0-9a-fA-F]?|&[#a-z0-9]{0,7})$/;
const longestEscape = 9;
/** Where escapes are not far apart, it goes on from one to the next: that is cheaper. */
const leastStretch = 1024;

const named: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  amp: "&",
  quot: '"',
  apos: "'",
  lt: "<",
  gt: ">",
};

interface Stretch {
  readonly reading: Reading;
  readonly places: Places;
  /** Where the first escape stands: what ends before it is found in the text itself. */
  readonly first: number;
  /** How much was decoded, into how much. */
  source: number;
  decoded: number;
  lastEscape: number;
}

/** Opens the view; `open` opens the reading of a decoded text. */
export function openUnescaped(open: () => Reading, reach: number): View {
  let stretch: Stretch | undefined;
  let found: Found[] = [];
  let seen = 0;

  return {
    get pending() {
      if (stretch === undefined) return Number.POSITIVE_INFINITY;
      const { reading, places, decoded } = stretch;
      return reading.pending >= decoded
        ? Number.POSITIVE_INFINITY
        : places.sourceOf(reading.pending);
    },
    get begun() {
      const begun = stretch?.reading.begun;
      if (stretch === undefined || begun === undefined) return undefined;
      return { ...begun, start: stretch.places.sourceOf(begun.start) };
    },
    get keepFrom() {
      return Math.min(seen, stretch?.source ?? seen) - reach - longestEscape;
    },
    take() {
      const taken = found;
      found = [];
      return taken;
    },
    append(text, from, whole) {
      const end = from + text.length;
      // An escape that has come in part is read when it is all there.
      const rest = whole ? null : unfinished.exec(text.slice(-longestEscape));
      const complete = end - (rest?.[0].length ?? 0);
      while (seen < complete || complete < end || whole) {
        escapes.lastIndex = Math.max(0, seen - from);
        if (stretch === undefined) {
          const next = escapes.exec(text);
          if (next === null) seen = complete;
          // One that has come in part counts: what stands before it may go on after it.
          if (next === null && complete === end) return;
          const first = next === null ? complete : from + next.index;
          stretch = begin(Math.max(from, first - reach - 1), first);
        }
        if (!goOn(stretch, text, from, complete, whole)) return;
      }
    },
  };

  function begin(source: number, first: number): Stretch {
    const places = createPlaces();
    places.add(0, source);
    return { reading: open(), places, first, source, decoded: 0, lastEscape: first };
  }

  /** Decodes on; false where all that is there was, true where a stretch has ended before. */
  function goOn(
    current: Stretch,
    text: string,
    from: number,
    complete: number,
    whole: boolean,
  ): boolean {
    const { reading, places, first } = current;
    let decoded = "";
    let at = current.source - from;
    let ends = false;
    escapes.lastIndex = at;
    for (;;) {
      const next = escapes.exec(text);
      const start = Math.max(at, Math.min(next?.index ?? complete - from, complete - from));
      // No escape for as far as a finding may reach: from here on both are the same.
      const enough = current.lastEscape + Math.max(reach, leastStretch) + longestEscape;
      if (start + from > enough && !reading.busy) {
        const stop = Math.max(at, enough - from);
        decoded += text.slice(at, stop);
        at = stop;
        ends = true;
        break;
      }
      decoded += text.slice(at, start);
      at = start;
      if (next === null || next.index >= complete - from) break;
      const length = next[0].length;
      places.add(current.decoded + decoded.length, from + at);
      decoded += characterOf(next[0]);
      at += length;
      places.add(current.decoded + decoded.length, from + at);
      current.lastEscape = from + at;
    }
    current.source = from + at;
    current.decoded += decoded.length;
    reading.append(decoded, whole && !ends);
    for (const finding of reading.take()) {
      const end = places.sourceOf(finding.end);
      if (end <= first) continue;
      found.push({ ...finding, start: places.sourceOf(finding.start), end });
    }
    places.forget(Math.min(reading.pending, reading.begun?.start ?? reading.pending) - 2 * reach);
    seen = current.source;
    if (!ends || reading.busy) return false;
    stretch = undefined;
    return true;
  }
}

/** A text that is whole with its escapes read; the very same where there are none. */
export function withoutEscapes(text: string): string {
  if (!text.includes("\\") && !text.includes("%") && !text.includes("&")) return text;
  return text.replace(escapes, characterOf);
}

function characterOf(escaped: string): string {
  if (escaped.startsWith("%")) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
  const body = escaped.startsWith("&") ? escaped.slice(1, -1) : escaped.slice(1);
  if (/^u[0-9a-fA-F]{4}$/.test(body))
    return String.fromCharCode(Number.parseInt(body.slice(1), 16));
  if (body.startsWith("#x")) return String.fromCharCode(Number.parseInt(body.slice(2), 16));
  if (body.startsWith("#")) return String.fromCharCode(Number(body.slice(1)));
  return named[body] ?? body;
}
