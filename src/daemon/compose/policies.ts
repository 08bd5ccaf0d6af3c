/**
 * Policies: the rules in force for each session and what has been used of
 * their budgets, put together for one home. What is wrong with a policy file
 * goes to the log here, once for each edit.
 */
import { type Home, policyFileOf } from "../../contract/home.js";
import type { Config } from "../lifecycle/config.js";
import { systemFile } from "../lifecycle/config-files.js";
import type { Maskings } from "../masking/maskings.js";
import { inTurns } from "../model/turns.js";
import { neverMatching } from "../policy/lint.js";
import { openPolicyFiles, type PolicyFiles } from "../policy/policy-files.js";
import { knownActions } from "../providers/providers.js";
import { type Costs, loadPrices, type Prices } from "../spending/prices.js";
import { createSpending, dayOf, type Spending } from "../spending/spending.js";
import type { Store } from "../store/store.js";
import { problemLine } from "../yaml/checked-yaml.js";

interface PoliciesOptions {
  readonly home: Home;
  readonly config: Config;
  readonly store: Store;
  /** Names of detectors that a policy may use, and what is to be ready before one is in force. */
  readonly maskings: Pick<Maskings, "detectors" | "prepare">;
  readonly log: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
  };
  readonly now: () => Date;
}

export interface PolicyRooms {
  readonly policies: PolicyFiles;
  readonly spending: Spending;
  readonly prices: Prices;
  /** For showing. */
  readonly costOf: Costs;
}

/** Reads the policy files and adds up what has been used. */
export async function composePolicies(options: PoliciesOptions): Promise<PolicyRooms> {
  const { home, config, store, maskings, log, now } = options;
  const policies = await openPolicyFiles({
    organisation: systemFile("policy.yaml", process.env, process.platform),
    user: policyFileOf(home),
    refuse: (rules) => inTurns(neverMatching(rules, { actions: knownActions })),
    ...maskings,
    changed({ hash }, problems) {
      log.info({ policy: hash }, "policy in force");
      for (const problem of problems) {
        log.warn({ policy: hash }, `policy file: ${problemLine(problem)}`);
      }
    },
  });
  const { prices, costOf } = loadPrices(config.prices);
  const live = await store.sessions.list({ limit: Number.MAX_SAFE_INTEGER, status: "active" });
  const spending = createSpending({
    prices,
    now,
    bySession: await store.usage.ofSessions(live.map(({ id }) => id)),
    today: await store.usage.since(new Date(dayOf(now()))),
  });
  return { policies, spending, prices, costOf };
}
