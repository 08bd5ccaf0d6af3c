/**
 * Measures: what exchanges and sessions cost, how fast replies came, what was
 * tried again. Counted when asked for; a price that is not known makes no cost.
 */
import type { MeasuredExchangeView, MeasuredSessionView } from "../../../contract/measure-views.js";
import { exchangeIdOf } from "../../model/exchange.js";
import type { Session, SessionId } from "../../model/session.js";
import type { Ending } from "../../model/transcript.js";
import type { Costs } from "../../spending/prices.js";
import type { ExchangeRecord, RecordedUsage, Store } from "../../store/store.js";
import { presentSession } from "../present.js";
import { findRetries } from "./retries.js";
import { tellExchange } from "./told-exchange.js";

export interface MeasuresOptions {
  readonly store: Pick<Store, "sessions" | "exchanges" | "reviews" | "usage">;
  readonly costOf: Costs;
}

export interface Measures {
  sessions(sessions: readonly Session[]): Promise<readonly MeasuredSessionView[]>;
  /** Of one session, all of them. */
  exchanges(records: readonly ExchangeRecord[]): Promise<readonly MeasuredExchangeView[]>;
}

/** Creates what measures. */
export function createMeasures({ store, costOf }: MeasuresOptions): Measures {
  function costOfAll(used: readonly RecordedUsage[]): number | null {
    let sum = 0;
    for (const { model, tokens } of used) {
      if (tokens.input + tokens.output === 0) continue;
      const cost = costOf(model, tokens);
      if (cost === null) return null;
      sum += cost;
    }
    return sum;
  }

  return {
    async sessions(sessions) {
      const ids = sessions.map(({ id }) => id);
      const totals = await store.sessions.totals(ids);
      const bySession = new Map<SessionId, RecordedUsage[]>(ids.map((id) => [id, []]));
      for (const used of await store.usage.ofSessions(ids)) {
        bySession.get(used.session.id)?.push(used);
      }
      return sessions.map((session) => ({
        ...presentSession(session, totals.get(session.id)),
        cost: costOfAll(bySession.get(session.id) ?? []),
      }));
    },

    async exchanges(records) {
      const retries = await findRetries(records, store.exchanges.requestFrames);
      const measured: MeasuredExchangeView[] = [];
      // One after another, so that the frames of only one exchange are in memory.
      for (const record of records) {
        const { key, operation, ending } = record;
        const retry = retries.get(key);
        const tokens = ending?.tokens ?? null;
        measured.push({
          ...(await tellExchange(record, store)),
          cost: tokens && costOf(operation?.model ?? null, tokens),
          tokensPerSecond: ending && rateOf(ending),
          retryOf: retry === undefined ? null : exchangeIdOf(retry.of),
          retries: retry?.count ?? 0,
        });
      }
      return measured;
    },
  };
}

/** Times are microseconds. A reply that came at once was made before its first byte. */
function rateOf({ tokens, firstByteAt, endedAt }: Ending): number | null {
  if (tokens === null || tokens.output === 0 || endedAt <= 0) return null;
  const flowing = endedAt - (firstByteAt ?? 0);
  const time = flowing > endedAt / 100 ? flowing : endedAt;
  return Math.round((tokens.output * 1e7) / time) / 10;
}
