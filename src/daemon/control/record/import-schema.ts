/**
 * Import schema: each line of an export, held to its form before anything of
 * it is believed: the file's author may mean ill. What it says is checked
 * elsewhere (import-check.ts).
 */
import { z } from "zod";
import type { ExportLine } from "../../../contract/export-lines.js";
import { outcomes } from "../../../contract/outcome.js";
import { shortened } from "../../model/text-cut.js";
import { checkShape, mistakeLine } from "../../yaml/check-shape.js";

const text = z.string();
const short = z.string().min(1).max(256);
const time = z.iso.datetime();
const count = z.int().min(0);
const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `must be ${bytes} bytes in hex`);
/** An id as this program makes them, so that none can pass for `last` or something else. */
const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{1,32}$`), `must be an id such as ${prefix}_1`);
const texts = z.array(text);
const exchangeId = id("exc");

const identity = z.strictObject({
  issuer: text,
  subject: text,
  email: text.nullable(),
  groups: texts,
  profile: text.nullable(),
});
const effect = z.enum(["allow", "review", "deny"]);
const operation = z.strictObject({
  provider: text,
  action: text,
  class: z.enum(["read", "inference", "write", "admin", "unknown"]),
  method: text,
  path: text,
  model: text.nullable(),
  tools: texts,
  stream: z.boolean(),
  mintsCredential: z.boolean(),
  hostedTools: texts.exactOptional(),
  store: z.boolean().exactOptional(),
  background: z.boolean().exactOptional(),
});
const reviewers = z.strictObject({ groups: texts, subjects: texts, emails: texts });
const scope = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("once") }),
  z.strictObject({ kind: z.literal("session") }),
  z.strictObject({ kind: z.literal("time"), ms: count }),
]);
const git = z.strictObject({
  remote: text.nullable(),
  branch: text.nullable(),
  commit: text.nullable(),
});
const ci = z.strictObject({
  system: text,
  job: text.nullable(),
  run: text.nullable(),
  url: text.nullable(),
});

const lines = z.discriminatedUnion("line", [
  z.strictObject({
    line: z.literal("session"),
    format: z.literal(1),
    id: id("ses"),
    title: text.nullable(),
    labels: z.record(text, text),
    identity,
    process: z.strictObject({
      pid: count.nullable(),
      command: text,
      cwd: text,
      host: text,
      user: text,
      git: git.nullable(),
      ci: ci.nullable(),
      pidStart: text.nullable(),
      runnerPid: count,
      runnerStart: text.nullable(),
    }),
    processCheck: z.enum(["tree", "unavailable"]),
    connections: texts,
    credentials: z.array(
      z.strictObject({
        connection: text,
        kind: text,
        lifetime: text,
        expiresAt: time.nullable(),
      }),
    ),
    startedAt: time,
    expiresAt: time,
    policyHash: text,
    status: z.enum(["active", "ended", "revoked", "expired"]),
    endedAt: time.nullable(),
    exitCode: z.int().nullable(),
  }),
  z.strictObject({
    line: z.literal("exchange"),
    id: exchangeId,
    seq: count,
    connection: text.nullable(),
    process: z.strictObject({ pid: count, executable: text, startedAt: time }).nullable(),
    startedAt: time,
    requestBytes: count,
    operation: operation.nullable(),
    decision: z
      .strictObject({
        effect,
        rule: text.nullable(),
        layer: z.enum(["organisation", "user", "project", "built-in", "masking"]).exactOptional(),
        file: text.nullable().exactOptional(),
        ruleHash: text.exactOptional(),
        reason: text,
        decidedAt: time,
      })
      .nullable(),
    review: id("rev").nullable(),
  }),
  z.strictObject({
    line: z.literal("frame"),
    exchange: exchangeId,
    kind: z.enum(["request-head", "request-body", "reply-head", "reply-body", "tool-call"]),
    at: count.max(2 ** 48 - 1),
    text: text.exactOptional(),
    base64: z.base64().exactOptional(),
  }),
  z.strictObject({
    line: z.literal("ending"),
    exchange: exchangeId,
    status: z.int().min(100).max(599).nullable(),
    firstByteAt: count.nullable(),
    endedAt: count,
    responseBytes: count,
    tokens: z
      .strictObject({ input: count, output: count, estimated: z.literal(true).exactOptional() })
      .nullable(),
    error: short.nullable(),
    masked: z.array(
      z.strictObject({
        detector: short,
        count,
        place: z.enum(["request", "reply"]).exactOptional(),
      }),
    ),
    outcome: z.enum(outcomes).exactOptional(),
  }),
  z.strictObject({
    line: z.literal("review"),
    id: id("rev"),
    exchange: exchangeId,
    kind: z.enum(["request", "tool-call"]),
    status: z.enum(["pending", "approved", "denied", "expired", "cancelled"]),
    operation,
    connection: text,
    toolCall: z
      .strictObject({
        name: text,
        arguments: text,
        kind: z.enum(["function", "custom", "hosted"]),
      })
      .nullable(),
    identity,
    rule: text.nullable(),
    reason: text,
    terms: z.strictObject({
      by: reviewers.nullable(),
      andBy: z.array(reviewers).exactOptional(),
      self: z.boolean(),
      timeoutMs: count,
      remember: scope,
      atMost: scope.exactOptional(),
      approvals: count,
    }),
    binding: text,
    requestSha256: text,
    createdAt: time,
    expiresAt: time,
    approvals: z.array(z.strictObject({ by: identity, at: time, comment: text.nullable() })),
    decidedBy: identity.nullable(),
    decidedAt: time.nullable(),
    grant: id("gra").nullable(),
    comment: text.nullable(),
  }),
  z.strictObject({
    line: z.literal("grant"),
    id: id("gra"),
    review: id("rev"),
    rule: text.nullable(),
    scope,
    session: id("ses").nullable(),
    identity,
    binding: text.nullable(),
    createdAt: time,
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
    uses: count,
  }),
  z.strictObject({
    line: z.literal("seal"),
    session: id("ses"),
    partial: z.boolean(),
    lines: count,
    exchanges: count,
    frames: count,
    bytes: count,
    reviews: count,
    grants: count,
    head: hex(32),
    at: time,
    key: hex(32).nullable(),
    signature: hex(64).nullable(),
  }),
]) satisfies z.ZodType<ExportLine>;

/** A sentence may repeat a key of the file's. */
const longest = 200;

/** The line, or one sentence on what is wrong with it. */
export function exportLineOf(value: unknown): ExportLine | string {
  const checked = checkShape<ExportLine>(lines, value);
  if (checked.value !== undefined) return checked.value;
  return shortened(mistakeLine(checked.mistakes[0], { whole: "it", key: "field" }), longest);
}
