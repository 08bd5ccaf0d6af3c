/**
 * Finding: a piece of text that is to be hidden, and who looks for such. All
 * positions are in UTF-16 units of the text that was given.
 */
export interface Finding {
  /** The detector's name, as it is shown: `aws-access-key`. */
  readonly detector: string;
  /** The part to hide; what stands around it and made it a finding is not in it. */
  readonly start: number;
  readonly end: number;
}

/** Looks for findings of one detector, or of many in one pass. Linear in the text, always. */
export interface Finder {
  /** In order of their start; those of different detectors may overlap. */
  find(text: string): readonly Finding[];
  /**
   * For a text that may go on: where the first thing begins that is not a finding yet
   * and may become one, or that more text may make longer; `text.length` where nothing does.
   * Only the part that would be hidden counts, not what stands before it. The first two
   * characters of a fixed beginning (`gh` of `ghp_`) are nothing yet: they say nothing,
   * and prose must not wait for them.
   */
  pending(text: string): number;
  /** The longest a finding and what has to stand before it may be, UTF-16 units. */
  readonly reach: number;
  /**
   * Whether `find` finds anything, where that is cheaper to know. `part`: the text goes on, and it
   * is also true where only what follows tells.
   */
  readonly holds?: (text: string, part?: boolean) => boolean;
  /** One of these stands in every finding, or near it; absent where there are no such words. */
  readonly keywords?: () => readonly FinderKeyword[];
}

/** ASCII, three characters or more; without capitals unless `exact`. */
export interface FinderKeyword {
  readonly text: string;
  /** Found in the case it is written in only. */
  readonly exact: boolean;
  /** How far from it all stands that makes a finding of it. */
  readonly reach: number;
}
