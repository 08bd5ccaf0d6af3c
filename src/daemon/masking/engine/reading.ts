/**
 * Reading: one text that comes in pieces, with all searches that go through
 * it, and through what it is when decoded. It keeps as much of what was read
 * as they need to look back at.
 */

import { openBase64 } from "./base64.js";
import { controlSequences, hasSequence, withoutFinals } from "./control-sequences.js";
import { openDecodedView } from "./decoded-view.js";
import { escapes } from "./escapes.js";
import type { Finder } from "./finding.js";
import { type Begun, type Found, searchWith } from "./search.js";
import type { Reading } from "./view.js";

/** So many codes inside each other are seen through: a key in base64 in JSON in JSON. */
export const deepest = 3;
/** What is kept is cut off when this much more than needed is there. */
const slack = 4096;
const nothing: readonly Found[] = [];

/**
 * Opens a reading with these finders. `shown`: no control sequences are in the text any more, nor
 * written as escapes: those were read before.
 */
export function openReading(finders: readonly Finder[], depth = 0, shown = false): Reading {
  const searches = finders.map(searchWith);
  const reach = Math.max(1, ...searches.map((search) => search.reach));
  const deeper = () => openReading(finders, depth + 1, shown);
  const codes = [
    { code: escapes, open: deeper },
    ...(shown
      ? []
      : [{ code: controlSequences, open: () => openReading(finders, depth + 1, true) }]),
  ];
  const base64 = depth < deepest ? openBase64(deeper) : undefined;
  const decoded =
    depth < deepest ? codes.map(({ code, open }) => openDecodedView(code, open, reach)) : [];
  const views = base64 === undefined ? decoded : [base64, ...decoded];
  const parts = [...searches, ...views];
  let kept = "";
  /** What is kept, as the searches read it. */
  let searched = "";
  let hasSequences = false;
  let from = 0;
  let pending = 0;

  return {
    append(piece, whole, keepFrom = Number.POSITIVE_INFINITY) {
      const end = from + kept.length;
      let keep = Math.min(Math.min(end, pending) - reach, keepFrom);
      for (const view of views) keep = Math.min(keep, view.keepFrom());
      if (keep - from > slack) {
        kept = kept.slice(keep - from);
        searched = searched.slice(keep - from);
        from = keep;
      }
      kept += piece;
      pending = from + kept.length;
      hasSequences ||= hasSequence(piece);
      searched = hasSequences ? searched + withoutFinals(piece, kept) : kept;
      for (const search of searches) {
        search.advance(searched, from, whole);
        pending = Math.min(pending, search.pending());
      }
      for (const view of views) {
        view.append(kept, from, whole);
        pending = Math.min(pending, view.pending());
      }
    },
    take() {
      let taken: readonly Found[] = nothing;
      for (const part of parts) {
        const found = part.take();
        if (found.length > 0) taken = taken.length === 0 ? found : [...taken, ...found];
      }
      return taken;
    },
    pending() {
      return pending;
    },
    begun,
    busy: () => begun() !== undefined || base64?.busy() === true,
    slice: (start, end) => (start < from ? undefined : kept.slice(start - from, end - from)),
  };

  function begun(): Begun | undefined {
    let first: Begun | undefined;
    for (const part of parts) {
      const one = part.begun();
      if (one !== undefined && (first === undefined || one.start < first.start)) first = one;
    }
    return first;
  }
}
