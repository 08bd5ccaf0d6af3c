/**
 * Report: the rounds as two tables for people, medians throughout.
 */
import { median } from "./statistics.js";

const columns = [
  ["c=16 req/s", ({ throughput }, name) => throughput?.[name]?.perSecond, 0],
  ["of bare", ({ throughput: t }, name) => t && t[name].perSecond / t.bare.perSecond, 2],
  ["CPU µs/req", ({ throughput }, name) => throughput?.[name]?.cpuMicros, 0],
  ["c=1 p50 µs", ({ latency }, name) => latency?.[name]?.p50, 0],
  ["added µs", ({ latency: l }, name) => l && l[name].p50 - l.direct.p50, 0],
  ["stream p50 ms", ({ streams: s }, name) => s && (s[name].p50 - s.direct.p50) / 1000, 3],
  ["stream p99 ms", ({ streams: s }, name) => s && (s[name].p99 - s.direct.p99) / 1000, 2],
  ["CPU µs/event", ({ streams }, name) => streams?.[name]?.cpuMicros, 0],
  ["idle MB", ({ memory }, name) => memory?.[name], 0],
];

function figure(value, digits) {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

function table(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[at])))
        .join("  "),
    )
    .join("\n");
}

/** What each target did: the median of each column over the rounds. */
export function targetTable(rounds, names) {
  const rows = names.map((name) => [
    name,
    ...columns.map(([, value, digits]) =>
      figure(median(rounds.map((round) => value(round, name)).filter(Number.isFinite)), digits),
    ),
  ]);
  return table([["", ...columns.map(([title]) => title)], ...rows]);
}

/** Each goal, what was measured, and whether it holds. */
export function goalTable(verdicts) {
  const rows = verdicts.map((verdict) => [
    verdict.goal,
    verdict.limit,
    `${figure(verdict.median, 2)} ${verdict.unit}`,
    `${verdict.agreeing} of ${verdict.rounds.length}`,
    verdict.met ? "met" : "MISSED",
  ]);
  return table([["goal", "limit", "median", "rounds agreeing", ""], ...rows]);
}
