/** Run totals: what a run came to, beside the other's. They are told, and make no difference. */
import type { ExchangeView, SessionView } from "../../contract/views.js";
import { grouped, lasting } from "../output/time.js";
import type { ExchangeChange } from "./compare.js";

export interface RunTotals {
  readonly session: string;
  readonly exchanges: number;
  readonly turns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly allowed: number;
  readonly reviewed: number;
  readonly denied: number;
  readonly masked: number;
  readonly errors: number;
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
    allowed: counted(({ decision }) => decision?.effect === "allow"),
    reviewed: counted(({ decision }) => decision?.effect === "review"),
    denied: counted(({ decision }) => decision?.effect === "deny"),
    masked: summed(({ masked }) => masked.reduce((sum, { count }) => sum + count, 0)),
    errors: counted(({ error }) => error !== null),
    durationMs: exchanges.length === 0 ? null : Math.max(...over) - Math.min(...begun),
  };
}

/** A row a total: its name, and how it is shown. */
export const totalRows: readonly (readonly [name: string, show: (totals: RunTotals) => string])[] =
  [
    ["exchanges", ({ exchanges }) => grouped(exchanges)],
    ["turns", ({ turns }) => grouped(turns)],
    ["tokens in", ({ inputTokens }) => grouped(inputTokens)],
    ["tokens out", ({ outputTokens }) => grouped(outputTokens)],
    ["allowed", ({ allowed }) => grouped(allowed)],
    ["reviewed", ({ reviewed }) => grouped(reviewed)],
    ["denied", ({ denied }) => grouped(denied)],
    ["masked", ({ masked }) => grouped(masked)],
    ["errors", ({ errors }) => grouped(errors)],
    ["duration", ({ durationMs }) => (durationMs === null ? "-" : lasting(durationMs))],
  ];
