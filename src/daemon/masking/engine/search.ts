/**
 * Search: one finder's way through one text that comes in pieces. It looks at
 * every character once, and again only at what was still open. What it says is
 * what the finder would say of the whole, at any cut.
 */
import type { Finder, Finding } from "./finding.js";

/** Positions count from the beginning of the text. */
export interface Search {
  /**
   * The text goes on: `text` is its part from `from` on, which reaches back `reach` characters
   * from where the last one ended, or to the beginning. `whole`: nothing more comes.
   */
  advance(text: string, from: number, whole: boolean): void;
  /** Findings that have become certain since this was last asked. */
  take(): readonly Found[];
  /** Nothing that begins before this can become a finding any more. */
  pending(): number;
  /** A finding that has begun for certain, whose end is not known: all from there on is hidden. */
  begun(): Begun | undefined;
  readonly reach: number;
}

export interface Begun {
  readonly detector: string;
  readonly start: number;
  /** What it is recognised by when it comes again. */
  readonly identity: string;
}

/** A finding that may be known by less than all of it. */
export interface Found extends Finding {
  readonly identity?: string;
}

/** A finder that can go on from where it was; others look at the last `reach` characters again. */
export interface SearchingFinder extends Finder {
  search(): Search;
}

/** Opens a search with a finder. */
export function searchWith(finder: Finder): Search {
  return isSearching(finder) ? finder.search() : lookAgain(finder);
}

function isSearching(finder: Finder): finder is SearchingFinder {
  return "search" in finder && typeof finder.search === "function";
}

/**
 * What a finder says of the last characters holds for what ends after the place up to which all
 * was certain: what begins earlier in them, for want of what stood before, ends earlier too.
 */
function lookAgain(finder: Finder): Search {
  let certain = 0;
  let found: Found[] = [];
  return {
    reach: finder.reach,
    pending() {
      return certain;
    },
    advance(given, givenFrom, whole) {
      // Other searches may want more of the text: this one would look at it over and over.
      const from = Math.max(givenFrom, certain - finder.reach);
      const text = given.slice(from - givenFrom);
      const findings = finder
        .find(text)
        .map((finding) => ({
          ...finding,
          start: finding.start + from,
          end: finding.end + from,
        }))
        .filter(({ end }) => end > certain);
      let open = from + (whole ? text.length : finder.pending(text));
      for (const { start, end } of findings) if (end > open && start < open) open = start;
      open = Math.max(open, certain);
      found.push(...findings.filter(({ end }) => end <= open));
      certain = open;
    },
    begun: () => undefined,
    take() {
      const taken = found;
      found = [];
      return taken;
    },
  };
}

/** What a search finds in a text that is there as a whole. */
export function findAll(search: Search, text: string): readonly Finding[] {
  search.advance(text, 0, true);
  return [...search.take()].sort((one, other) => one.start - other.start);
}
