/**
 * Policy commands: the rules' language, the record and what is known of
 * connections put together for `hoopx policy`. Nothing here is on the data path.
 */
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { createDescribedRequests } from "../control/policy/described-request.js";
import { createMaskHandlers } from "../control/policy/mask-handlers.js";
import { createPastRequests } from "../control/policy/past-requests.js";
import { createPolicyHandlers } from "../control/policy/policy-handlers.js";
import type { PolicyLanguage } from "../control/policy/policy-language.js";
import { createBodyDecoders, type UnpackLimits } from "../formats/coding/body-encoding.js";
import type { Maskings } from "../masking/maskings.js";
import type { Connection } from "../model/connection.js";
import { exchangeIdOf, exchangeKeyOf } from "../model/exchange.js";
import { inTurns } from "../model/turns.js";
import { explainRules } from "../policy/explain.js";
import { inferenceGap } from "../policy/inference-gap.js";
import { layeredPolicy } from "../policy/layers.js";
import { lintRules } from "../policy/lint.js";
import { parsePolicy } from "../policy/parse.js";
import type { PolicyFiles } from "../policy/policy-files.js";
import { ruleSentence } from "../policy/sentence.js";
import { createSuggester } from "../policy/suggest.js";
import { createTally } from "../policy/tally.js";
import { createTrial } from "../policy/trial.js";
import { openai } from "../providers/openai/openai.js";
import { knownActions, providerNamed } from "../providers/providers.js";
import { replyIn, requestIn } from "../providers/recorded-message.js";
import type { Prices } from "../spending/prices.js";
import type { Store } from "../store/store.js";
import { nearestWord } from "../yaml/nearest-word.js";

export interface PolicyCommandsOptions {
  readonly policies: Pick<PolicyFiles, "refresh">;
  readonly store: Pick<Store, "sessions" | "exchanges">;
  readonly connections: {
    list(): readonly Connection[];
    find(name: string): Connection | undefined;
  };
  readonly limits: UnpackLimits;
  readonly prices: Prices;
  readonly maskings: Pick<Maskings, "masking" | "detectors" | "about">;
  readonly now: () => Date;
}

/** The handlers of `hoopx policy`, and of `hoopx mask`, which asks it for its terms. */
export function createPolicyCommands(options: PolicyCommandsOptions) {
  const { policies, store, connections, limits, prices, maskings, now } = options;
  const inForce = (folder: string | undefined) =>
    policies.refresh(folder === undefined ? undefined : { process: { cwd: folder } });
  const language: PolicyLanguage = {
    parse: (file, text) => parsePolicy(file, text, "user", maskings.detectors),
    lint: (rules) => inTurns(lintRules(rules, { actions: knownActions })),
    warnings: (rules, file) => inTurns(inferenceGap(rules, file, knownActions)),
    alone: (layer) => layeredPolicy([layer]),
    sentence: ruleSentence,
    explain: explainRules,
    createTrial,
    createTally,
    createSuggester,
    hashOf: (text) => createHash("sha256").update(text).digest("hex"),
  };
  const mask = createMaskHandlers({
    ...maskings,
    nearestWord,
    termsFor: async (folder) => (await inForce(folder)).policy.masking,
  });
  const ofPolicy = createPolicyHandlers({
    inForce,
    language,
    past: createPastRequests({
      store,
      providerNamed,
      connectionNamed: (name) => connections.find(name),
      requestIn,
      replyIn,
      decoderOf: createBodyDecoders(limits),
      exchangeIdOf,
      costOf: prices,
    }),
    imagine: createDescribedRequests({
      providerNamed,
      fallbackProvider: openai,
      connections: () => connections.list(),
      host: hostname(),
      nearestWord,
      now,
    }),
    store,
    exchangeKeyOf,
  });
  return { ...ofPolicy, ...mask };
}
