/**
 * Decide: hold the operation against the policy and write the verdict down.
 *
 * Exchange, decision and request are durable before the exchange moves on, so
 * no request can reach an upstream without its audit line: if the store is
 * down, nothing leaves (SECURITY C1).
 */
import type { Decision } from "../model/decision.js";
import type { Policy } from "../policy/policy.js";
import { openingOf } from "./opening.js";
import { advance, type Classified, type Decided, type Ledger, type Station } from "./station.js";

export interface DecideOptions {
  readonly policy: Policy;
  readonly ledger: Ledger;
  readonly now: () => Date;
}

/** Creates the station that turns a classified exchange into a decided one. */
export function createDecide({ policy, ledger, now }: DecideOptions): Station<Classified, Decided> {
  return async function decide(exchange) {
    const { session, operation, connection } = exchange;
    const verdict = policy.evaluate({
      identity: session.identity,
      connection: connection.name,
      operation,
      processCheck: session.processCheck,
    });
    const decision: Decision = { ...verdict, decidedAt: now() };
    await ledger.open({ ...openingOf(exchange), decision });
    return advance(exchange, { decision });
  };
}
