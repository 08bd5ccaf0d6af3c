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
