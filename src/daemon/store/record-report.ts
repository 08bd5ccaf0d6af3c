/**
 * Record report: what was found when the record was held to its chain.
 */
import type { RecordKind } from "./canonical.js";
import type { ChainHead } from "./chain.js";

export interface RecordProblem {
  readonly kind: "edited" | "deleted" | "inserted" | "reordered" | "cut" | "signature";
  readonly record: RecordKind | "place";
  /** The record's own name; a place in the chain. */
  readonly id: string;
  /** Null where the record itself does not say, or is not there. */
  readonly session: string | null;
  /** One sentence. */
  readonly message: string;
}

export interface RecordReport {
  /** Rows in the chain. */
  readonly links: number;
  /** Exchanges, endings and frames, and sessions, reviews and grants as they now are. */
  readonly records: number;
  /** Of frames. */
  readonly bytes: number;
  readonly head: ChainHead;
  /** The last place that was signed, and by which key; null where none was. */
  readonly sealed: { readonly place: number; readonly at: Date; readonly key: string } | null;
  readonly problems: readonly RecordProblem[];
}

export interface VerifyOptions {
  /** A head that was kept elsewhere: the record has to contain it. */
  readonly head?: ChainHead | undefined;
  /** The head that the secret store has: the record has to contain it. */
  readonly anchor?: ChainHead | undefined;
  /** The key that may have signed it: raw Ed25519, 32 bytes. Absent: whichever did. */
  readonly trusted?: Buffer | undefined;
}

/** A record's name in a sentence. */
export function labelOf(kind: RecordKind, id: string): string {
  return kind === "frames" ? `row ${id} of frames` : `${kind} ${id}`;
}

/** Where a change of the file broke what holds its rows together, nothing can be said of any of them. */
export function damagedReport(why: string): RecordReport {
  const message = `the file itself is damaged, which of its records cannot be said: ${why}`;
  return {
    ...{ links: 0, records: 0, bytes: 0, head: { place: 0, hash: "0".repeat(64) }, sealed: null },
    problems: [{ kind: "edited", record: "place", id: "0", session: null, message }],
  };
}
