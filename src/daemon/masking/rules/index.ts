/**
 * All rules for secrets: those of issuers first, what is known only by its
 * name or its place last, so that a finding has the most telling name.
 */
import type { Rule } from "../engine/rule.js";
import { aiRulesA } from "./ai-a.js";
import { applicationRulesA } from "./applications-a.js";
import { buildDeliveryRules } from "./build-delivery.js";
import { amazonRules } from "./cloud-amazon.js";
import { googleRules } from "./cloud-google.js";
import { hostingRules as cloudHostingRules } from "./cloud-hosting.js";
import { microsoftRules } from "./cloud-microsoft.js";
import { codeSafetyRules } from "./code-safety.js";
import { connectionStringRules } from "./connection-strings.js";
import { dataPlatformRules } from "./data-platforms.js";
import { genericAssignmentRules } from "./generic-assignments.js";
import { genericCommandRules } from "./generic-commands.js";
import { genericHeaderRules } from "./generic-headers.js";
import { genericPairRules } from "./generic-pairs.js";
import { genericPlaceRules } from "./generic-places.js";
import { hostingRules } from "./hosting.js";
import { identityRulesA } from "./identity-a.js";
import { inferenceRules } from "./inference.js";
import { kubernetesRules } from "./kubernetes.js";
import { machineRules } from "./machines.js";
import { mailingRules } from "./mailing.js";
import { messagingRules } from "./messaging.js";
import { messagingRulesA } from "./messaging-a.js";
import { modelToolRules } from "./model-tools.js";
import { observabilityRules } from "./observability.js";
import { operationsRulesA } from "./operations-a.js";
import { packageRules } from "./packages.js";
import { passwordHashRules } from "./password-hashes.js";
import { paymentRules } from "./payment.js";
import { paymentRulesA } from "./payments-a.js";
import { shopRules } from "./shops.js";
import { socialRules } from "./social.js";
import { sourceHostingRules } from "./source-hosting.js";
import { workplaceRules } from "./workplace.js";

const issuerRules: readonly Rule[] = [
  ...aiRulesA,
  ...amazonRules,
  ...applicationRulesA,
  ...buildDeliveryRules,
  ...cloudHostingRules,
  ...codeSafetyRules,
  ...dataPlatformRules,
  ...googleRules,
  ...hostingRules,
  ...identityRulesA,
  ...inferenceRules,
  ...kubernetesRules,
  ...machineRules,
  ...mailingRules,
  ...messagingRules,
  ...messagingRulesA,
  ...microsoftRules,
  ...modelToolRules,
  ...observabilityRules,
  ...operationsRulesA,
  ...packageRules,
  ...paymentRules,
  ...paymentRulesA,
  ...shopRules,
  ...socialRules,
  ...sourceHostingRules,
  ...workplaceRules,
];

/** The group `secrets`. Where two rules find the same, the earlier one names it. */
export const secretRules: readonly Rule[] = [
  ...issuerRules,
  ...connectionStringRules,
  ...passwordHashRules,
  ...genericHeaderRules,
  ...genericPlaceRules,
  ...genericCommandRules,
  ...genericPairRules,
  ...genericAssignmentRules,
];
