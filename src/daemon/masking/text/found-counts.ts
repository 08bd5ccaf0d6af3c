/** Found counts: findings by detector, added up over the texts of one reply. */
import type { FindingCount } from "../../model/masking-terms.js";

export interface FoundCounts {
  add(counts: readonly FindingCount[]): void;
  addOne(detector: string): void;
  all(): readonly FindingCount[];
}

/** Creates counts at zero. */
export function createFoundCounts(): FoundCounts {
  const found = new Map<string, number>();
  const add = (detector: string, count: number) =>
    found.set(detector, (found.get(detector) ?? 0) + count);
  return {
    add(counts) {
      for (const { detector, count } of counts) add(detector, count);
    },
    addOne: (detector) => void add(detector, 1),
    all: () => [...found].map(([detector, count]) => ({ detector, count })),
  };
}
