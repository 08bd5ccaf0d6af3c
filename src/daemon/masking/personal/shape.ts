/**
 * Shape: how one kind of personal data is written, as the authority that gives
 * it out says. Shapes are data; one finder looks for all of them.
 */
import type { Surroundings, Verdict } from "./surroundings.js";

export interface Shape {
  /** The detector's name, as it is shown: `us-ssn`. Shapes may share it. */
  readonly detector: string;
  /** For `hoopx mask --explain`: `US social security number`. */
  readonly about: string;
  /**
   * A JavaScript expression without flags; its letters mean both cases unless `exact`. Bounded:
   * no `*`, `+` or backreference. No letter or digit may stand before or after a match.
   */
  readonly pattern: string;
  readonly exact?: boolean;
  /** A digit stands within the first 32 characters of every match; or this does. */
  readonly mark?: "@" | "." | ":" | "-";
  /** A checksum, a range: what an expression cannot say. Given letters and digits only, upper case. */
  readonly accept?: (compact: string, written: string) => boolean;
  /**
   * What has to be near where the shape alone says too little. `words`: one of `words`.
   * `alone`: that, or the value and others like it are all that the line says.
   */
  readonly needs?: "words" | "alone";
  /** Alternatives of an expression, lower case; whole words. */
  readonly words?: string;
  /** What the text around makes of it: nothing, where it is something else than it looks like. */
  readonly within?: (around: Surroundings) => Verdict;
  /** Words that, right before, make it something else: `version 1.2.3.4`. */
  readonly unless?: string;
  /** May stand beside further groups of digits: only where chance finds are ruled out. */
  readonly beside?: boolean;
  /** Rather a beginning than a whole: letters and digits may follow. */
  readonly open?: boolean;
}
