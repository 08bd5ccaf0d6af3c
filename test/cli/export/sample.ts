/**
 * Sample: a session with everything that a format has to show: tools, a
 * streamed reply, a denial, two reviews, something masked, a reply that was cut
 * short; and, in its own voice, someone who would break out of each format.
 */

import { formats } from "../../../src/cli/commands/sessions/export.js";
import type { FormatOptions } from "../../../src/cli/export/format.js";
import type { ExportSource, RecordedExchange } from "../../../src/cli/export/source.js";
import type { EndingLine, ExchangeLine, FrameLine } from "../../../src/contract/export-lines.js";
import type { ConversationView } from "../../../src/contract/views.js";
import { reviewView } from "../support/review-views.js";
import {
  conversationView,
  countsView,
  decisionView,
  exchangeView,
  sessionView,
} from "../support/views.js";

/** Ends a script, a fence and a table cell, mentions a team, orders a terminal about, and turns letters round. */
export const hostile =
  "</script><script>alert(1)</script>\n````\n# @octo-org/everyone <img src=x onerror=alert(1)> \\| | [x](javascript:0)\n\u001b]0;owned\u0007 \u202eevil\u202c \u2028 `tick` ``";

const conversations: readonly ConversationView[] = [
  conversationView({ exchange: exchangeView({ id: "exc_0000000000001" }) }),
  conversationView({
    exchange: exchangeView({
      id: "exc_0000000000002",
      seq: 2,
      startedAt: "2026-11-24T09:00:09.000Z",
      masked: [{ detector: "github-token", count: 2, place: "reply" }],
      review: "rev_0000000000000002",
      outcome: "denied-by-reviewer",
      call: {
        ...{ name: "shell", outcome: "denied-by-reviewer", rule: "shell-needs-a-human" },
        ...{ layer: "user", file: "/home/ada/.config/hoopx/policy.yaml" },
        reason: "tool call shell denied by grace@example.com",
        review: "rev_0000000000000002",
      },
    }),
    prompt: [{ kind: "tool-result", id: "call_1", text: hostile }],
    reply: [
      {
        kind: "message",
        role: "assistant",
        text: `Here it is: [masked:github-token]#1 🌦\n${hostile}`,
        deltas: [
          { at: 220, text: "Here it is: [masked:github-token]#1 \ud83c" },
          { at: 900, text: `\udf26\n${hostile}` },
        ],
      },
      { kind: "tool-call", id: "call_2", name: "shell", arguments: "rm -rf build", deltas: [] },
    ],
  }),
  conversationView({
    exchange: exchangeView({
      id: "exc_0000000000003",
      seq: 3,
      startedAt: "2026-11-24T09:00:11.000Z",
      status: 400,
      durationMs: 4,
      firstByteMs: 3,
      tokens: null,
      error: "policy_denied",
      decision: decisionView("deny", "no-destructive-sql", "destructive SQL is not for agents"),
    }),
    prompt: [{ kind: "message", role: "user", text: "drop table users" }],
    reply: [{ kind: "message", role: "assistant", text: "refused", deltas: [] }],
    complete: false,
  }),
  conversationView({
    exchange: exchangeView({
      id: "exc_0000000000004",
      seq: 4,
      startedAt: "2026-11-24T09:00:12.000Z",
      error: "truncated",
      tokens: null,
    }),
    prompt: [{ kind: "note", text: "image" }],
    reply: [
      { kind: "message", role: "assistant", text: "It sho", deltas: [{ at: 250, text: "It sho" }] },
    ],
    complete: false,
  }),
];

const reviews = [
  reviewView({
    id: "rev_0000000000000001",
    exchangeId: "exc_0000000000001",
    status: "approved",
    decidedBy: { issuer: "os:laptop", subject: "grace", email: null, groups: [], profile: null },
    comment: hostile,
  }),
  reviewView({
    id: "rev_0000000000000002",
    exchangeId: "exc_0000000000002",
    kind: "tool-call",
    status: "denied",
    toolCall: { name: "shell", arguments: "rm -rf build" },
    rule: "shell-needs-a-human",
    decidedBy: {
      issuer: "os:laptop",
      subject: "grace",
      email: "grace@example.com",
      groups: [],
      profile: null,
    },
  }),
];

const frame = (exchange: string, kind: FrameLine["kind"], at: number, text: string): FrameLine => ({
  ...{ line: "frame", exchange, kind, at, text },
});

const head = (path: string) =>
  `POST ${path} HTTP/1.1\r\nhost: api.example.com\r\ncontent-type: application/json\r\nauthorization: [masked]\r\n\r\n`;

const events = [
  'data: {"type":"response.created","response":{"id":"resp_1","model":"gpt-5-mini-2026"}}\n\n',
  `data: ${JSON.stringify({ type: "response.output_text.delta", delta: hostile })}\n\n`,
];

/** The same exchanges as they were recorded. */
const recorded: readonly RecordedExchange[] = conversations.map(({ exchange: view }) => {
  const { id, seq, connection, process, startedAt, requestBytes, review, operation, decision } =
    view;
  const exchange: ExchangeLine = {
    ...{ line: "exchange", id, seq, connection, process, startedAt, requestBytes, review },
    operation: operation && {
      ...operation,
      path: "/v1/responses?include=a%20b&key=%5Bmasked%5D",
      mintsCredential: false,
    },
    decision: decision && {
      ...{ ...decision, layer: decision.layer ?? "built-in" },
      decidedAt: startedAt,
    },
  };
  const verdict = {
    ...{ name: "shell", kind: "function", effect: "review", rule: "shell-needs-a-human" },
    ...{ reason: "no", outcome: "denied-by-reviewer", review: "rev_0000000000000002" },
  };
  const frames: readonly FrameLine[] = [
    frame(id, "request-head", 10, head("/openai/v1/responses?include=a%20b&key=%5Bmasked%5D")),
    frame(id, "request-body", 20, JSON.stringify({ model: "gpt-5-mini", input: hostile })),
    frame(id, "reply-head", 190_000, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"),
    ...events.map((text, at) => frame(id, "reply-body", 200_000 + at * 1000, text)),
    ...(seq === 2 ? [frame(id, "tool-call", 300_000, JSON.stringify(verdict))] : []),
  ];
  const ending: EndingLine = {
    ...{ line: "ending", exchange: id, status: view.status, firstByteAt: 200_000 },
    ...{ endedAt: 1_300_000, responseBytes: view.responseBytes, tokens: view.tokens },
    ...{ error: view.error, masked: view.masked },
    ...(view.outcome && { outcome: view.outcome }),
  };
  return { exchange, frames, ending };
});

/** What a test says of it. */
export function sampleSource(change: Partial<ExportSource> = {}): ExportSource {
  return {
    session: sessionView({
      title: "nightly report",
      labels: { team: "growth | ops" },
      counts: countsView(
        { allowed: 1, denied: 1, "denied-by-reviewer": 1, cut: 1 },
        { reviewed: 2, masked: 2 },
      ),
    }),
    version: "0.0.0-dev",
    conversations: () => eachOf(conversations),
    recorded: () => eachOf(recorded),
    exchanges: async () => conversations.map(({ exchange }) => exchange),
    reviews: async () => reviews,
    bytes: () => eachOf([]),
    ...change,
  };
}

/** A session of which every text is hostile. */
export function hostileSource(): ExportSource {
  const { session } = sampleSource();
  return sampleSource({
    session: sessionView({
      title: hostile,
      labels: { [hostile]: hostile },
      process: { ...session.process, command: hostile, cwd: hostile, host: hostile, user: hostile },
      identity: { ...session.identity, subject: hostile, issuer: hostile },
      connections: [hostile],
    }),
    conversations: () =>
      eachOf(
        conversations.map((conversation) => ({
          ...conversation,
          exchange: {
            ...conversation.exchange,
            operation: conversation.exchange.operation && {
              ...conversation.exchange.operation,
              action: hostile,
              model: hostile,
            },
            decision: conversation.exchange.decision && {
              ...conversation.exchange.decision,
              rule: hostile,
              reason: hostile,
            },
            masked: [{ detector: hostile, count: 1 }],
          },
          prompt: [
            { kind: "message" as const, role: hostile, text: hostile },
            { kind: "note" as const, text: hostile },
            { kind: "tool-call" as const, id: hostile, name: hostile, arguments: hostile },
          ],
        })),
      ),
  });
}

async function* eachOf<Value>(values: Iterable<Value>): AsyncGenerator<Value> {
  yield* values;
}

/** All of a format's file. */
export async function written(
  name: string,
  source: ExportSource,
  options: FormatOptions = { width: 80 },
): Promise<string> {
  const format = await formats[name]?.();
  let text = "";
  for await (const piece of format?.(source, options) ?? []) text += piece;
  return text;
}
