/**
 * Canonical: each record as text that does not depend on how it is stored.
 * docs/transcript-format.md says the same for authors of a verifier of
 * their own.
 */
import type { Database } from "better-sqlite3";

/** The kinds of rows that are written once, each with its link beside it. */
export const linkedKinds = ["exchange", "frames", "ending", "change"] as const;
export type LinkedKind = (typeof linkedKinds)[number];

/** The kinds of rows that change; each state they were in is a `change`. */
export const changingKinds = [
  "session",
  "review",
  "exchange-review",
  "grant",
  "pruning",
  "import",
  "seal",
] as const;
export type ChangingKind = (typeof changingKinds)[number];

export type RecordKind = LinkedKind | ChangingKind;

export type Value = string | number | bigint | null | undefined;

/** The JSON text of an array of a record's kind and columns; integers of more than 53 bits as text. */
export function canonicalText(kind: RecordKind, columns: readonly Value[]): string {
  const groups = laterColumnsOf[kind] ?? [];
  let told = columnsOf[kind].length;
  let end = told;
  for (const group of groups) {
    const from = end;
    end += group.length;
    if (columns.slice(from, end).some((value) => value != null)) told = end;
  }
  return `${JSON.stringify([kind, ...columns.slice(0, told).map(plain)])}\n`;
}

function plain(value: Value): string | number | null {
  return typeof value === "bigint" ? String(value) : (value ?? null);
}

const halfPair = /\p{Surrogate}/u;
const halfPairs = new RegExp(halfPair, "gu");

/** Text as a file can hold it: half a surrogate pair, which UTF-8 has no bytes for, is U+FFFD. */
export function storable<Column extends Value>(column: Column): Column | string {
  // Looked for first: that is a third of what replacing nothing costs.
  if (typeof column !== "string" || !halfPair.test(column)) return column;
  return column.replaceAll(halfPairs, "\ufffd");
}

/** Columns that each kind is made of, in order; the first is its name. Frames are beside them. */
export const columnsOf: Readonly<Record<RecordKind, readonly string[]>> = {
  session: [
    ...["id", "hex(token_digest)", "title", "labels", "issuer", "subject", "email", "groups"],
    ...["pid", "runner_pid", "runner_start", "command", "cwd", "host", "user", "connections"],
    ...["started_at", "expires_at", "policy_hash", "status", "ended_at", "exit_code", "profile"],
    ...["pid_start", "git", "ci", "credentials", "process_check"],
  ],
  exchange: [
    ...["CAST(key AS TEXT)", "session", "seq", "connection", "pid", "executable"],
    ...["process_started_at", "started_at", "request_bytes", "provider", "action", "class"],
    ...["mints_credential", "method", "path", "model", "tools", "stream", "effect", "rule"],
    ...["reason", "decided_at", "next_frame"],
  ],
  frames: ["id", "CAST(exchange AS TEXT)", "previous"],
  ending: [
    ...["CAST(key AS TEXT)", "status", "first_byte_at", "ended_at", "response_bytes"],
    ...["input_tokens", "output_tokens", "error", "masked", "last_frame"],
  ],
  change: ["kind", "key", "lower(hex(digest))"],
  review: [
    ...[
      "id",
      "session",
      "CAST(exchange AS TEXT)",
      "binding",
      "status",
      "created_at",
      "told",
      "data",
    ],
  ],
  "exchange-review": ["CAST(exchange AS TEXT)", "review"],
  grant: [
    ...["id", "review", "rule", "kind", "ms", "session", "binding", "issuer", "subject"],
    ...["identity", "created_at", "expires_at", "revoked_at", "uses"],
  ],
  pruning: ["id", "at", "data", "hex(key)", "hex(signature)"],
  import: ["session", "at", "head", "seal", "grants", "complete"],
  seal: ["place", "at", "hex(key)"],
};

/**
 * Columns that a kind was given later, by what was added at once. They stand behind the others, as
 * far as the last group in which one has a value: a row is hashed as it was before there were more.
 */
const laterColumnsOf: Readonly<Partial<Record<RecordKind, readonly (readonly string[])[]>>> = {
  exchange: [["rule_layer", "rule_file", "rule_hash"]],
  ending: [["outcome"], ["estimated"]],
};

/**
 * Lets a file that an earlier version wrote be read like one of this version: tables without the
 * later columns get a view of this connection's own that has them, empty, under the table's name.
 */
export function addLaterColumns(reader: Database): void {
  for (const kind of ["exchange", "ending"] as const) {
    const { table } = tableOf[kind];
    const has = reader.pragma(`table_info(${table})`) as readonly { readonly name: string }[];
    const missing = (laterColumnsOf[kind] ?? [])
      .flat()
      .filter((column) => !has.some(({ name }) => name === column));
    if (has.length === 0 || missing.length === 0) continue;
    const empty = missing.map((column) => `NULL AS ${column}`);
    reader.exec(`CREATE TEMP VIEW ${table} AS SELECT *, ${empty.join(", ")} FROM main.${table}`);
  }
}

/** All columns that a kind may have, in order. */
export function allColumnsOf(kind: RecordKind): readonly string[] {
  return [...columnsOf[kind], ...(laterColumnsOf[kind] ?? []).flat()];
}

interface Place {
  readonly table: string;
  readonly key: string;
  /** What holds its frames, packed (pack.ts). */
  readonly frames?: string;
}

/**
 * The same text as SQLite writes it itself: an expression over the kind's table. Far cheaper than
 * taking a row apart into values. Where a column is not what was ever written (text that is no
 * UTF-8) it may be another one than `canonicalText`, never the same as of another row.
 */
export function canonicalSql(kind: RecordKind): string {
  const array = (columns: readonly string[]) => `json_array('${kind}', ${columns.join(", ")})`;
  const first = array(columnsOf[kind]);
  const cases: string[] = [];
  let all = columnsOf[kind];
  for (const group of laterColumnsOf[kind] ?? []) {
    all = [...all, ...group];
    const any = group.map((column) => `${column} IS NOT NULL`).join(" OR ");
    // What was added last is asked first.
    cases.unshift(`WHEN ${any} THEN ${array(all)}`);
  }
  const text = cases.length === 0 ? first : `CASE ${cases.join(" ")} ELSE ${first} END`;
  return `${text} || char(10)`;
}

/** Where each kind's rows are, and by which column they are named. */
export const tableOf: Readonly<Record<RecordKind, Place>> = {
  session: { table: "sessions", key: "id" },
  exchange: { table: "exchanges", key: "key", frames: "frames" },
  frames: { table: "frames", key: "id", frames: "data" },
  ending: { table: "endings", key: "key", frames: "frames" },
  change: { table: "changes", key: "place" },
  review: { table: "reviews", key: "id" },
  "exchange-review": { table: "exchange_reviews", key: "exchange" },
  grant: { table: "grants", key: "id" },
  pruning: { table: "prunings", key: "id" },
  import: { table: "imports", key: "session" },
  seal: { table: "seals", key: "place" },
};

/** Kinds whose keys are text; those of the others are integers. */
export function isNamedByText(kind: RecordKind): boolean {
  return kind === "session" || kind === "review" || kind === "grant" || kind === "import";
}
