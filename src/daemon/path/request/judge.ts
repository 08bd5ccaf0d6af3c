/**
 * Judge: the policy of this moment, held against a request: when it comes, and
 * once more when a review lets it go, because files, clock and budgets may have
 * changed while it waited. What a request that is let through may use is reserved
 * in the same turn, so that of requests that come together each is judged by
 * what those before it will use.
 */
import type { Masking } from "../../masking/masking.js";
import type { Verdict } from "../../model/decision.js";
import { hasDetectors } from "../../model/masking-terms.js";
import type { Policy, PolicyHolder, PolicyInput } from "../../policy/policy.js";
import type { Spending } from "../../spending/spending.js";
import type { Decided, Routed } from "../exchange.js";
import { asksForMiddle, fromTheMiddle } from "../reply/reply-beginning.js";
import { type ExpectedTokens, expectedTokens } from "./expected-tokens.js";
import { policyInputOf } from "./policy-input.js";
import { type LookedAt, lookAt } from "./request-masking.js";

export interface JudgeOptions {
  readonly policies: PolicyHolder;
  readonly spending: Pick<Spending, "of" | "began">;
  readonly masking: Masking;
  readonly now: () => Date;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly policy: Policy;
  readonly policyInput: PolicyInput;
  readonly looked: LookedAt;
}

export interface Arrived extends Judged {
  /** What its tokens are expected to be at most. */
  readonly expected: ExpectedTokens;
}

export interface Judge {
  /** The verdict on a request that has just come. Where it is not denied, what it may use is reserved. */
  arriving(exchange: Routed): Promise<Arrived>;
  /** The verdict on one that is let go: by the files as they are now. */
  leaving(exchange: Decided): Promise<Judged>;
}

/**
 * A stream that is asked for from its middle may begin in the middle of a secret, where no detector
 * knows it (SECURITY M6). What an operation that is not known answers with, its reply shows.
 */
function checkBeginning({ query, operation }: Routed, { masking }: Policy): void {
  if (operation.stream && hasDetectors(masking) && asksForMiddle(query)) throw fromTheMiddle();
}

/** Creates the judge of requests. */
export function createJudge({ policies, spending, masking, now }: JudgeOptions): Judge {
  async function judge(
    exchange: Routed,
    policy: Policy,
    policyInput: PolicyInput,
    reserve: (verdict: Verdict) => void = () => {},
  ): Promise<Judged> {
    checkBeginning(exchange, policy);
    const looked = await lookAt(exchange, masking, policy.masking);
    await policy.prepare?.(policyInput);
    const { inPrompt, where } = looked;
    const verdict = policy.judgeFindings(policy.evaluate(policyInput), inPrompt, where);
    // Not behind a promise: another request would be judged before this one counts.
    reserve(verdict);
    return { verdict, policy, policyInput, looked };
  }

  return {
    async arriving(exchange) {
      const { session, key, operation, route } = exchange;
      const policy = await policies.current(session);
      // Its own reservation left out: it must not be one too many because of itself.
      const spent: PolicyInput["spent"] = (per) => spending.of(session, per, key);
      const input = policyInputOf(exchange, { now, spent });
      const expected = expectedTokens(exchange);
      const judged = await judge(exchange, policy, input, ({ effect }) => {
        // What the record answers costs nothing.
        if (effect === "deny" || !route.leaves) return;
        spending.began(key, session, operation.model, expected);
      });
      return { ...judged, expected };
    },

    async leaving(exchange) {
      const policy = await policies.latest(exchange.session);
      return judge(exchange, policy, { ...exchange.policyInput, now: now() });
    },
  };
}
