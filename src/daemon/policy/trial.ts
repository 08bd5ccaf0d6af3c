/**
 * Trial: a policy run over requests of the past, one at a time, to show what
 * it would decide otherwise. Of what it reads it keeps counts and a few ids,
 * so a year of traffic takes no more memory than a day.
 */
import { callVerdict } from "../model/call-verdict.js";
import { ruleKeyOf, type Verdict } from "../model/decision.js";
import type { ToolCall } from "../model/review.js";
import type { Policy, PolicyInput } from "./policy.js";

/** A recorded request that could be read again. */
export interface PastRequest {
  readonly exchangeId: string;
  /** What was decided then; null where nothing was. */
  readonly decided: Pick<Verdict, "effect" | "rule" | "reason"> | null;
  readonly input: PolicyInput;
  /** Those in the reply that reached the agent. */
  readonly toolCalls: () => Promise<readonly ToolCall[]>;
}

export interface Change {
  readonly about: "request" | "tool-call";
  readonly from: Pick<Verdict, "effect" | "rule">;
  readonly to: Verdict;
  readonly count: number;
  readonly examples: readonly string[];
}

export interface TrialResult {
  readonly exchanges: number;
  readonly same: number;
  readonly changed: number;
  /** Most first. */
  readonly changes: readonly Change[];
  /** How often each rule decided, by `ruleKeyOf`. */
  readonly decidedBy: ReadonlyMap<string, number>;
}

/** Examples kept of each change: the latest. */
const mostExamples = 3;
/** Kinds of change told apart; a policy has fewer pairs of rules than that in any use we know. */
const mostChanges = 10_000;

export interface Trial {
  /** Looks at the next one, in the order they came; says whether it would be let through. */
  add(past: PastRequest): Promise<boolean>;
  result(): TrialResult;
}

/** Creates a trial of a policy. */
export function createTrial(policy: Policy): Trial {
  const changes = new Map<string, Change>();
  const decidedBy = new Map<string, number>();
  let exchanges = 0;
  let changed = 0;

  /** Did the verdict change? */
  function compare(
    about: Change["about"],
    { exchangeId }: PastRequest,
    from: Change["from"],
    to: Verdict,
  ): boolean {
    const by = to.origin === undefined ? "" : ruleKeyOf(to.origin);
    if (by !== "") decidedBy.set(by, (decidedBy.get(by) ?? 0) + 1);
    if (from.effect === to.effect) return false;
    const key = JSON.stringify([about, from.effect, from.rule, to.effect, to.rule, by]);
    const known = changes.get(key);
    if (known === undefined && changes.size >= mostChanges) return true;
    changes.set(key, {
      about,
      from: { effect: from.effect, rule: from.rule },
      to,
      count: (known?.count ?? 0) + 1,
      examples: [exchangeId, ...(known?.examples ?? [])].slice(0, mostExamples),
    });
    return true;
  }

  return {
    async add(past) {
      exchanges += 1;
      // A request that was refused before any policy was asked went nowhere, as one denied.
      const from = past.decided ?? { effect: "deny", rule: null };
      // A large prompt is read in slices: the data path goes on in between.
      await policy.prepare?.(past.input);
      const verdict = policy.evaluate(past.input);
      let differs = compare("request", past, from, verdict);
      // What the request's denial stops has no reply to look at.
      if (verdict.effect !== "deny" && policy.watchesToolCalls(past.input)) {
        for (const call of await past.toolCalls()) {
          const to = await callVerdict(policy, past.input, call);
          // It reached the agent, so it was allowed or approved.
          differs = compare("tool-call", past, { effect: "allow", rule: null }, to) || differs;
        }
      }
      if (differs) changed += 1;
      return verdict.effect !== "deny";
    },

    result: () => ({
      exchanges,
      same: exchanges - changed,
      changed,
      changes: [...changes.values()].sort((one, other) => other.count - one.count),
      decidedBy,
    }),
  };
}
