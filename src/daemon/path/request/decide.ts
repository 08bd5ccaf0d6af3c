/**
 * Decide: hold the operation against the policy and write the verdict down.
 *
 * Exchange, decision and request are durable before the exchange moves on, so
 * no request can reach an upstream without its audit line: if the store is
 * down, nothing leaves (SECURITY C1). What is to be masked is masked in what
 * is written, and where the policy wants it, in what is sent.
 */
import type { SessionMasking } from "../../masking/masking.js";
import { type Decision, reasonPart, withMaskedNames } from "../../model/decision.js";
import { maskedSentence } from "../../model/sentence.js";
import type { Session } from "../../model/session.js";
import { advance, type Decided, type Ledger, type Routed, type Station } from "../exchange.js";
import { openingOf } from "../exchange-start.js";
import type { Judge } from "./judge.js";
import type { RecentBodies } from "./recent-bodies.js";

export interface DecideOptions {
  readonly judge: Pick<Judge, "arriving">;
  readonly ledger: Ledger;
  /** Where the body is kept for those that go on with it. */
  readonly recent: Pick<RecentBodies, "keep">;
  readonly now: () => Date;
}

/** Creates the station that turns a routed exchange into a decided one. */
export function createDecide(options: DecideOptions): Station<Routed, Decided> {
  const { judge, ledger, recent, now } = options;
  /** Marks that stand in a session's requests for what was replaced: a secret of a reply has none. */
  const replaced = new WeakMap<Session, Set<string>>();

  function restoreOf(session: Session, own: SessionMasking, marks: readonly string[]) {
    const known = replaced.get(session) ?? new Set();
    replaced.set(session, known);
    for (const mark of marks) known.add(mark);
    return known.size === 0
      ? undefined
      : (mark: string) => (known.has(mark) ? (own.secretOf(mark) ?? mark) : mark);
  }

  return async function decide(exchange) {
    // One policy until it leaves: an edit counts from the next request on, and when a review ends.
    const { verdict, policy, policyInput, looked, expected } = await judge.arriving(exchange);
    const { shown } = looked;
    const { session, provider, over, readable: body, reading, beginning } = exchange;
    if (reading !== undefined) {
      const { masked } = looked;
      recent.keep(session, over, { provider: provider.name, body, reading, masked }, beginning);
    }
    const reason = maskedSentence([reasonPart(verdict)], shown.text);
    const named = withMaskedNames(verdict, shown.text);
    const decision: Decision = { ...named, reason, decidedAt: now() };
    await ledger.open(Object.assign(openingOf(exchange, shown), { decision }));
    const { masking: own, instead, marks } = looked;
    const restore =
      policy.masking.requests === "mask" && policy.masking.restore
        ? restoreOf(session, own, marks)
        : undefined;
    const { operation } = shown;
    // What was read on from an earlier body is its own now.
    const read = { reading: undefined, beginning: undefined };
    const more = { decision, expected, policy, policyInput, shown, masking: own, operation };
    return advance(exchange, { ...more, ...read, ...instead, ...(restore && { restore }) });
  };
}
