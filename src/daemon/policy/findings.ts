/**
 * Findings: what the masking terms say to a request in which something was
 * found that is to be hidden. The stricter of two effects holds, so a request
 * that a rule denies stays denied, for that rule's reason; and where both want
 * a review, the review is about both.
 */
import { createHash } from "node:crypto";
import type { RuleOrigin, Verdict } from "../model/decision.js";
import type { FindingCount, MaskingTerms } from "../model/masking-terms.js";
import { usualTerms } from "./parse.js";
import { strictestTerms } from "./strictest-terms.js";

/** What decisions and errors call it: no rule of a file can have a slash in its name. */
const ruleName = "masking/requests";

/** The verdict that holds. */
export function withFindings(
  { requests }: MaskingTerms,
  verdict: Verdict,
  found: readonly FindingCount[],
  where: string,
): Verdict {
  if (found.length === 0 || verdict.effect === "deny") return verdict;
  if (requests !== "deny" && requests !== "review") return verdict;
  const what = found.map(({ detector, count }) => `${count} × ${detector}`).join(", ");
  const reason = `the request has findings that are to be masked: ${what}, first in ${where}`;
  const origin = originOf(requests);
  if (requests === "review" && verdict.review !== undefined) {
    const { ownReason: _, ...rest } = verdict;
    return {
      ...rest,
      reason: `${verdict.reason}; ${reason}`,
      also: [...(verdict.also ?? []), { name: ruleName, ...origin }],
      review: strictestTerms(verdict.review, [usualTerms]),
    };
  }
  const effect = { effect: requests, rule: ruleName, origin, reason };
  return requests === "review" ? { ...effect, review: usualTerms } : effect;
}

function originOf(requests: MaskingTerms["requests"]): RuleOrigin {
  const text = JSON.stringify([requests, usualTerms]);
  return { layer: "masking", file: null, hash: createHash("sha256").update(text).digest("hex") };
}
