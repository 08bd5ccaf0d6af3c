/**
 * What is said of the record as a whole: whether it is as it was written, and
 * what left it.
 */
import type { Outcome } from "./outcome.js";
export interface RecordHeadView {
  readonly place: number;
  /** SHA-256, hex. */
  readonly hash: string;
}

export interface RecordProblemView {
  readonly kind: "edited" | "deleted" | "inserted" | "reordered" | "cut" | "signature";
  /** What it is a problem of: `exchange`, `ending`, `frames`, `place`, `seal` … */
  readonly record: string;
  readonly id: string;
  readonly session: string | null;
  /** One sentence. */
  readonly message: string;
}

export interface RecordVerifyView {
  /** Null: all of the record. */
  readonly session: string | null;
  /** The file that was looked at. */
  readonly file: string;
  readonly ok: boolean;
  readonly links: number;
  readonly records: number;
  /** Of frames. */
  readonly bytes: number;
  readonly durationMs: number;
  /** To be kept elsewhere: `--head PLACE:HASH` holds a later record to it. */
  readonly head: RecordHeadView;
  /** The last place that is signed; null where none is. */
  readonly sealed: {
    readonly place: number;
    readonly at: string;
    /** Raw Ed25519 public key, hex. */
    readonly key: string;
  } | null;
  /** What the secret store has of the record's head; null where it has nothing, or of another file. */
  readonly anchored: {
    readonly place: number;
    readonly at: string;
    /** The last time that a person accepted a record that did not go on from the anchor before. */
    readonly accepted: {
      readonly at: string;
      readonly place: number;
      /** The anchor that was given up. */
      readonly instead: RecordHeadView;
    } | null;
  } | null;
  /** Why the secret store could not be asked for key and anchor; null where it was. */
  readonly unsigned: string | null;
  readonly problems: readonly RecordProblemView[];
}

export interface RecordPruneView {
  readonly dryRun: boolean;
  readonly before: string;
  readonly sessions: number;
  readonly exchanges: number;
  /** Of frames; null for a dry run. */
  readonly bytes: number | null;
}

/** A person goes on with the record as it is. */
export interface RecordAcceptView {
  readonly head: RecordHeadView;
  /** What the secret store had before; null where it had nothing. */
  readonly before: RecordHeadView | null;
}

/** Whether the record is the one that was sealed last. */
export interface RecordStandingView {
  /**
   * `anchored`: it goes on from the head in the secret store · `not-anchored`: no head was kept yet ·
   * `not-checked`: the secret store cannot be used · `altered`: it does not go on from that head ·
   * `lost`: its file is gone, and nothing passes.
   */
  readonly state: "anchored" | "not-anchored" | "not-checked" | "altered" | "lost";
  /** One sentence; null where nothing is wrong. */
  readonly message: string | null;
  readonly hint: string | null;
}

/** A frame of an exchange as it was recorded, secrets masked. */
export interface FrameView {
  readonly kind: "request-head" | "request-body" | "reply-head" | "reply-body" | "tool-call";
  /** Milliseconds since the exchange began. */
  readonly at: number;
  /** Null where its bytes are no UTF-8; then `base64` has them. */
  readonly text: string | null;
  readonly base64: string | null;
}

export interface VerifyRecord {
  /** An id, its beginning, or `last`; absent: all. */
  readonly session?: string;
  readonly head?: RecordHeadView;
  /** Absolute path of another record; absent: this daemon's. */
  readonly file?: string;
}

export interface PruneRecord {
  /** ISO 8601. */
  readonly before: string;
  readonly dryRun: boolean;
}

/** What a rule or a reviewer decided on a tool call of a reply. */
export interface CallView {
  readonly name: string;
  readonly outcome: Outcome;
  readonly rule: string | null;
  /** Where the rule stands; null where no rule decided, and in records from before it was kept. */
  readonly layer: string | null;
  readonly file: string | null;
  /** The rule's reason; of a denied call, the sentence that its agent was told. */
  readonly reason: string;
  readonly review: string | null;
}
