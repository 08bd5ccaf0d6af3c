/**
 * Measures: what exchanges cost and how fast they went, as columns beside what
 * they did, and as one line for all of them.
 */
import type { MeasuredExchangeView, MeasuredSessionView } from "../../contract/measure-views.js";
import type { Context } from "../context.js";
import type { Column } from "./table.js";
import { counted, grouped, lasting } from "./time.js";
import { timeline } from "./timeline.js";
import { tokenFlow } from "./tokens.js";

type Row = MeasuredExchangeView;

/** `$0.0005`, `$1.23`; a cost that is not known is never $0. */
export function dollars(cost: number | null): string {
  if (cost === null) return "unknown";
  if (cost === 0) return "$0";
  if (cost < 0.0001) return "<$0.0001";
  return `$${cost.toFixed(cost < 0.1 ? 4 : 2)}`;
}

/** Columns after those that say what an exchange did. */
export function measureColumns(
  { colours, stdout, now }: Context,
  exchanges: readonly Row[],
): readonly Column<Row>[] {
  const cells = Math.max(12, Math.floor(stdout.columns / 5) - 4);
  const bars = stdout.isTTY ? timeline(exchanges, cells, now()) : [];
  const barOf = new Map(exchanges.map((row, place) => [row, bars[place] ?? ""]));
  const placeOf = new Map(exchanges.map(({ id, seq }) => [id, seq]));
  const retried = exchanges.some(({ retries }) => retries > 0);
  return [
    {
      title: "FIRST",
      value: () => "",
      short: ({ firstByteMs }) => (firstByteMs === null ? "" : lasting(firstByteMs)),
      align: "right",
      drop: 0.3,
    },
    {
      title: "TOK/S",
      value: () => "",
      short: ({ tokensPerSecond: rate }) => (rate === null ? "" : grouped(Math.round(rate))),
      align: "right",
      drop: 0.2,
    },
    {
      title: "COST",
      value: () => "",
      short: ({ cost, tokens }) => (tokens === null ? "" : dollars(cost)),
      align: "right",
      drop: 0.4,
    },
    ...(retried
      ? [
          {
            title: "RETRY",
            value: () => "",
            short: ({ retryOf }: Row) =>
              retryOf === null ? "" : `of #${placeOf.get(retryOf) ?? "?"}`,
            drop: 0.45,
          },
        ]
      : []),
    {
      title: "TIMELINE",
      value: () => "",
      short: (row) => barOf.get(row) ?? "",
      paint: (text) => colours.cyan(text),
      drop: 0.48,
    },
  ];
}

/** The same for programs, as columns behind all others: first byte, tokens a second, cost, retry. */
export const measureFields: readonly Column<Row>[] = [
  { title: "FIRST", value: ({ firstByteMs }) => String(firstByteMs ?? ""), pipeOnly: true },
  { title: "TOK/S", value: ({ tokensPerSecond: rate }) => String(rate ?? ""), pipeOnly: true },
  { title: "COST", value: ({ cost }) => String(cost ?? ""), pipeOnly: true },
  { title: "RETRY", value: ({ retryOf }) => retryOf ?? "", pipeOnly: true },
];

/** `3 exchanges in 12.5 s · 1,204 → 96 tokens · $0.0005 · 1 retry`. */
export function totalsLine(
  { tokens, cost }: MeasuredSessionView,
  exchanges: readonly Row[],
  now: Date,
): string {
  const ends = exchanges.map(({ startedAt, durationMs }) =>
    durationMs === null ? now.getTime() : Date.parse(startedAt) + durationMs,
  );
  const from = Math.min(...exchanges.map(({ startedAt }) => Date.parse(startedAt)));
  const retries = exchanges.filter(({ retryOf }) => retryOf !== null).length;
  const price = cost === null ? "cost unknown" : dollars(cost);
  return [
    `${counted(exchanges.length, "exchange")} in ${lasting(Math.max(0, ...ends) - from)}`,
    `${tokenFlow(tokens)} tokens`,
    price,
    ...(retries === 0 ? [] : [retries === 1 ? "1 retry" : `${grouped(retries)} retries`]),
  ].join(" · ");
}
