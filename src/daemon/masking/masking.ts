/**
 * Masking: hides findings in a session's texts. The same secret has the same
 * mark all through a session, so that a masked conversation still makes sense:
 * `[masked:github-token]#1`.
 */
import type { FindingCount, MaskingTerms } from "../model/masking-terms.js";

export interface Masking {
  /** For one session; cheap to ask for at every exchange. Throws for terms that cannot be compiled. */
  open(session: string, terms: MaskingTerms): SessionMasking;
  /** The session is over: its marks are forgotten. */
  forget(session: string): void;
}

export interface SessionMasking {
  /** Masks a text that is whole; the very same string where nothing was found. */
  mask(text: string): MaskedText;
  /**
   * The findings in a text that may be long and comes in pieces, cut anywhere; yields after each
   * step, so that others can run. `bytes`: the same where each byte is a character; where nothing
   * is near a keyword that is seen in them.
   */
  maskSteps(pieces: Iterable<string>, bytes?: Buffer): Generator<void, readonly MaskedFinding[]>;
  /** Masks a text that comes in pieces. */
  openText(): TextStream;
  /**
   * These words are hoopx's own. What detectors find in them is not masked in later texts of the
   * session that are whole: the agent repeats in its next request what it was told.
   */
  permit(words: string): void;
  /** The same object for as long as the same text is masked the same. */
  basis(): object;
  /** What stands for a secret in this session (`[masked:x]#1` → the secret); for `restore`. */
  secretOf(mark: string): string | undefined;
}

export interface MaskedText {
  readonly text: string;
  readonly findings: readonly MaskedFinding[];
}

export interface MaskedFinding {
  readonly detector: string;
  /** Where it stood in the text as it was. */
  readonly start: number;
  readonly end: number;
  /** What stands there now. */
  readonly mark: string;
}

/**
 * One logical text whose pieces are held only while their end may be the
 * beginning of a finding. Whatever the cut, what leaves joined is what `mask`
 * would make of the whole.
 */
export interface TextStream {
  push(piece: string): void;
  /** Nothing more comes: what is held is settled. */
  end(): void;
  /**
   * The pieces that are settled since this was last asked, as they may leave: the very same
   * string where nothing of it was hidden. A finding's mark stands in the piece it began in.
   */
  settled(): readonly string[];
  /** Pieces pushed that are not settled. */
  held(): number;
  /**
   * The text said again as a whole, as final events do: masked at the same places where it is
   * what was pushed, looked at again where it is not.
   */
  repeat(whole: string): string;
  /** Findings so far. */
  counts(): readonly FindingCount[];
}
