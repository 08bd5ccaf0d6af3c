/**
 * Prompt: all text of a request that the model will read, as each reader looks at
 * it gets it. A long text comes in parts, so that it need not be there whole.
 */

/** A text, or the last part of one; or a part that goes on with the next piece. */
export type PromptPiece = string | { readonly part: string };
