/**
 * Replay: what a re-run of a recorded session is asked for, and what is said
 * of it. Keys are contract, as in views.ts.
 */

/** How a session runs against the record of another. */
export interface ReplayChoice {
  /** The recorded one: an id, its beginning, or `last`. */
  readonly session: string;
  /** The place of the exchange from which on requests go out; absent: none does. */
  readonly from?: number;
  readonly onMiss: "fail" | "live" | "nearest";
  readonly pace: "recorded" | "none";
  /** Places in requests that may differ: `input[*].content`. */
  readonly ignore: readonly string[];
  /** Rules of docs/replay.md that do not hold. */
  readonly exact: readonly ReplayRule[];
  /** Any process may use the token; only where nothing can go out. */
  readonly anyProcess?: boolean;
}

export const replayRules = ["fields", "ids", "dates", "paths", "ports", "whitespace"] as const;
export type ReplayRule = (typeof replayRules)[number];

export interface ReplayDifferenceView {
  /** `$.input[0].content`. */
  readonly place: string;
  readonly kind: "added" | "removed" | "changed";
  /** As JSON, cut; null where it was not there. */
  readonly recorded: string | null;
  /** As JSON, cut; null where it is not there now. */
  readonly now: string | null;
}

/** An exchange of the record, and whether the re-run asked for it. */
export interface ReplayedExchangeView {
  readonly exchange: string;
  readonly seq: number;
  readonly connection: string;
  readonly action: string;
  readonly method: string;
  readonly path: string;
  /** As it was recorded. */
  readonly status: number;
  /** `refused`: it was asked for, and the policy of now stopped it. */
  readonly outcome: "answered" | "refused" | "unasked";
  /** How often. */
  readonly times: number;
}

/** A request that is not in the record. */
export interface ReplayMissView {
  /** Its place in the re-run. */
  readonly seq: number;
  readonly action: string;
  /** Place of the nearest recorded exchange; null where none is like it. */
  readonly nearest: number | null;
  readonly differences: readonly ReplayDifferenceView[];
  readonly answeredBy: "nobody" | "upstream" | "nearest";
}

export interface ReplayView {
  /** The recorded session. */
  readonly of: string;
  /** The re-run. */
  readonly session: string;
  readonly from: number | null;
  readonly onMiss: ReplayChoice["onMiss"];
  readonly pace: ReplayChoice["pace"];
  readonly exchanges: readonly ReplayedExchangeView[];
  readonly misses: readonly ReplayMissView[];
  /** Requests that went out from exchange `from` on. */
  readonly live: number;
}
