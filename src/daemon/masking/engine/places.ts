/**
 * Places: where the characters of a decoded text stand in the text itself.
 * Between two points it goes on one by one.
 */
export interface Places {
  /** From `decoded` on it stands at `source` and after. */
  add(decoded: number, source: number): void;
  /** Where the character at this place stands. */
  sourceOf(decoded: number): number;
  /** Where the character before this place ends: what is left out after it is not in it. */
  endOf(decoded: number): number;
  /** What is before this is asked for no more. */
  forget(decoded: number): void;
}

/** Creates places; both positions only grow. */
export function createPlaces(): Places {
  let decodedAt: number[] = [];
  let sourceAt: number[] = [];

  return {
    add(decoded, source) {
      if (decodedAt.at(-1) === decoded && sourceAt.at(-1) === source) return;
      decodedAt.push(decoded);
      sourceAt.push(source);
    },
    sourceOf(decoded) {
      const index = pointBefore(decoded);
      return (sourceAt[index] ?? 0) + decoded - (decodedAt[index] ?? 0);
    },
    endOf(decoded) {
      const index = pointBefore(decoded - 1);
      const next = index + 1;
      if (decodedAt[next] === decoded) return sourceAt[next] as number;
      return (sourceAt[index] ?? 0) + decoded - (decodedAt[index] ?? 0);
    },
    forget(decoded) {
      if (decodedAt.length < 1024) return;
      const index = pointBefore(decoded);
      if (index < decodedAt.length / 2) return;
      decodedAt = decodedAt.slice(index);
      sourceAt = sourceAt.slice(index);
    },
  };

  function pointBefore(decoded: number): number {
    let low = 0;
    let high = decodedAt.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((decodedAt[middle] as number) <= decoded) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
