/**
 * Known texts: the credential and the session token hidden in a reply's
 * texts, before anything else is looked for: cut over events they stand in no
 * bytes that could be searched. What is hidden keeps its length, so a piece
 * stays the piece it was.
 */

import type { MaskedFinding, SessionMasking, TextStream } from "../masking/masking.js";
import type { FindingCount } from "../model/masking-terms.js";

type Finders = Pick<SessionMasking, "mask" | "openText">;

/** So many characters of one tell nobody anything, and prose must not wait for them. */
const nothingYet = 4;

/** A masking that hides these texts too, and first. */
export function withKnownTexts(texts: readonly string[], masking: Finders): Finders {
  const needles = texts.filter((text) => text.length > nothingYet);
  if (needles.length === 0) return masking;
  return {
    mask(text) {
      const places = placesIn(text, needles);
      if (places.length === 0) return masking.mask(text);
      const known = places.map(
        ([start, end]): MaskedFinding => ({
          detector: "credential",
          start,
          end,
          mark: "*".repeat(end - start),
        }),
      );
      const { text: masked, findings } = masking.mask(hidden(text, places));
      const all = [...known, ...findings].sort((one, other) => one.start - other.start);
      return { text: masked, findings: all };
    },
    openText: () => openKnownTexts(needles, masking.openText()),
  };
}

function openKnownTexts(needles: readonly string[], next: TextStream): TextStream {
  /** Pieces that are not settled, and the end of what was before them. */
  let pieces: string[] = [];
  let before = "";
  let count = 0;

  function handOn(ended: boolean): void {
    const joined = before + pieces.join("");
    const places = placesIn(joined, needles);
    const all = hidden(joined, places);
    const open = ended ? joined.length : begunAt(joined, needles);
    let at = before.length;
    let taken = 0;
    for (const piece of pieces) {
      if (at + piece.length > open) break;
      const made = all.slice(at, at + piece.length);
      next.push(made === piece ? piece : made);
      at += piece.length;
      taken += 1;
    }
    // One is counted when its end leaves.
    count += places.filter(([, end]) => end > before.length && end <= at).length;
    pieces = pieces.slice(taken);
    before = all.slice(Math.max(0, at - nothingYet), at);
  }

  return {
    push(piece) {
      pieces.push(piece);
      handOn(false);
    },
    end() {
      handOn(true);
      next.end();
    },
    settled: () => next.settled(),
    get held() {
      return pieces.length + next.held;
    },
    repeat: (whole) => next.repeat(hidden(whole, placesIn(whole, needles))),
    get counts(): readonly FindingCount[] {
      return count === 0 ? next.counts : [{ detector: "credential", count }, ...next.counts];
    },
  };
}

type Place = readonly [start: number, end: number];

function placesIn(text: string, needles: readonly string[]): readonly Place[] {
  const places: Place[] = [];
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
      places.push([at, at + needle.length]);
    }
  }
  return places;
}

function hidden(text: string, places: readonly Place[]): string {
  let made = text;
  for (const [start, end] of places) {
    made = made.slice(0, start) + "*".repeat(end - start) + made.slice(end);
  }
  return made;
}

/** Where one of them begins that the text cuts; the text's length where none does. */
function begunAt(text: string, needles: readonly string[]): number {
  let first = text.length;
  for (const needle of needles) {
    const from = Math.max(0, text.length - needle.length + 1);
    for (let at = text.indexOf(needle.slice(0, nothingYet + 1), from); at !== -1; ) {
      if (needle.startsWith(text.slice(at))) {
        first = Math.min(first, at);
        break;
      }
      at = text.indexOf(needle.slice(0, nothingYet + 1), at + 1);
    }
  }
  return first;
}
