/**
 * Rule cases: a table of texts for a list of rules, each with what has to be
 * hidden in it, and texts that nothing is hidden in.
 */
import { expect, test } from "vitest";
import type { Rule } from "../../src/daemon/masking/rule.js";
import { matchesOf } from "./rule-matches.js";

/** The detector, the secret, and the text, in which `§` stands for the secret. */
export type RuleCase = readonly [detector: string, secret: string, text: string];

/** Makes a test of every row. */
export function testRules(
  rules: readonly Rule[],
  cases: { readonly found: readonly RuleCase[]; readonly none: readonly string[] },
): void {
  test.each(cases.found)("%s: %s in %s", (detector, secret, template) => {
    const text = template.replaceAll("§", () => secret);
    const found = matchesOf(rules, text).map((finding) => [
      finding.detector,
      text.slice(finding.start, finding.end),
    ]);
    expect(found).toContainEqual([detector, secret]);
  });

  test.each(cases.none)("nothing in %s", (text) => {
    expect(matchesOf(rules, text)).toEqual([]);
  });
}
