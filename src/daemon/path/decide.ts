/**
 * Decide: hold the operation against the policy and write the verdict down.
 *
 * Exchange, decision and request are durable before the exchange moves on, so
 * no request can reach an upstream without its audit line: if the store is
 * down, nothing leaves (SECURITY C1).
 */
import type { Decision } from "../model/decision.js";
import type { PolicyHolder } from "../policy/policy.js";
import type { Spending } from "../spending/spending.js";
import { openingOf } from "./opening.js";
import { policyInputOf } from "./policy-input.js";
import { advance, type Decided, type Ledger, type Recalled, type Station } from "./station.js";

export interface DecideOptions {
  readonly policies: PolicyHolder;
  readonly spending: Pick<Spending, "of" | "began">;
  readonly ledger: Ledger;
  readonly now: () => Date;
}

/** Creates the station that turns a recalled exchange into a decided one. */
export function createDecide(options: DecideOptions): Station<Recalled, Decided> {
  const { policies, spending, ledger, now } = options;

  return async function decide(exchange) {
    // One policy for the whole exchange: an edit counts from the next request on.
    const policy = await policies.current(exchange.session);
    const { key, session, operation } = exchange;
    const policyInput = policyInputOf(exchange, {
      now,
      spentBy: (_, per) => spending.of(session, per),
    });
    await policy.prepare?.(policyInput);
    const decision: Decision = { ...policy.evaluate(policyInput), decidedAt: now() };
    // In the same turn: of requests that come together, each sees those before it.
    // What the record answers costs nothing.
    const free = exchange.recorded !== undefined;
    if (decision.effect !== "deny" && !free) spending.began(key, session, operation.model);
    await ledger.open({ ...openingOf(exchange), decision });
    return advance(exchange, { decision, policy, policyInput });
  };
}
