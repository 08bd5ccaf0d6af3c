/** Texts that come in pieces, cut in every way that matters. */
import type { SessionMasking } from "../../src/daemon/masking/masking.js";

/** What a text becomes that comes in these pieces: each as it left, and which at which push. */
export function streamed(masking: SessionMasking, pieces: readonly string[]): readonly string[] {
  const stream = masking.openText();
  const left: string[] = [];
  for (const piece of pieces) {
    stream.push(piece);
    left.push(...stream.settled());
  }
  stream.end();
  left.push(...stream.settled());
  return left;
}

/** A seeded generator of numbers from 0 up to 1: a test that fails does so again. */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The text in pieces of random lengths up to `most`. */
export function cutAnyhow(text: string, next: () => number, most: number): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(next() * most);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}
