/**
 * Compiled rule: a rule with what is derived from its pattern: how long a
 * match can be, and the expressions that say whether the text's end leaves
 * its outcome open. These are made when a text first ends beside a keyword.
 */
import { accepts } from "./acceptance.js";
import { alphabetOf, lengthOf, looksOf, parseExpression } from "./expression.js";
import { begunExpression, hasSecret, leastBeforeSecret, openExpression } from "./partial.js";
import type { Rule } from "./rule.js";

export interface CompiledRule {
  readonly detector: string;
  readonly keywords: readonly string[];
  readonly exact: boolean;
  readonly table: boolean;
  readonly before: number;
  /** From a match's beginning, how far it looks at most. */
  readonly most: number;
  /** How long a match is, at least. */
  readonly least: number;
  /** How many characters of a match stand before its secret, at least. */
  readonly leastBefore: number;
  /** From a match's beginning to its keyword's end, at most. */
  readonly leading: number;
  /** With what it looks at before its beginning. */
  readonly reach: number;
  /** How far back from its end a text has only what may stand in a match; `most` at most. */
  tail(text: string, most: number): number;
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
  const fullFlags = hasSecret(options) ? `d${flags}` : flags;
  // Of most rules no text ever has a keyword: neither expressions nor what they are made of are kept.
  let alphabet: Uint8Array | undefined;
  let full: RegExp | undefined;
  let open: RegExp | undefined;
  let begun: RegExp | undefined;
  const before = rule.before ?? 0;
  const leastBefore = leastBeforeSecret(options);
  const leading = before + Math.max(...rule.keywords.map(({ length }) => length));
  const looks = most + looksOf(options, true);

  return {
    detector: rule.detector,
    keywords: rule.keywords,
    exact: rule.exact ?? false,
    table: rule.table ?? false,
    before,
    least,
    most: looks,
    leastBefore,
    leading,
    reach: Math.max(looks, leading) + looksOf(options, false) + 1,
    tail(text, most) {
      alphabet ??= alphabetOf(parseExpression(rule.pattern), rule.anyCase ? "i" : "");
      let length = 0;
      while (length < most && length < text.length) {
        const code = text.charCodeAt(text.length - 1 - length);
        if (code < 128 && alphabet[code] === 0) break;
        length += 1;
      }
      return length;
    },
    match(text, at) {
      full ??= new RegExp(rule.pattern, fullFlags);
      full.lastIndex = at;
      const found = full.exec(text);
      if (found === null) return undefined;
      const [start, end] = found.indices?.groups?.secret ?? [at, at + found[0].length];
      return { start, end, accepted: accepts(rule, text.slice(start, end)) };
    },
    isOpen(text, at) {
      open ??= new RegExp(openExpression(parseExpression(rule.pattern)), flags);
      open.lastIndex = at;
      return open.test(text);
    },
    hasBegun(text, at) {
      // A header is not hidden: its end is not waited for.
      if (rule.table === true || text.length - at <= leastBefore) return false;
      begun ??= new RegExp(begunExpression(parseExpression(rule.pattern)), flags);
      begun.lastIndex = at;
      return begun.test(text);
    },
  };
}
