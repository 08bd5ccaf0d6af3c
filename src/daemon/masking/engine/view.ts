/**
 * View: a text as it is after decoding, for looking only. What is found in it
 * is told at the places where it stands in the text itself.
 */
import type { Begun, Found } from "./search.js";

export interface View {
  /** The text goes on: `text` is its part from `from` on. */
  append(text: string, from: number, whole: boolean): void;
  take(): readonly Found[];
  /** In the text itself; infinite where nothing is pending. */
  pending(): number;
  begun(): Begun | undefined;
  /** It may look back as far as here. */
  keepFrom(): number;
}

/** One text that comes in pieces, read by all searches (reading.ts). */
export interface Reading {
  /** `keepFrom`: what stands from there on may still be asked for. */
  append(piece: string, whole: boolean, keepFrom?: number): void;
  take(): readonly Found[];
  /** Nothing that begins before this can become a finding any more. */
  pending(): number;
  begun(): Begun | undefined;
  /** What is read is in the middle of something longer than a finding's reach. */
  busy(): boolean;
  /** What stood between two places; undefined where it is not kept any more. */
  slice(start: number, end: number): string | undefined;
}
