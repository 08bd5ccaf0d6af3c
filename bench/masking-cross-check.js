// Cross-check of bench/masking.js: figures that do not rest on the samples a rule
// may have been written from.

/** Sources that made their samples from each other's rules are one. */
const familyOf = ({ source }) => source.replace(/-gen$/, "");

/**
 * Each detector that meets its secrets in two sources or more, judged by the source where it does
 * worst: whichever one its rules were written from, another counts. What was not found belongs to
 * the detector that finds most of what the row's rule names.
 */
export function byWeakestSource(positives) {
  const ownerOf = owners(positives);
  const shares = new Map();
  for (const { row, hidden } of positives) {
    const detector = ownerOf.get(row.rule);
    if (detector === undefined) continue;
    const families = shares.get(detector) ?? new Map();
    const { rows, found } = families.get(familyOf(row)) ?? { rows: 0, found: 0 };
    families.set(familyOf(row), { rows: rows + 1, found: found + (hidden ? 1 : 0) });
    shares.set(detector, families);
  }
  const weakest = [...shares.values()]
    .filter((families) => families.size > 1)
    .map((families) => Math.min(...[...families.values()].map(({ rows, found }) => found / rows)));
  return {
    detectors: weakest.length,
    mean: weakest.reduce((sum, share) => sum + share, 0) / Math.max(1, weakest.length),
    below: weakest.filter((share) => share < 0.8).length,
  };
}

/** The detector of most findings of each rule that the rows name. */
function owners(positives) {
  const found = new Map();
  for (const { row, findings } of positives) {
    const detector = findings[0]?.detector;
    if (detector === undefined) continue;
    const counts = found.get(row.rule) ?? new Map();
    counts.set(detector, (counts.get(detector) ?? 0) + 1);
    found.set(row.rule, counts);
  }
  return new Map(
    [...found].map(([rule, counts]) => [
      rule,
      [...counts].sort(([, one], [, other]) => other - one)[0][0],
    ]),
  );
}
