/**
 * What is said of the record as a whole: whether it is as it was written, and
 * what left it.
 */
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
  /** Why the signing key could not be asked for; null where it was. */
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
