/**
 * Hidden pieces: what a reviewer is not shown of a text, told as one line, and
 * put back into it once it was revealed.
 */
import type {
  HiddenPieceView,
  RevealedPieceView,
  ReviewDetailView,
} from "../../contract/review-views.js";
import { counted, grouped } from "./time.js";

/** The text that the review is about: the body, or the arguments of the tool call. */
export function askedText({ toolCall, body }: ReviewDetailView): string | null {
  return toolCall === null ? body : toolCall.arguments;
}

/** `2 pieces hidden, 87 characters`; what is no text counts by bytes. */
export function hiddenText(pieces: readonly HiddenPieceView[]): string {
  const characters = pieces.reduce((sum, piece) => sum + piece.characters, 0);
  return `${counted(pieces.length, "piece")} hidden, ${grouped(characters)} characters in all`;
}

/** Gives parts of the text with these pieces in their places; what is no text as base64, and said to be. */
export function slicedWith(
  text: string,
  hidden: readonly HiddenPieceView[],
  revealed: readonly RevealedPieceView[],
): (from: number, to: number) => string {
  const byNumber = new Map(revealed.map((piece) => [piece.number, piece]));
  return (from, to) => {
    let whole = "";
    let done = from;
    for (const { number, at, length, characters } of hidden) {
      const piece = byNumber.get(number);
      if (piece === undefined || at < from || at + length > to) continue;
      const base64 = `[${grouped(characters)} bytes as base64: ${piece.text}]`;
      whole += text.slice(done, at) + (piece.base64 ? base64 : piece.text);
      done = at + length;
    }
    return whole + text.slice(done, to);
  };
}
