/**
 * Edges: what may stand right before and right behind a finding. It is decided
 * here for all rules and shapes. Quotes, brackets, commas and spaces part a
 * text; letters and digits go on with it. The letter that ends a terminal's
 * control sequence is no letter of the text (`withoutFinals`), and escapes
 * (`\n`, `%22`) are read before (`escapes.ts`): no expression knows of either,
 * because looking for them at each place makes an expression many times as slow.
 */

/** None of these characters stands right before: they would be its beginning. */
export const notBehind = (characters: string) => `(?<![${characters}])`;

/** None of these characters follows: it would go on with them. */
export const notBefore = (characters: string) => `(?![${characters}])`;

/**
 * A value without quotes ends here: a space, the text's end, or what closes or parts values
 * follows; a sentence's sign may stand between.
 */
export const valueEnds = "(?=[:.!?]?(?:[\\s\"'`,;<>)\\]}|&”’»…]|$))";

/** No letter or digit stands right before. */
export const begins = notBehind("A-Za-z0-9_");

/** A token ends here: it cannot go on with what follows. */
export const ends = notBefore("A-Za-z0-9_-");

/**
 * Whether a number is a part of a longer one: more digits stand beside it, joined to it. A space
 * joins only where spaces are all that parts the number's own digits.
 */
export function isPartOfNumber(text: string, start: number, end: number): boolean {
  const joins = /^[\p{L}\d]+(?: [\p{L}\d]+)+$/u.test(text.slice(start, end)) ? /[-./: ]/ : /[-./:]/;
  return (
    (joins.test(text[start - 1] ?? "") && /\d/.test(text[start - 2] ?? "")) ||
    (joins.test(text[end] ?? "") && /\d/.test(text[end + 1] ?? ""))
  );
}

/** Where a number with others behind it may end before, the longest first. */
export function* shorterEnds(text: string, start: number, end: number): Generator<number> {
  for (let at = end - 1; at > start; at -= 1) {
    if (text[at] === " ") yield at;
  }
}
