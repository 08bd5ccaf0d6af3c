/**
 * Edges: what may stand right before and right behind a finding. It is decided
 * here for all rules and shapes. Quotes, brackets, commas and spaces part a
 * text; letters and digits go on with it. The letter that ends a terminal's
 * control sequence is no letter of the text. Escapes (`\n`, `%22`) are read
 * before: `escapes.ts`.
 */

/** Right behind a control sequence, such as a colour. */
const behindControl = "(?<=\\u001b\\[[0-9;:]{0,16}[A-Za-z])";

/** None of these characters stands right before: they would be its beginning. */
export const notBehind = (characters: string) => `(?:(?<![${characters}])|${behindControl})`;

/** None of these characters follows: it would go on with them. */
export const notBefore = (characters: string) => `(?![${characters}])`;

/** A value without quotes: only a space, the end or one of these characters follows. */
export const upTo = (characters: string) => `(?![^\\s${characters}])`;

/** No letter or digit stands right before. */
export const begins = notBehind("A-Za-z0-9_");

/** A token ends here: it cannot go on with what follows. */
export const ends = notBefore("A-Za-z0-9_-");
