/**
 * Sentence: what hoopx tells a client or a model, in parts. Its own words (a
 * reviewer's address, a time, the message of an organisation's or a user's
 * rule) stay as they are; what it quotes from a request, a reply or a comment
 * is masked. A text whose origin is not said counts as quoted.
 */
export type SentencePart = string | { readonly quoted: string };

/** A part that comes from outside. */
export function quoted(text: string): SentencePart {
  return { quoted: text };
}

/** The sentence as it was meant; not to be shown before it is masked. */
export function plainSentence(parts: readonly SentencePart[]): string {
  return maskedSentence(parts, (text) => text);
}

/** The sentence with what it quotes masked. */
export function maskedSentence(
  parts: readonly SentencePart[],
  mask: (text: string) => string,
): string {
  return parts.map((part) => (typeof part === "string" ? part : mask(part.quoted))).join("");
}

/** hoopx's own words in it. */
export function ownWords(parts: readonly SentencePart[]): readonly string[] {
  return parts.filter((part) => typeof part === "string");
}
