/**
 * Compiled rule: a rule with what is derived from its pattern: how long a
 * match can be, and the expressions that say whether the text's end leaves
 * its outcome open. These are made when a text first ends beside a keyword.
 */
import { lengthOf, looksOf, parseExpression } from "./expression.js";
import { begunExpression, hasSecret, leastBeforeSecret, openExpression } from "./partial.js";
import type { Rule } from "./rule.js";

export interface CompiledRule {
  readonly detector: string;
  readonly keywords: readonly string[];
  readonly exact: boolean;
  readonly before: number;
  /** From a match's beginning, how far it looks at most. */
  readonly most: number;
  /** How many characters of a match stand before its secret, at least. */
  readonly leastBefore: number;
  /** From a match's beginning to its keyword's end, at most. */
  readonly leading: number;
  /** With what it looks at before its beginning. */
  readonly reach: number;
  /** The part to hide of a match that begins at this place. */
  match(text: string, at: number): RuleMatch | undefined;
  /** Whether more text may change what `match` says. */
  isOpen(text: string, at: number): boolean;
  /** Whether more text may make a match of it, whose secret has begun already. */
  hasBegun(text: string, at: number): boolean;
}

export interface RuleMatch {
  readonly start: number;
  readonly end: number;
  readonly accepted: boolean;
}

/** Longer matches could not be held within the limit (decision 13). */
const longest = 8000;

/** Compiles a rule; throws for a pattern outside the subset. */
export function compileRule(rule: Rule): CompiledRule {
  const options = parseExpression(rule.pattern);
  const { least, most } = lengthOf(options);
  if (least === 0) throw new Error(`${rule.detector}: the pattern matches nothing at all`);
  if (most > longest) throw new Error(`${rule.detector}: a match may be ${most} characters long`);
  if (rule.keywords.length === 0) throw new Error(`${rule.detector}: there is no keyword`);

  const flags = rule.anyCase ? "iy" : "y";
  const full = new RegExp(rule.pattern, hasSecret(options) ? `d${flags}` : flags);
  let open: RegExp | undefined;
  let begun: RegExp | undefined;
  const before = rule.before ?? 0;
  const leading = before + Math.max(...rule.keywords.map(({ length }) => length));
  const looks = most + looksOf(options, true);

  return {
    detector: rule.detector,
    keywords: rule.keywords,
    exact: rule.exact ?? false,
    before,
    most: looks,
    leastBefore: leastBeforeSecret(options),
    leading,
    reach: Math.max(looks, leading) + looksOf(options, false) + 1,
    match(text, at) {
      full.lastIndex = at;
      const found = full.exec(text);
      if (found === null) return undefined;
      const [start, end] = found.indices?.groups?.secret ?? [at, at + found[0].length];
      return { start, end, accepted: rule.accept?.(text.slice(start, end)) ?? true };
    },
    isOpen(text, at) {
      open ??= new RegExp(openExpression(options), flags);
      open.lastIndex = at;
      return open.test(text);
    },
    hasBegun(text, at) {
      begun ??= new RegExp(begunExpression(options), flags);
      begun.lastIndex = at;
      return begun.test(text);
    },
  };
}
