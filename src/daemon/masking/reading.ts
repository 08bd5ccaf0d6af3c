/**
 * Reading: one text that comes in pieces, with all searches that go through
 * it. It keeps as much of what was read as they need to look back at.
 */
import type { Finder } from "./finding.js";
import { type Begun, type Found, searchWith } from "./search.js";

export interface Reading {
  append(piece: string, whole: boolean): void;
  take(): readonly Found[];
  /** Nothing that begins before this can become a finding any more. */
  readonly pending: number;
  readonly begun: Begun | undefined;
  /** What stood between two places that are not further back than a finding may be. */
  slice(start: number, end: number): string;
}

/** Opens a reading with these finders. */
export function openReading(finders: readonly Finder[]): Reading {
  const searches = finders.map(searchWith);
  const reach = Math.max(1, ...searches.map((search) => search.reach));
  let kept = "";
  let from = 0;
  let pending = 0;

  return {
    append(piece, whole) {
      const end = from + kept.length;
      // Behind what is pending too: a finding's text is asked for once it is certain.
      const keep = Math.max(0, Math.min(end, pending) - reach);
      if (keep - from > reach + 4096) {
        kept = kept.slice(keep - from);
        from = keep;
      }
      kept += piece;
      pending = from + kept.length;
      for (const search of searches) {
        search.advance(kept, from, whole);
        pending = Math.min(pending, search.pending);
      }
    },
    take: () => searches.flatMap((search) => search.take()),
    get pending() {
      return pending;
    },
    get begun() {
      return searches.map((search) => search.begun).find((begun) => begun !== undefined);
    },
    slice: (start, end) => kept.slice(Math.max(0, start - from), Math.max(0, end - from)),
  };
}
