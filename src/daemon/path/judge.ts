/**
 * Judge: the policy of this moment, held against a request: when it comes, and
 * once more when a review lets it go, because files, clock and budgets may have
 * changed while it waited.
 */
import type { Masking } from "../masking/masking.js";
import type { Verdict } from "../model/decision.js";
import { hasDetectors } from "../model/masking-terms.js";
import { Refusal } from "../model/refusal.js";
import type { Policy, PolicyHolder, PolicyInput } from "../policy/policy.js";
import type { Spending } from "../spending/spending.js";
import { policyInputOf } from "./policy-input.js";
import { type LookedAt, lookAt } from "./request-masking.js";
import type { Classified, Decided } from "./station.js";

export interface JudgeOptions {
  readonly policies: PolicyHolder;
  readonly spending: Pick<Spending, "of">;
  readonly masking: Masking;
  readonly now: () => Date;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly policy: Policy;
  readonly policyInput: PolicyInput;
  readonly looked: LookedAt;
}

export interface Judge {
  /** The verdict on a request that has just come. */
  arriving(exchange: Classified): Promise<Judged>;
  /** The verdict on one that is let go: by the files as they are now. */
  leaving(exchange: Decided): Promise<Judged>;
}

/**
 * A stored reply that is asked for from its middle may begin in the middle of a secret, where no
 * detector knows it (SECURITY M6).
 */
function checkBeginning({ query, operation }: Classified, { masking }: Policy): void {
  if (!/after/i.test(query) || !hasDetectors(masking)) return;
  if (!operation.stream && operation.class !== "unknown") return;
  for (const name of new URLSearchParams(query).keys()) {
    if (!/^starting_?after\b/i.test(name)) continue;
    throw new Refusal("reply_from_the_middle", "starting_after asks for a reply from its middle");
  }
}

/** Creates the judge of requests. */
export function createJudge({ policies, spending, masking, now }: JudgeOptions): Judge {
  async function judge(
    exchange: Classified,
    policy: Policy,
    policyInput: PolicyInput,
  ): Promise<Judged> {
    checkBeginning(exchange, policy);
    const looked = await lookAt(exchange, masking, policy.masking);
    await policy.prepare?.(policyInput);
    const { inPrompt, where } = looked;
    const verdict = policy.judgeFindings(policy.evaluate(policyInput), inPrompt, where);
    return { verdict, policy, policyInput, looked };
  }

  return {
    async arriving(exchange) {
      const policy = await policies.current(exchange.session);
      const spentBy = ({ session }: Classified, per: "session" | "identity" | "day") =>
        spending.of(session, per);
      return judge(exchange, policy, policyInputOf(exchange, { now, spentBy }));
    },

    async leaving(exchange) {
      const { session, key, policyInput } = exchange;
      const policy = await policies.latest(session);
      // It is counted already, and must not be one too many because of itself.
      const spent: PolicyInput["spent"] = (per) => spending.of(session, per, key);
      return judge(exchange, policy, { ...policyInput, now: now(), spent });
    },
  };
}
