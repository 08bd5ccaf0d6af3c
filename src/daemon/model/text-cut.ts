/**
 * Text cut: where a text may be cut in two, so that both halves, made plain
 * each by itself, are what the whole would be. No cut falls into a surrogate
 * pair, nor into what NFKC joins: a letter and its accents, the parts of a
 * Hangul syllable. The one place for it: all code that cuts a text by its length
 * asks here.
 */

/** So far back a place is looked for; a longer cluster is no letter of any language. */
const farthest = 4096;

/** Below this no character joins what stands before it. */
const firstThatJoins = 0x300;

/**
 * Characters that NFKC may join with what stands before them, or that it takes out of the way:
 * marks, vowels and endings of Hangul (also of half width), half-width voicing marks, and
 * characters that take no space.
 */
const joins = /^[\p{M}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\u3131-\u318e\uff9e-\uffdc]/u;

/**
 * The last place up to `at` where the text may be cut: its beginning, where all before `at` is one
 * cluster; `at` itself, less half a pair, where there is no place near.
 */
export function cutPlace(text: string, at: number): number {
  if (at >= text.length) return text.length;
  for (let place = at; place >= 0 && at - place < farthest; place -= 1) {
    if (place === 0 || isPlace(text, place)) return place;
  }
  return pairCut(text, at);
}

/** The place, or the one before it where it is within a surrogate pair. */
export function pairCut(text: string, at: number): number {
  const isLow = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  const isHigh = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return isLow && isHigh ? at - 1 : at;
}

/** A text for people, of so many characters at most, the `…` at the end of a longer one included. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, cutPlace(text, most - 1))}…`;
}

function isPlace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < firstThatJoins) return true;
  if ((code & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) return false;
  return !joins.test(String.fromCodePoint(text.codePointAt(at) as number));
}
