/** Every rule of issuers A to J compiles, and none makes a word of prose wait for the next. */
import { expect, test } from "vitest";
import { createRuleFinder } from "../../../../src/daemon/masking/engine/rule-finder.js";
import { aiRulesA } from "../../../../src/daemon/masking/rules/ai-a.js";
import { applicationRulesA } from "../../../../src/daemon/masking/rules/applications-a.js";
import { buildDeliveryRules } from "../../../../src/daemon/masking/rules/build-delivery.js";
import { amazonRules } from "../../../../src/daemon/masking/rules/cloud-amazon.js";
import { googleRules } from "../../../../src/daemon/masking/rules/cloud-google.js";
import { hostingRules } from "../../../../src/daemon/masking/rules/cloud-hosting.js";
import { microsoftRules } from "../../../../src/daemon/masking/rules/cloud-microsoft.js";
import { identityRulesA } from "../../../../src/daemon/masking/rules/identity-a.js";
import { messagingRulesA } from "../../../../src/daemon/masking/rules/messaging-a.js";
import { operationsRulesA } from "../../../../src/daemon/masking/rules/operations-a.js";
import { paymentRulesA } from "../../../../src/daemon/masking/rules/payments-a.js";
import { sourceHostingRules } from "../../../../src/daemon/masking/rules/source-hosting.js";

const finder = createRuleFinder([
  ...aiRulesA,
  ...amazonRules,
  ...applicationRulesA,
  ...buildDeliveryRules,
  ...googleRules,
  ...hostingRules,
  ...identityRulesA,
  ...messagingRulesA,
  ...microsoftRules,
  ...operationsRulesA,
  ...paymentRulesA,
  ...sourceHostingRules,
]);

test.each([
  "the path",
  "a pattern",
  "with git",
  "an api",
  "the access",
  "of the DATA",
  "highs",
  "the task-",
  "what it described",
  "they sign",
  "a vendor",
  "the endpoint",
  "the secret",
  "the key",
  "the token",
  "a dose",
  "its age",
  "the organisation's.",
  "as GitHub",
  "into the cloud",
  "https://example.org/docs",
])("%s", (text) => {
  expect(finder.pending(`Say ${text}`)).toBe(`Say ${text}`.length);
});
