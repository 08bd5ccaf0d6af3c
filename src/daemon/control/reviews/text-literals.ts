/**
 * Text literals: where a text has JSON string literals, whether it is JSON as a
 * whole or not. Linear in the text, and without an expression that could run
 * out of stack on a long literal.
 */
export interface TextLiteral {
  /** Between its quotes. */
  readonly start: number;
  readonly end: number;
  /** A colon follows: it names the value behind it. */
  readonly isName: boolean;
}

/** The literals, in order. */
export function* literalsIn(text: string): Generator<TextLiteral> {
  for (let quote = text.indexOf('"'); quote !== -1; ) {
    const end = endOf(text, quote + 1);
    if (end === -1) return;
    yield { start: quote + 1, end, isName: colonAfter(text, end + 1) };
    quote = text.indexOf('"', end + 1);
  }
}

/** The next quote that no backslash escapes; -1: none. */
function endOf(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at += 1;
  }
  return -1;
}

function colonAfter(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && /\s/.test(text[at] as string)) at += 1;
  return text[at] === ":";
}
