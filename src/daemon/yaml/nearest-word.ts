/**
 * Nearest word: which of the words that exist was probably meant by one that
 * does not, by edit distance; none where nothing is close.
 */

/** The nearest of the words, if it takes at most a third of its letters to get there. */
export function nearestWord(meant: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const word of words) {
    // Each letter more or less is one step.
    if (Math.abs(word.length - meant.length) > Math.max(1, Math.floor(word.length / 3))) continue;
    const steps = editDistance(meant.toLowerCase(), word.toLowerCase());
    if (steps < least && steps <= Math.max(1, Math.floor(word.length / 3))) {
      best = word;
      least = steps;
    }
  }
  return best;
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const steps = Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      next.push(swapped ? Math.min(steps, (before[j - 2] ?? steps) + 1) : steps);
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
