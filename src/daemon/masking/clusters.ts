/**
 * Clusters: findings that overlap are hidden together, from the first's
 * beginning to the last's end, so that no part of any is seen. The name is the
 * first's, then the longest's; but one that knows whose a secret is comes
 * before one that only says that it is a secret (`generic-…`).
 */
import type { Found } from "./search.js";

export interface Clusters {
  add(findings: readonly Found[]): void;
  /** How far all is certain, when that is so up to `pending` but for what is here. */
  boundary(pending: number): number;
  /** What ends before the boundary, in order, no two overlapping. */
  take(boundary: number): readonly Found[];
}

/** Creates it for one text. */
export function createClusters(): Clusters {
  let waiting: Found[] = [];
  return {
    add(findings) {
      if (findings.length === 0) return;
      waiting = [...waiting, ...findings].sort(
        (one, other) => one.start - other.start || other.end - one.end,
      );
    },
    boundary(pending) {
      let bound = pending;
      // In order of their start: what begins later cannot draw in what begins earlier.
      for (let index = waiting.length - 1; index >= 0; index -= 1) {
        const { start, end } = waiting[index] as Found;
        if (start < bound && end > bound) {
          bound = start;
          index = waiting.length;
        }
      }
      return bound;
    },
    take(boundary) {
      const ready = waiting.filter(({ end }) => end <= boundary);
      if (ready.length === 0) return ready;
      waiting = waiting.filter(({ end }) => end > boundary);
      return merged(ready);
    },
  };
}

/** Findings in order of their start, those that overlap as one. */
export function merged(findings: readonly Found[]): readonly Found[] {
  const clusters: Found[] = [];
  let end = -1;
  for (const finding of findings) {
    const last = clusters.at(-1);
    if (last === undefined || finding.start >= end) {
      clusters.push(finding);
    } else {
      const name = isGeneric(last) && !isGeneric(finding) ? finding : last;
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

function isGeneric({ detector }: Found): boolean {
  return detector.startsWith("generic-");
}
