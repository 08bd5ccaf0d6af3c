// The arithmetic of bench/masking.js: what counts as hidden, over all and by
// rule, and what must hold.
const pieceLength = 12;

/** No piece of twelve characters of a named secret is left; of a shorter one, not all of it. */
export function isHidden(row, findings) {
  if (row.secret === null || row.secret === undefined) return findings.length > 0;
  const left = withoutFindings(row.text, findings);
  return [row.secret].flat().every((secret) => {
    if (secret.length < pieceLength) return !left.includes(secret);
    for (let at = 0; at + pieceLength <= secret.length; at += 1) {
      if (left.includes(secret.slice(at, at + pieceLength))) return false;
    }
    return true;
  });
}

function withoutFindings(text, findings) {
  let left = "";
  let at = 0;
  for (const { start, end } of [...findings].sort((one, other) => one.start - other.start)) {
    if (end <= at) continue;
    left += `${text.slice(at, Math.max(at, start))}\0`;
    at = end;
  }
  return left + text.slice(at);
}

/** Hidden of all, and the mean over the rules. */
export function countOf(looked) {
  const rules = new Map();
  for (const { row, hidden } of looked) {
    const counts = rules.get(row.rule) ?? { rows: 0, hidden: 0 };
    rules.set(row.rule, { rows: counts.rows + 1, hidden: counts.hidden + (hidden ? 1 : 0) });
  }
  const shares = [...rules.values()].map(({ rows, hidden }) => hidden / rows);
  const hidden = looked.filter((each) => each.hidden).length;
  return {
    rows: looked.length,
    hidden,
    share: ratio(hidden, looked.length),
    rules: rules.size,
    macro: ratio(
      shares.reduce((sum, share) => sum + share, 0),
      shares.length,
    ),
  };
}

/** The same for each group, largest first. */
export function countsBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return Object.fromEntries(
    [...groups]
      .sort(([, one], [, other]) => other.length - one.length)
      .map(([key, own]) => [key, "row" in own[0] ? countOf(own) : { found: own.length }]),
  );
}

/** What must hold, and whether it does. A goal of which there are no rows is not judged. */
export function goalsOf({ masked, falseAlarms, benign, throughput }) {
  const alarms = { rows: 0, found: 0 };
  for (const { rows, found } of Object.values(falseAlarms)) {
    alarms.rows += rows;
    alarms.found += found;
  }
  return [
    least("secrets masked, over all", masked.secret.share, 0.8, masked.secret.rows),
    least("secrets masked, mean over rules", masked.secret.macro, 0.7, masked.secret.rows),
    least("personal data masked", masked.pii.share, 0.85, masked.pii.rows),
    most("false alarms on hard negatives", ratio(alarms.found, alarms.rows), 0.03, alarms.rows),
    most(
      "false alarms a megabyte without secrets",
      ratio(benign.found, benign.megabytes),
      1,
      benign.megabytes,
    ),
    least("megabytes a second of prose, one core", throughput.prose, 50, 1),
    least("megabytes a second of code, one core", throughput.code, 50, 1),
  ];
}

function least(name, value, limit, judged) {
  return { name, value, limit: `≥ ${limit}`, met: judged === 0 ? null : value >= limit };
}

function most(name, value, limit, judged) {
  return { name, value, limit: `≤ ${limit}`, met: judged === 0 ? null : value <= limit };
}

function ratio(part, whole) {
  return whole === 0 ? 0 : part / whole;
}

function weakest({ detectors, mean, below }) {
  return `${detectors} detectors meet secrets of two sources or more: by the weakest source of each ${mean.toFixed(3)} are masked, of ${below} less than 0.8`;
}

/** The figures as text for a terminal. */
export function tableOf(result, goals) {
  const line = (name, { rows, hidden, share, rules, macro }) =>
    [
      name.padEnd(34),
      `${hidden}/${rows}`.padStart(11),
      share.toFixed(3).padStart(8),
      macro.toFixed(3).padStart(8),
      String(rules).padStart(7),
    ].join("");
  const heading = (name) => `\n${name.padEnd(34)}     masked   share   macro  rules`;
  return [
    heading("kind"),
    ...Object.entries(result.masked).map(([name, counts]) => line(name, counts)),
    heading("source"),
    ...Object.entries(result.sources).map(([name, counts]) => line(name, counts)),
    "\ncross-check",
    weakest(result.crossCheck.weakestSource),
    heading("secrets by the generic rules alone"),
    ...Object.entries(result.crossCheck.genericAlone).map(([name, counts]) => line(name, counts)),
    heading("detector that found it first"),
    ...Object.entries(result.detectors).map(([name, counts]) => line(name, counts)),
    "\nfalse alarms",
    ...Object.entries(result.falseAlarms).map(
      ([name, { rows, found }]) => `${name.padEnd(34)}${`${found}/${rows}`.padStart(11)}`,
    ),
    `${"text without secrets".padEnd(34)}${`${result.benign.found} in ${result.benign.megabytes.toFixed(1)} MB`.padStart(11)}`,
    ...result.benign.places.map((place) => `  ${place}`),
    "\ngoals",
    ...goals.map(
      ({ name, value, limit, met }) =>
        `${name.padEnd(42)}${value.toFixed(3).padStart(9)}  ${limit.padEnd(8)}${met === null ? "no rows" : met ? "met" : "missed"}`,
    ),
  ].join("\n");
}
