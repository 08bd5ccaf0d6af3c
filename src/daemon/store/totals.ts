/**
 * Totals: what a session's exchanges add up to, counted when asked for. The
 * data path keeps no sums, so none can be wrong; sessions are counted one a
 * turn of the event loop, so that a long list holds up no request.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { cutShort } from "../model/refusal.js";
import type { SessionId } from "../model/session.js";
import type { SessionLog, SessionTotals } from "./store.js";

type Sums = Omit<SessionTotals, "tokens"> & { readonly input: number; readonly output: number };

const listed = (codes: readonly string[]) => codes.map((code) => `'${code}'`).join(", ");

/** Endings that are the policy's word, whatever the effect it gave. */
const verdicts = listed([
  "policy_denied",
  "review_required",
  "review_denied",
  "review_expired",
  "review_pending",
  "operation_unknown",
]);

/** Endings without a decision that nobody refused. */
const accidents = listed([...cutShort, "fault"]);

/** Creates the count over sessions. */
export function createTotals(database: Database): SessionLog["totals"] {
  const sums = database.prepare<[SessionId], Sums>(
    `SELECT count(*) AS exchanges,
       total(effect = 'allow') AS allowed,
       total(effect = 'deny' OR effect IS NULL AND error NOT IN (${accidents})) AS denied,
       total(effect = 'review') AS reviewed,
       total((SELECT total(json_extract(value, '$.count')) FROM json_each(masked))) AS masked,
       total(CASE WHEN effect IS NULL THEN error IN (${accidents})
             ELSE effect <> 'deny' AND error NOT IN (${verdicts}) END) AS errors,
       total(input_tokens) AS input, total(output_tokens) AS output
     FROM exchanges LEFT JOIN endings ON endings.key = exchanges.key WHERE session = ?`,
  );

  return async function totals(ids) {
    const all = new Map<SessionId, SessionTotals>();
    for (const id of ids) {
      const found = sums.get(id);
      if (found === undefined) continue;
      const { input, output, ...counts } = found;
      all.set(id, { ...counts, tokens: { input, output } });
      await turn();
    }
    return all;
  };
}
