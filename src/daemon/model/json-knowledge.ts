/** JSON knowledge: which members of a provider's replies are no text, or say a text again. */
/** What a provider knows of the JSON that its API answers with, stream or not. */
export interface JsonKnowledge {
  /** A member that holds no text of anybody's: media, an embedding, an id, a name of the API's own. */
  passes(name: string, value: string, within: string): boolean;
  /** Does this name say nothing of what its value is? */
  plainName(name: string): boolean;
  /** A member that spells a text beside it, as log probabilities do. */
  spells(name: string): boolean;
  /** What such a member spells, of its parsed value. */
  spelled(value: unknown): string;
}
