/**
 * Acceptance: what a match must be, beyond its form, to be a finding. It is
 * decided here for every rule: one with a terminal's control sequence in it is
 * judged where the sequence is taken out, and a stand-in is none, whatever
 * prefix it has.
 */
import { hasSequence } from "./control-sequences.js";
import type { Rule } from "./rule.js";

/** One character over and over, as manuals fill a secret's place: `AKIAAAAAAAAAAAAAAAAA`, `hf_xxxx…`. */
const filling = /A{16,}|x{16,}|X{16,}|0{16,}|[*]{16,}/;
/** So many characters beside it are a prefix; more may be a secret with something behind. */
const longestPrefix = 12;

/** Whether what a rule has matched is a secret. */
export function accepts(rule: Rule, secret: string): boolean {
  if (hasSequence(secret) || isFilled(secret)) return false;
  return rule.accept?.(secret) ?? true;
}

function isFilled(secret: string): boolean {
  const found = filling.exec(secret);
  return found !== null && secret.length - found[0].length <= longestPrefix;
}
