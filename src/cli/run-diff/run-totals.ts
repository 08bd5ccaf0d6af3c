/** Run totals: what a run came to, beside the other's. They are told, and make no difference. */
import { isDenial, type Outcome, outcomes, tellsOfReview } from "../../contract/outcome.js";
import type { ExchangeView, SessionView } from "../../contract/views.js";
import { grouped, lasting } from "../output/time.js";
import { aboutTokens } from "../output/tokens.js";
import type { ExchangeChange } from "./compare.js";

export interface RunTotals {
  readonly session: string;
  readonly exchanges: number;
  readonly turns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Some of these tokens are estimates. */
  readonly estimated?: true;
  readonly allowed: number;
  readonly reviewed: number;
  readonly denied: number;
  readonly masked: number;
  readonly errors: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Milliseconds from the first exchange's beginning to the last one's end; null where there is none. */
  readonly durationMs: number | null;
}

/** The totals of one side, of the exchanges that were compared. */
export function totalsOf(
  session: SessionView,
  exchanges: readonly ExchangeView[],
  changes: readonly ExchangeChange[],
  side: "a" | "b",
): RunTotals {
  const counted = (holds: (exchange: ExchangeView) => boolean) => exchanges.filter(holds).length;
  const summed = (of: (exchange: ExchangeView) => number) =>
    exchanges.reduce((sum, exchange) => sum + of(exchange), 0);
  const begun = exchanges.map(({ startedAt }) => Date.parse(startedAt));
  const over = exchanges.map(
    ({ startedAt, durationMs }) => Date.parse(startedAt) + (durationMs ?? 0),
  );
  return {
    session: session.id,
    exchanges: exchanges.length,
    turns: changes.reduce(
      (sum, { turns }) => sum + turns.filter((turn) => turn[side] !== null).length,
      0,
    ),
    inputTokens: summed(({ tokens }) => tokens?.input ?? 0),
    outputTokens: summed(({ tokens }) => tokens?.output ?? 0),
    ...(exchanges.some(({ tokens }) => tokens?.estimated) && { estimated: true }),
    outcomes: Object.fromEntries(
      outcomes.map((each) => [each, counted(({ outcome }) => outcome === each)]),
    ) as RunTotals["outcomes"],
    allowed: counted(({ outcome }) => outcome === "allowed"),
    reviewed: counted(
      ({ decision, review, outcome }) =>
        decision?.effect === "review" || review !== null || tellsOfReview(outcome),
    ),
    denied: counted(({ outcome }) => isDenial(outcome)),
    masked: summed(({ masked }) => masked.reduce((sum, { count }) => sum + count, 0)),
    errors: counted(({ outcome }) => outcome === "failed" || outcome === "cut"),
    durationMs: exchanges.length === 0 ? null : Math.max(...over) - Math.min(...begun),
  };
}

/** A row a total: its name, and how it is shown. */
type TotalRow = readonly [name: string, show: (totals: RunTotals) => string];

const totalRows: readonly TotalRow[] = [
  ["exchanges", ({ exchanges }) => grouped(exchanges)],
  ["turns", ({ turns }) => grouped(turns)],
  ["tokens in", ({ inputTokens, estimated }) => aboutTokens(inputTokens, estimated)],
  ["tokens out", ({ outputTokens, estimated }) => aboutTokens(outputTokens, estimated)],
  ...outcomes.map((outcome): TotalRow => [outcome, (totals) => grouped(totals.outcomes[outcome])]),
  ["masked", ({ masked }) => grouped(masked)],
  ["duration", ({ durationMs }) => (durationMs === null ? "-" : lasting(durationMs))],
];

/** Both runs' totals as rows; an outcome that neither run had has none. */
export function totalRowsOf(
  a: RunTotals,
  b: RunTotals,
): readonly (readonly [name: string, a: string, b: string])[] {
  const had = (name: string) => !isOutcome(name) || a.outcomes[name] + b.outcomes[name] > 0;
  return totalRows.filter(([name]) => had(name)).map(([name, show]) => [name, show(a), show(b)]);
}

function isOutcome(name: string): name is Outcome {
  return outcomes.some((outcome) => outcome === name);
}
