/**
 * Clusters: findings that overlap are hidden together, from the first's
 * beginning to the last's end, so that no part of any is seen. The name is the
 * first's, then the longest's; but one that knows whose a secret is comes
 * before one that only says that there is a secret (`generic-…`).
 */
import type { Found } from "./search.js";

export interface Clusters {
  add(findings: readonly Found[]): void;
  /** How far all is certain, when that is so up to `pending` but for what is here. */
  boundary(pending: number): number;
  /** Where what begins here or before, and goes on after it, ends. */
  endOf(start: number): number;
  /** What ends before the boundary, in order, no two overlapping. */
  take(boundary: number): readonly Found[];
}

/** Creates it for one text. */
export function createClusters(): Clusters {
  let waiting: readonly Found[] = [];
  return {
    add(findings) {
      if (findings.length === 0) return;
      const sorted = [...waiting, ...findings].sort(
        (one, other) => one.start - other.start || other.end - one.end,
      );
      waiting = merged(sorted);
    },
    boundary(pending) {
      const across = waiting.find(({ start, end }) => start < pending && end > pending);
      return across?.start ?? pending;
    },
    endOf(start) {
      return Math.max(
        start,
        ...waiting.filter((found) => found.start <= start).map(({ end }) => end),
      );
    },
    take(boundary) {
      const ready = waiting.filter(({ end }) => end <= boundary);
      if (ready.length > 0) waiting = waiting.filter(({ end }) => end > boundary);
      return ready;
    },
  };
}

/** Findings in order of their start, those that overlap as one. */
function merged(findings: readonly Found[]): readonly Found[] {
  const clusters: Found[] = [];
  let end = -1;
  for (const finding of findings) {
    const last = clusters.at(-1);
    if (last === undefined || finding.start >= end) {
      clusters.push(finding);
    } else {
      const name = weight(finding) > weight(last) ? finding : last;
      clusters[clusters.length - 1] = {
        ...name,
        start: last.start,
        end: Math.max(end, finding.end),
      };
    }
    end = Math.max(end, finding.end);
  }
  return clusters;
}

/** What is known by its first lines only (a block) must keep the name that it got then. */
function weight({ detector, identity }: Found): number {
  if (identity !== undefined) return 2;
  return detector.startsWith("generic-") ? 0 : 1;
}
