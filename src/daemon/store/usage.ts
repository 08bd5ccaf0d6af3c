/**
 * Usage: what sessions have used, by model, as budgets begin with after a
 * start. Asked once, never on the data path.
 */
import type { Database } from "better-sqlite3";
import type { SessionId } from "../model/session.js";
import type { RecordedUsage, UsageLog } from "./store.js";

interface UsageRow {
  readonly id: SessionId;
  readonly issuer: string;
  readonly subject: string;
  readonly model: string | null;
  readonly requests: number;
  readonly input: number;
  readonly output: number;
}

/** What was denied, by the policy or in its review, has used nothing, and what was imported nothing here. */
const sums = `
  SELECT sessions.id AS id, issuer, subject, model, count(*) AS requests,
    total(input_tokens) AS input, total(output_tokens) AS output
  FROM exchanges JOIN sessions ON sessions.id = exchanges.session
    LEFT JOIN endings ON endings.key = exchanges.key
  WHERE effect <> 'deny'
    AND NOT (effect = 'review' AND ifnull(error, '') IN ('review_denied', 'review_expired',
      'review_pending', 'policy_denied', 'operation_unknown'))
    AND NOT EXISTS (SELECT 1 FROM imports WHERE session = sessions.id)`;

/** Creates the sums over a database. */
export function createUsageLog(database: Database): UsageLog {
  const since = database.prepare<[bigint], UsageRow>(
    `${sums} AND exchanges.key >= ? GROUP BY sessions.id, model`,
  );
  const ofSession = database.prepare<[SessionId], UsageRow>(
    `${sums} AND exchanges.session = ? GROUP BY model`,
  );
  return {
    // An exchange's key begins with its milliseconds (model/exchange.ts).
    since: async (time) => since.all(BigInt(time.getTime()) << 22n).map(usageOf),
    ofSessions: async (ids) => ids.flatMap((id) => ofSession.all(id).map(usageOf)),
  };
}

function usageOf({ id, issuer, subject, model, requests, input, output }: UsageRow): RecordedUsage {
  return {
    session: { id, identity: { issuer, subject } },
    model,
    requests,
    tokens: { input, output },
  };
}
