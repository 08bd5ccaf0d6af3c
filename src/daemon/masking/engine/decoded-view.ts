/**
 * Decoded view: the text with one kind of code read as what it stands for. The
 * decoded text is made only where the code is, and as far around it as a
 * finding may reach: elsewhere it is the text itself.
 */
import { createPlaces, type Places } from "./places.js";
import type { Found } from "./search.js";
import type { Reading, View } from "./view.js";

/** Pieces of a text that stand for something else, or for nothing. */
export interface Code {
  /** One piece; global. */
  readonly pieces: RegExp;
  /** Where a piece begins that the end of this text cuts; `text.length` where none does. */
  readonly cutAt: (text: string) => number;
  readonly longest: number;
  /** Whether there may be a piece from here on; cheaper than to look for one. */
  readonly mayStand: (text: string, from: number) => boolean;
  /** What a piece stands for. */
  readonly read: (piece: string) => string;
}

/** Where pieces are not far apart, one stretch goes on over all of them: that is cheaper. */
const leastStretch = 1024;
/** So far behind its end may stand what makes a finding one. */
const behind = 512;

interface Stretch {
  readonly reading: Reading;
  readonly places: Places;
  /** Where the first piece stands: what ends far before it is found in the text itself. */
  readonly first: number;
  /** How much was decoded, into how much. */
  source: number;
  decoded: number;
  lastPiece: number;
}

/** Opens the view; `open` opens the reading of a decoded text. */
export function openDecodedView(code: Code, open: () => Reading, reach: number): View {
  const { pieces, longest } = code;
  let stretch: Stretch | undefined;
  let found: Found[] = [];
  let seen = 0;

  return {
    pending() {
      if (stretch === undefined) return Number.POSITIVE_INFINITY;
      const { reading, places, decoded } = stretch;
      return reading.pending() >= decoded
        ? Number.POSITIVE_INFINITY
        : places.sourceOf(reading.pending());
    },
    begun() {
      const begun = stretch?.reading.begun();
      if (stretch === undefined || begun === undefined) return undefined;
      return { ...begun, start: stretch.places.sourceOf(begun.start) };
    },
    keepFrom() {
      return Math.min(seen, stretch?.source ?? seen) - reach - behind - longest;
    },
    take() {
      const taken = found;
      found = [];
      return taken;
    },
    append(text, from, whole) {
      const end = from + text.length;
      // A piece that has come in part is read when it is all there.
      const complete = whole ? end : from + code.cutAt(text);
      while (seen < complete || complete < end || whole) {
        if (stretch === undefined) {
          pieces.lastIndex = Math.max(0, seen - from);
          // Asked for the first piece only: it reads on to the text's end.
          const next = code.mayStand(text, pieces.lastIndex) ? pieces.exec(text) : null;
          if (next === null) seen = complete;
          // One that has come in part counts: what stands before it may go on after it.
          if (next === null && complete === end) return;
          const first = next === null ? complete : from + next.index;
          stretch = begin(Math.max(from, first - reach - behind - 1), first);
        }
        if (!goOn(stretch, text, from, complete, whole)) return;
      }
    },
  };

  function begin(source: number, first: number): Stretch {
    const places = createPlaces();
    places.add(0, source);
    return { reading: open(), places, first, source, decoded: 0, lastPiece: first };
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
    for (;;) {
      pieces.lastIndex = at;
      const next = pieces.exec(text);
      const start = Math.max(at, Math.min(next?.index ?? complete - from, complete - from));
      // No piece for as far as a finding may reach: from here on both texts are the same.
      // Not before the piece that it was begun for: what stands behind that was read already.
      const last = Math.max(current.lastPiece, first);
      const enough = last + Math.max(reach, leastStretch) + longest;
      if (start + from > enough && !reading.busy()) {
        const stop = Math.max(at, enough - from);
        decoded += text.slice(at, stop);
        at = stop;
        ends = true;
        break;
      }
      decoded += text.slice(at, start);
      at = start;
      if (next === null || next.index >= complete - from) break;
      places.add(current.decoded + decoded.length, from + at);
      decoded += code.read(next[0]);
      at += next[0].length;
      places.add(current.decoded + decoded.length, from + at);
      current.lastPiece = from + at;
    }
    current.source = from + at;
    current.decoded += decoded.length;
    reading.append(decoded, whole && !ends);
    for (const finding of reading.take()) {
      const end = places.endOf(finding.end);
      if (end + behind <= first) continue;
      found.push({ ...finding, start: places.sourceOf(finding.start), end });
    }
    places.forget(
      Math.min(reading.pending(), reading.begun()?.start ?? reading.pending()) - 2 * reach,
    );
    seen = current.source;
    if (!ends || reading.busy()) return false;
    stretch = undefined;
    return true;
  }
}
