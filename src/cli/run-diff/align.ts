/**
 * Align: which elements of two lists belong together, in order: those pairs
 * whose scores have the largest sum (a longest common subsequence, where
 * likeness counts). What has no partner was removed or added.
 */

/** Indexes into both lists; null: it has no partner. */
export interface Pair {
  readonly a: number | null;
  readonly b: number | null;
}

/** Equal elements score this much, like ones less, those that cannot belong together 0. */
export const equalScore = 2;

/** Beyond so many comparisons only what both begin and end with is paired. */
const limit = 4_000_000;

/** Every element of both once, in order; removed ones before added ones. */
export function align<Element>(
  a: readonly Element[],
  b: readonly Element[],
  score: (one: Element, other: Element) => number,
): readonly Pair[] {
  const equal = (i: number, j: number) => score(a[i] as Element, b[j] as Element) >= equalScore;
  let first = 0;
  while (first < a.length && first < b.length && equal(first, first)) first += 1;
  let tail = 0;
  while (
    tail < a.length - first &&
    tail < b.length - first &&
    equal(a.length - 1 - tail, b.length - 1 - tail)
  ) {
    tail += 1;
  }
  const rows = a.length - first - tail;
  const columns = b.length - first - tail;
  const pairs: Pair[] = Array.from({ length: first }, (_, at) => ({ a: at, b: at }));
  pairs.push(...middle());
  for (let at = tail; at > 0; at -= 1) pairs.push({ a: a.length - at, b: b.length - at });
  return pairs;

  function middle(): readonly Pair[] {
    const removed = Array.from({ length: rows }, (_, i) => ({ a: first + i, b: null }));
    const added = Array.from({ length: columns }, (_, j) => ({ a: null, b: first + j }));
    if (rows === 0 || columns === 0 || rows * columns > limit) return [...removed, ...added];
    const wide = columns + 1;
    // best[i][j]: the largest sum for what stands behind i and j.
    const best = new Float64Array((rows + 1) * wide);
    const scores = new Float64Array(rows * columns);
    const bestAt = (i: number, j: number) => best[i * wide + j] ?? 0;
    for (let i = rows - 1; i >= 0; i -= 1) {
      for (let j = columns - 1; j >= 0; j -= 1) {
        const own = score(a[first + i] as Element, b[first + j] as Element);
        scores[i * columns + j] = own;
        const together = own > 0 ? own + bestAt(i + 1, j + 1) : 0;
        best[i * wide + j] = Math.max(together, bestAt(i + 1, j), bestAt(i, j + 1));
      }
    }
    const found: Pair[] = [];
    let waiting: Pair[] = [];
    let i = 0;
    let j = 0;
    while (i < rows || j < columns) {
      const own = i < rows && j < columns ? (scores[i * columns + j] ?? 0) : 0;
      if (own > 0 && bestAt(i, j) === own + bestAt(i + 1, j + 1)) {
        found.push(...waiting, { a: first + i, b: first + j });
        waiting = [];
        i += 1;
        j += 1;
      } else if (j >= columns || (i < rows && bestAt(i + 1, j) >= bestAt(i, j + 1))) {
        found.push({ a: first + i, b: null });
        i += 1;
      } else {
        waiting.push({ a: null, b: first + j });
        j += 1;
      }
    }
    return [...found, ...waiting];
  }
}
