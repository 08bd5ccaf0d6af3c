/**
 * Canonical: each record as bytes that do not depend on how it is stored, and
 * their SHA-256. docs/transcript-format.md says the same for whoever writes a
 * verifier of their own.
 */
import { createHash, hash } from "node:crypto";

/** A kind's place is what the chain holds: new ones come last. */
export const recordKinds = [
  "session",
  "exchange",
  "frames",
  "ending",
  "review",
  "exchange-review",
  "grant",
  "pruning",
] as const;
export type RecordKind = (typeof recordKinds)[number];

export type Value = string | number | bigint | null | undefined;

/** From this size on a record is hashed in pieces rather than copied first. */
const copied = 16 * 1024;

/**
 * Digest of a record: the JSON text of an array of its kind and its columns (integers of more
 * than 53 bits as text), a line feed, then its frames as they are packed (pack.ts), if any.
 */
export function digestOf(
  kind: RecordKind,
  columns: readonly Value[],
  frames: Buffer | null = null,
): Buffer {
  const text = `${JSON.stringify([kind, ...columns.map(plain)])}\n`;
  if (frames === null) return hash("sha256", text, "buffer");
  if (frames.length < copied) {
    return hash("sha256", Buffer.concat([Buffer.from(text), frames]), "buffer");
  }
  return createHash("sha256").update(text).update(frames).digest();
}

function plain(value: Value): string | number | null {
  if (typeof value === "bigint") return String(value);
  return value ?? null;
}

/** Columns that each kind is made of, in order; frames are beside them. */
export const columnsOf = {
  session: [
    "id",
    "hex(token_digest)",
    "title",
    "labels",
    "issuer",
    "subject",
    "email",
    "groups",
    "pid",
    "runner_pid",
    "runner_start",
    "command",
    "cwd",
    "host",
    "user",
    "connections",
    "started_at",
    "expires_at",
    "policy_hash",
    "status",
    "ended_at",
    "exit_code",
    "profile",
    "pid_start",
    "git",
    "ci",
    "credentials",
    "process_check",
  ],
  exchange: [
    "CAST(key AS TEXT)",
    "session",
    "seq",
    "connection",
    "pid",
    "executable",
    "process_started_at",
    "started_at",
    "request_bytes",
    "provider",
    "action",
    "class",
    "mints_credential",
    "method",
    "path",
    "model",
    "tools",
    "stream",
    "effect",
    "rule",
    "reason",
    "decided_at",
    "next_frame",
  ],
  frames: ["id", "CAST(exchange AS TEXT)", "previous"],
  ending: [
    "CAST(key AS TEXT)",
    "status",
    "first_byte_at",
    "ended_at",
    "response_bytes",
    "input_tokens",
    "output_tokens",
    "error",
    "masked",
    "last_frame",
  ],
  review: [
    "id",
    "session",
    "CAST(exchange AS TEXT)",
    "binding",
    "status",
    "created_at",
    "told",
    "data",
  ],
  "exchange-review": ["CAST(exchange AS TEXT)", "review"],
  grant: [
    "id",
    "review",
    "rule",
    "kind",
    "ms",
    "session",
    "binding",
    "issuer",
    "subject",
    "identity",
    "created_at",
    "expires_at",
    "revoked_at",
    "uses",
  ],
  pruning: ["id", "at", "data", "hex(key)", "hex(signature)"],
} as const satisfies Record<RecordKind, readonly string[]>;

/** Where each kind's rows are, by which column they are named, and what holds their frames. */
export const tableOf: Readonly<
  Record<RecordKind, { readonly table: string; readonly key: string; readonly frames?: string }>
> = {
  session: { table: "sessions", key: "id" },
  exchange: { table: "exchanges", key: "key", frames: "frames" },
  frames: { table: "frames", key: "id", frames: "data" },
  ending: { table: "endings", key: "key", frames: "frames" },
  review: { table: "reviews", key: "id" },
  "exchange-review": { table: "exchange_reviews", key: "exchange" },
  grant: { table: "grants", key: "id" },
  pruning: { table: "prunings", key: "id" },
};
