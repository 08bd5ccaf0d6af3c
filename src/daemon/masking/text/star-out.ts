/**
 * Star out: the credential and the session token hidden in a reply's
 * texts, before anything else is looked for: cut over events they stand in no
 * bytes that could be searched. What is hidden keeps its length, so a piece
 * stays the piece it was.
 */

import type { FindingCount } from "../../model/masking-terms.js";
import { type Needles, needlesOf } from "../../model/needles.js";
import type { MaskedFinding, SessionMasking, TextStream } from "../masking.js";

type Finders = Pick<SessionMasking, "mask" | "openText">;

/** So many characters of a secret tell nothing, and prose must not wait for them. */
export const nothingYet = 4;

/** A masking that hides these texts too, and first. */
export function withKnownTexts(texts: readonly string[], masking: Finders): Finders {
  const needles = needlesOf(texts);
  if (needles.texts.length === 0) return masking;
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
    openText: () => openKnownTexts(needles, masking.openText(), hidden),
  };
}

/**
 * Opens a stream in which these texts are found before `next` looks at it. `hide` gives the text
 * without those that stand at these places, of the same length, or throws.
 */
export function openKnownTexts(
  needles: Needles,
  next: TextStream,
  hide: (text: string, places: readonly Place[]) => string,
): TextStream {
  /** Pieces that are not settled, and the end of what was before them. */
  let pieces: string[] = [];
  let before = "";
  let count = 0;

  function handOn(ended: boolean): void {
    const joined = before + pieces.join("");
    const places = placesIn(joined, needles);
    const all = places.length === 0 ? joined : hide(joined, places);
    const open = ended ? joined.length : needles.begunAt(joined, nothingYet + 1);
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
    held() {
      return pieces.length + next.held();
    },
    repeat(whole) {
      const places = placesIn(whole, needles);
      return next.repeat(places.length === 0 ? whole : hide(whole, places));
    },
    counts(): readonly FindingCount[] {
      return count === 0 ? next.counts() : [{ detector: "credential", count }, ...next.counts()];
    },
  };
}

export type Place = readonly [start: number, end: number];

const none: readonly Place[] = [];

function placesIn(text: string, needles: Needles): readonly Place[] {
  if (!needles.standIn(text)) return none;
  const places: Place[] = [];
  for (const needle of needles.texts) {
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
