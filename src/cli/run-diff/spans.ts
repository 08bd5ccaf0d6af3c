/** Spans: pieces of one line, each painted its own way, wrapped to a width. */
import { wrapWords } from "../output/words.js";

export interface Span {
  readonly text: string;
  readonly paint: (text: string) => string;
}

/** The painted lines, one at least. */
export function wrapSpans(spans: readonly Span[], width: number | undefined): readonly string[] {
  const whole = spans.map(({ text }) => text).join("");
  const pieces = width === undefined ? [{ piece: whole, offset: 0 }] : wrapWords(whole, width);
  return pieces.map(({ piece, offset }) => {
    let at = 0;
    let line = "";
    for (const { text, paint } of spans) {
      const from = Math.max(at, offset);
      const to = Math.min(at + text.length, offset + piece.length);
      if (from < to) line += paint(whole.slice(from, to));
      at += text.length;
    }
    return line;
  });
}
