/**
 * Acceptance: what a match must be, beyond its form, to be a finding. It is
 * decided here for every rule: one with a terminal's control sequence in it is
 * judged where the sequence is taken out, and a stand-in is none, whatever
 * prefix it has.
 */
import { withoutControlSequences } from "./control-sequences.js";
import type { Rule } from "./rule.js";

/**
 * One character over and over to the end, as manuals fill a secret's place behind its prefix:
 * `AKIAAAAAAAAAAAAAAAAA`, `hf_xxxx…`. Where anything stands behind it, that may be the secret.
 */
const filled = /^[\w.-]{0,12}(?:A{16,}|x{16,}|X{16,}|0{16,}|[*]{16,})$/;

/** Whether what a rule has matched is a secret. */
export function accepts(rule: Rule, secret: string): boolean {
  if (isJudgedWithout(secret) || filled.test(secret)) return false;
  return rule.accept?.(secret) ?? true;
}

/**
 * The text without its control sequences is searched too. A secret is left to that search only
 * where nothing of a sequence is left for it: what only looks like the beginning of one stays in
 * that text, and what stood around a sequence may become another.
 */
function isJudgedWithout(secret: string): boolean {
  const shown = withoutControlSequences(secret);
  return shown !== secret && withoutControlSequences(shown) === shown;
}
