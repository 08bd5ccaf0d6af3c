/**
 * Rule matches: what rules find, in the plainest way, for tests of rules and
 * for the scanner to be held against. Every keyword is looked for in the whole
 * text, every expression is tried at every place it may begin.
 */
import { accepts } from "../../src/daemon/masking/engine/acceptance.js";
import type { Finding } from "../../src/daemon/masking/engine/finding.js";
import type { Rule } from "../../src/daemon/masking/engine/rule.js";

/** In order of their start, then of the rules; those of different rules may overlap. */
export function matchesOf(rules: readonly Rule[], text: string): readonly Finding[] {
  return rules
    .flatMap((rule) => matchesOfRule(rule, text))
    .sort((one, other) => one.start - other.start);
}

function matchesOfRule(rule: Rule, text: string): readonly Finding[] {
  // What a table's header makes of its rows is the finder's business.
  if (rule.table === true) return [];
  const places = placesOf(rule, text);
  const pattern = new RegExp(rule.pattern, `dy${rule.anyCase ? "i" : ""}`);
  const findings: Finding[] = [];
  let from = 0;
  for (const place of places) {
    for (let at = Math.max(from, place - (rule.before ?? 0)); at <= place; at += 1) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      // A match must reach over the keyword it was tried for.
      if (match === null || at + match[0].length <= place) continue;
      const [start, end] = match.indices?.groups?.secret ?? [at, at + match[0].length];
      if (end <= start || !accepts(rule, text.slice(start, end))) continue;
      findings.push({ detector: rule.detector, start, end });
      from = at + match[0].length;
      break;
    }
  }
  return findings;
}

/** Where keywords of the rule begin. */
function placesOf(rule: Rule, text: string): readonly number[] {
  const searched = rule.exact ? text : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const places = new Set<number>();
  for (const keyword of rule.keywords) {
    for (let at = searched.indexOf(keyword); at !== -1; at = searched.indexOf(keyword, at + 1)) {
      places.add(at);
    }
  }
  return [...places].sort((one, other) => one - other);
}
