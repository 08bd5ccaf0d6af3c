/**
 * Rule: the shape of one known secret, as its issuer publishes it. Rules are
 * data: a few hundred of them share one automaton over their keywords, and an
 * expression is tried only beside a keyword that is there.
 */
export interface Rule {
  /** The detector's name: `github-token`. Rules of one issuer may share it. */
  readonly detector: string;
  /** For `hoopx mask --explain`: `GitHub personal access token`. */
  readonly about: string;
  /**
   * One of these stands in every match, in ASCII, lower case; found in any case unless `exact`.
   * At least three characters each, and rare in prose.
   */
  readonly keywords: readonly string[];
  /** Keywords are found in the case they are written in. */
  readonly exact?: boolean;
  /**
   * A JavaScript expression without flags, matched at the keyword, or where `before` says. The
   * group named `secret` is what is hidden; the whole match where there is none. Sequences,
   * classes, groups, alternatives, bounded repeats, `(?i:`-free; no backreferences; a boundary
   * is `\b`, or a lookaround of a few characters. Nothing unbounded: `{0,64}`, not `*`.
   */
  readonly pattern: string;
  /** The letters of the pattern mean both cases. */
  readonly anyCase?: boolean;
  /** Characters before the keyword at which a match may begin; 0 unless said. */
  readonly before?: number;
  /** A match is a table's header: not hidden itself, but cells of its columns below are. */
  readonly table?: boolean;
  /** What an expression cannot say: a checksum, enough entropy, no placeholder. */
  readonly accept?: (secret: string) => boolean;
}
