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
export const sliceLength = 64 * 1024;
export const sliceOverlap = 8 * 1024;

export interface PromptText {
  /** Is the pattern in it? Looked for once. */
  has(pattern: TextPattern): boolean;
  /** The same, with a turn of the event loop after each slice; `has` knows it from then on. */
  lookFor(pattern: TextPattern, pause: () => Promise<void>): Promise<void>;
  /** Characters, as they came. */
  readonly length: number;
}

/** Makes texts plain and joins them, a line each; nothing is done before something is looked for. */
export function promptTextOf(texts: readonly string[]): PromptText {
  const raw = texts.join("\n");
  const chunks: string[] = [];
  let slices: readonly Slice[] | undefined;
  const found = new Map<TextPattern, boolean>();

  /** Makes one more piece plain; false once all are. */
  function advance(): boolean {
    const at = chunks.length * sliceLength;
    if (at >= raw.length && at > 0) return false;
    chunks.push(plainText(raw.slice(at, at + sliceLength)));
    return true;
  }

  function ready(): readonly Slice[] {
    if (slices === undefined) {
      while (advance());
      slices = slicesOf(chunks.join(""));
    }
    return slices;
  }

  return {
    length: raw.length,
    has(pattern) {
      const known = found.get(pattern);
      if (known !== undefined) return known;
      const has = ready().some((slice) => pattern.find(slice.text, slice.lowered));
      found.set(pattern, has);
      return has;
    },
    async lookFor(pattern, pause) {
      if (slices === undefined) while (advance()) await pause();
      for (const slice of ready()) {
        if (found.has(pattern)) break;
        if (pattern.find(slice.text, slice.lowered)) found.set(pattern, true);
        await pause();
      }
      if (!found.has(pattern)) found.set(pattern, false);
    },
  };
}

/** A text as patterns see it. */
export function plainText(text: string): string {
  // Most prompts are ASCII, which is plain already.
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text.replace(/\p{Default_Ignorable_Code_Point}+/gu, "").normalize("NFKC");
}

interface Slice {
  readonly text: string;
  readonly lowered: () => string;
}

function slicesOf(text: string): readonly Slice[] {
  const slices: Slice[] = [];
  for (let start = 0; start === 0 || start + sliceOverlap < text.length; ) {
    const end = Math.min(text.length, start + sliceLength);
    slices.push(sliceOf(text.slice(start, end)));
    start = end - sliceOverlap;
    if (end === text.length) break;
  }
  return slices;
}

function sliceOf(text: string): Slice {
  let lowered: string | undefined;
  return {
    text,
    lowered: () => {
      lowered ??= text.toLowerCase();
      return lowered;
    },
  };
}
