/**
 * All rules for secrets: those of issuers first, what is known only by its
 * name or its place last, so that a finding has the most telling name.
 */
import type { Rule } from "../rule.js";
import { connectionStringRules } from "./connection-strings.js";
import { genericAssignmentRules } from "./generic-assignments.js";
import { genericHeaderRules } from "./generic-headers.js";
import { genericPlaceRules } from "./generic-places.js";
import { passwordHashRules } from "./password-hashes.js";

/** The group `secrets`. Where two rules find the same, the earlier one names it. */
export const secretRules: readonly Rule[] = [
  ...connectionStringRules,
  ...passwordHashRules,
  ...genericHeaderRules,
  ...genericPlaceRules,
  ...genericAssignmentRules,
];
