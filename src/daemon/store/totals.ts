/**
 * Totals: what a session's exchanges add up to, counted when asked for. The
 * data path keeps no sums, so none can be wrong; sessions are counted one a
 * turn of the event loop, so that a long list holds up no request. SQL groups
 * exchanges that went alike; which outcome that is, model/outcome.ts says.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { type Outcome, outcomes, tellsOfReview } from "../../contract/outcome.js";
import type { Effect } from "../model/decision.js";
import { exchangeOutcome } from "../model/outcome.js";
import type { SessionId } from "../model/session.js";
import type { SessionLog, SessionTotals } from "./store.js";

/** Exchanges that went alike. */
interface Group {
  readonly exchanges: number;
  readonly effect: Effect | null;
  readonly over: number;
  readonly failed: number;
  readonly error: string | null;
  readonly outcome: Outcome | null;
  readonly review: string | null;
  readonly masked: number;
  readonly input: number;
  readonly output: number;
  /** Some of these tokens are. */
  readonly estimated: number | null;
}

/** Creates the count over sessions. */
export function createTotals(database: Database): SessionLog["totals"] {
  const grouped = database.prepare<[SessionId], Group>(
    `SELECT count(*) AS exchanges, effect, ended_at IS NOT NULL AS over,
       ifnull(status >= 400, 0) AS failed, error, outcome, max(review) AS review,
       total((SELECT total(json_extract(value, '$.count')) FROM json_each(masked))) AS masked,
       total(input_tokens) AS input, total(output_tokens) AS output,
       max(estimated) AS estimated
     FROM exchanges LEFT JOIN endings ON endings.key = exchanges.key
       LEFT JOIN exchange_reviews ON exchange_reviews.exchange = exchanges.key
     WHERE session = ?
     GROUP BY effect, over, failed, error, outcome, review IS NULL`,
  );

  return async function totals(ids) {
    const all = new Map<SessionId, SessionTotals>();
    for (const id of ids) {
      all.set(id, totalsOf(grouped.all(id)));
      await turn();
    }
    return all;
  };
}

function totalsOf(groups: readonly Group[]): SessionTotals {
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Counts;
  const sums = { exchanges: 0, reviewed: 0, masked: 0, input: 0, output: 0 };
  for (const group of groups) {
    const { exchanges, effect, review } = group;
    const outcome = outcomeOf(group);
    if (outcome !== null) counts[outcome] += exchanges;
    sums.exchanges += exchanges;
    sums.masked += group.masked;
    sums.input += group.input;
    sums.output += group.output;
    if (effect === "review" || review !== null || tellsOfReview(outcome))
      sums.reviewed += exchanges;
  }
  const { input, output, ...rest } = sums;
  const estimated = groups.some((group) => group.estimated === 1);
  return {
    ...rest,
    allowed: counts.allowed,
    denied: counts.denied + counts["denied-by-reviewer"] + counts.expired,
    errors: counts.failed + counts.cut,
    outcomes: counts,
    tokens: { input, output, ...(estimated && { estimated: true as const }) },
  };
}

type Counts = Record<Outcome, number>;

function outcomeOf({ effect, review, over, failed, error, outcome }: Group): Outcome | null {
  // Of a status only its kind matters.
  const ending = { status: failed === 1 ? 500 : 200, error, ...(outcome !== null && { outcome }) };
  return exchangeOutcome({
    ...{ decision: effect && { effect }, review },
    ending: over === 1 ? ending : null,
  });
}
