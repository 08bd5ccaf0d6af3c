/**
 * Present replay: what became of a re-run, as a view.
 */
import type { ReplayMissView, ReplayView } from "../../../contract/replay-views.js";
import { exchangeIdOf } from "../../model/exchange.js";
import type { SessionId } from "../../model/session.js";
import type { Expected, Rerun } from "../../replaying/rerun.js";

/** A re-run, by what was asked so far. */
export function presentReplay(session: SessionId, rerun: Rerun): ReplayView {
  const { of, from = null, onMiss, pace } = rerun.options;
  return {
    of: of.id,
    session,
    from,
    onMiss,
    pace,
    exchanges: rerun.expected.map(presentExpected),
    misses: rerun.misses.map(
      ({ seq, action, nearest, differences, answeredBy }): ReplayMissView => ({
        seq,
        action,
        nearest: nearest?.record.seq ?? null,
        differences: differences.map(({ place, kind, recorded, now }) => ({
          place,
          kind,
          recorded,
          now,
        })),
        answeredBy,
      }),
    ),
    live: rerun.live(),
  };
}

function presentExpected({ record, asked, answered }: Expected): ReplayView["exchanges"][number] {
  const { key, seq, connection, operation, ending } = record;
  const asItWent = answered > 0 ? "answered" : "refused";
  return {
    exchange: exchangeIdOf(key),
    seq,
    connection: connection ?? "",
    action: operation?.action ?? "",
    method: operation?.method ?? "",
    path: operation?.path ?? "",
    status: ending?.status ?? 0,
    outcome: asked === 0 ? "unasked" : asItWent,
    times: asked,
  };
}
