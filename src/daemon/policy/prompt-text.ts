/**
 * Prompt text: what patterns look at. Texts are made plain first — NFKC, and
 * without characters that take no space — so that a word written with full-
 * width letters or a zero-width joiner is the word that the model reads; what
 * is sent stays as it was (SECURITY P4).
 *
 * A long text is looked at in slices that overlap, so that between two of them
 * the daemon can do something else (P5).
 */
import type { TextPattern } from "./rule.js";

/** Characters a slice has, and how many it shares with the one before: the longest match sure to be found. */
export const sliceLength = 128 * 1024;
export const sliceOverlap = 8 * 1024;

export interface PromptText {
  /** Is the pattern in it? Looked for once. */
  has(pattern: TextPattern): boolean;
  /** The same, with a turn of the event loop after each slice; `has` knows it from then on. */
  lookFor(pattern: TextPattern, pause: () => Promise<void>): Promise<boolean>;
  /** Characters, once plain. */
  readonly length: number;
}

/** Makes texts plain and joins them, a line each. */
export function promptTextOf(texts: readonly string[]): PromptText {
  const slices = slicesOf(plainText(texts.join("\n")));
  const length = slices.reduce((sum, { own }) => sum + own, 0);
  const found = new Map<TextPattern, boolean>();
  const keep = (pattern: TextPattern, has: boolean) => {
    found.set(pattern, has);
    return has;
  };

  return {
    length,
    has(pattern) {
      const known = found.get(pattern);
      if (known !== undefined) return known;
      return keep(
        pattern,
        slices.some((slice) => pattern.find(slice.text, slice.lowered)),
      );
    },
    async lookFor(pattern, pause) {
      const known = found.get(pattern);
      if (known !== undefined) return known;
      for (const slice of slices) {
        if (pattern.find(slice.text, slice.lowered)) return keep(pattern, true);
        if (slices.length > 1) await pause();
      }
      return keep(pattern, false);
    },
  };
}

/** A text as patterns see it. */
export function plainText(text: string): string {
  // Most prompts are ASCII, which is plain already.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text.replace(/\p{Default_Ignorable_Code_Point}+/gu, "").normalize("NFKC");
}

interface Slice {
  readonly text: string;
  /** Characters it does not share with the slice before. */
  readonly own: number;
  readonly lowered: () => string;
}

function slicesOf(text: string): readonly Slice[] {
  const slices: Slice[] = [];
  for (let start = 0; start === 0 || start + sliceOverlap < text.length; ) {
    const end = Math.min(text.length, start + sliceLength);
    slices.push(sliceOf(text.slice(start, end), end - start - (start === 0 ? 0 : sliceOverlap)));
    start = end - sliceOverlap;
    if (end === text.length) break;
  }
  return slices;
}

function sliceOf(text: string, own: number): Slice {
  let lowered: string | undefined;
  return {
    text,
    own,
    lowered: () => {
      lowered ??= text.toLowerCase();
      return lowered;
    },
  };
}
