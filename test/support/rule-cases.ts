/**
 * Rule cases: a table of texts for a list of rules, each with what has to be
 * hidden in it, and texts that nothing is hidden in. Each is tried at every
 * edge too: whatever may stand beside a secret, or beside what is none.
 */
import { expect, test } from "vitest";
import type { Rule } from "../../src/daemon/masking/engine/rule.js";
import { controls, edgesBefore, edgesBehind } from "./edges.js";
import { openMaskingOf } from "./invented-rules.js";
import { matchesOf } from "./rule-matches.js";
import { createDice, createSieving, noise, writings } from "./sieved.js";

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

  test.each(cases.found)("%s: %s in %s, at every edge", (_detector, secret, template) => {
    const masking = openMaskingOf(rules);
    const text = template.replaceAll("§", () => secret);
    const half = Math.floor(secret.length / 2);
    const texts = [
      ...edgesBefore.map((edge) => edge + text),
      ...edgesBehind.map((edge) => text + edge),
      ...controls.flatMap((control) => [
        template.replaceAll("§", () => control + secret),
        template.replaceAll("§", () => secret + control),
        template.replaceAll("§", () => secret.slice(0, half) + control + secret.slice(half)),
      ]),
    ];
    expect(texts.filter((one) => isSeen(masking.mask(one).text, secret))).toEqual([]);
  });

  test("what is found in bytes is not let pass by the sieve, however it is written", () => {
    const { found, passes } = createSieving(rules);
    const dice = createDice(rules.length);
    for (const [row, [, secret, template]] of cases.found.entries()) {
      const text = template.replaceAll("§", () => secret);
      // Each case in some of them: all together are each of them often.
      for (const [place, write] of Object.values(writings).entries()) {
        if ((row + place) % 4 !== 0) continue;
        const bytes = Buffer.from(
          noise(60 + place, dice) + write(text) + noise(80, dice),
          "latin1",
        );
        if (passes(bytes)) expect([text, place, found(bytes)]).toEqual([text, place, 0]);
      }
    }
  });

  test.each(cases.none)("nothing in %s", (text) => {
    expect(matchesOf(rules, text)).toEqual([]);
  });

  test.each(cases.none)("nothing in %s, at any edge", (text) => {
    const masking = openMaskingOf(rules);
    const texts = [
      ...edgesBefore.map((edge) => edge + text),
      ...edgesBehind.map((edge) => text + edge),
    ];
    expect(texts.filter((one) => masking.mask(one).text !== one)).toEqual([]);
  });
}

/** Whether a piece of it is left that says something of it. */
function isSeen(text: string, secret: string): boolean {
  const length = Math.min(secret.length, 12);
  for (let at = 0; at + length <= secret.length; at += 1) {
    if (text.includes(secret.slice(at, at + length))) return true;
  }
  return false;
}
