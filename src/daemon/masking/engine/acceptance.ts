/**
 * Acceptance: what a match must be, beyond its form, to be a finding. All rules
 * are asked here. A match with a terminal's control sequence in it is judged
 * without the sequence. A placeholder is no secret, whatever prefix it has.
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
  // Of a sequence that the text cuts, or that ends a title, the first character may have come along.
  const shown = secret.replace(begun, "");
  if (isJudgedWithout(shown) || filled.test(shown)) return false;
  return rule.accept?.(shown) ?? true;
}

const begun = /(?:(?:\u001b\[|\u009b)[0-9;]{0,8}|\u001b[ -/]{0,4}|[\u009c\u009d])$/;

/**
 * The text without its control sequences is searched too. That search decides on a secret only if
 * it finds no further sequence in it. Else this one decides: a broken sequence stays in the text,
 * and the characters around a sequence may form another one.
 */
function isJudgedWithout(secret: string): boolean {
  const shown = withoutControlSequences(secret);
  return shown !== secret && withoutControlSequences(shown) === shown;
}
