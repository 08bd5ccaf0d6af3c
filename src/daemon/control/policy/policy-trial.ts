/**
 * Policy trial: a policy run over the record from a moment on. One exchange is
 * in memory at a time, and between two of them the data path has its turn:
 * what is being decided goes before what was decided long ago.
 */
import type { PolicyTestView, TestPolicy } from "../../../contract/policy-views.js";
import { ruleKeyOf } from "../../model/decision.js";
import type { RulePolicy } from "../../policy/evaluate.js";
import { isConnectionTest, type PastRequests } from "./past-requests.js";
import { dayOf } from "./policy-explain.js";
import type { PolicyLanguage } from "./policy-language.js";
import { presentChange } from "./present-policy.js";

export interface PolicyTrialOptions {
  readonly language: Pick<PolicyLanguage, "createTrial" | "createTally">;
  readonly past: PastRequests;
}

export interface TrialRun extends TestPolicy {
  readonly policy: RulePolicy;
  /** Told now and then how far it got. */
  readonly tell: (exchanges: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Exchanges after which it says how far it is. */
const tellEvery = 500;

/** Runs a policy over the record; what it gives is of use only while the signal has not aborted. */
export function createPolicyTrial({ language, past }: PolicyTrialOptions) {
  return async function test({
    since,
    file,
    policy,
    tell,
    signal,
  }: TrialRun): Promise<PolicyTestView> {
    const trial = language.createTrial(policy);
    const tally = language.createTally();
    const from = new Date(since);
    const unread = new Map<string, number>();
    let read = 0;
    let tests = 0;
    for await (const record of past.since(dayOf(from), signal)) {
      // What this policy would have denied would have used nothing of its budgets.
      let went: boolean | undefined;
      if (record.startedAt >= from && isConnectionTest(record)) tests += 1;
      else if (record.startedAt >= from) {
        const next = await past.read(record, tally);
        if ("input" in next) went = await trial.add(next);
        else unread.set(next.unread, (unread.get(next.unread) ?? 0) + 1);
        read += 1;
        if (read % tellEvery === 0) await tell(read);
      }
      await past.count(record, tally, went);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { exchanges, same, changed, changes, decidedBy } = trial.result();
    return {
      policyHash: policy.hash,
      file: file?.name ?? null,
      since: from.toISOString(),
      exchanges,
      same,
      changed,
      skipped: [...unread.values()].reduce((sum, count) => sum + count, 0),
      changes: changes.map(presentChange),
      rules: policy.rules.map((rule) => ({
        rule: rule.name,
        layer: rule.layer,
        effect: rule.effect,
        decided: decidedBy.get(ruleKeyOf(rule)) ?? 0,
      })),
      notes: [
        ...[...unread].map(([why, count]) => `${count} not read again: ${why}`),
        ...(tests === 0
          ? []
          : [`${tests} left out: they test a connection, and no rule decides them`]),
      ],
    };
  };
}
