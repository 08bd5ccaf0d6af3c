/**
 * Markdown: a session for an issue: what it was, then its conversation with
 * roles, tool calls, denials and reviews where they happened. All that was
 * said stands in code, where nothing of it means anything (inert.ts).
 */
import type { ReviewView } from "../../contract/review-views.js";
import type { ConversationView, SessionView, TurnView } from "../../contract/views.js";
import { escapeLine } from "../output/escape.js";
import { operationText } from "../output/operation.js";
import { personName } from "../output/person.js";
import { exchangeCounts, outcomeText } from "../output/status.js";
import { isOwnReply, stopOf } from "../output/stop.js";
import { counted, lasting } from "../output/time.js";
import { aboutTokens } from "../output/tokens.js";
import type { Format } from "./format.js";
import { cellCode, fenced, inlineCode } from "./inert.js";
import { byExchange, momentOf, settledBy } from "./what-happened.js";

export const markdown: Format = async function* (source) {
  const { session } = source;
  const reviews = byExchange(await source.reviews());
  yield `# Session ${inlineCode(session.title ?? session.id)}\n\n`;
  yield factsOf(session);
  for await (const conversation of source.conversations()) {
    yield* exchangeOf(conversation, reviews.get(conversation.exchange.id) ?? []);
  }
  yield `\n---\nExported by hoopx ${inlineCode(source.version)}.\n`;
};

function factsOf(session: SessionView): string {
  const { identity, process, counts, tokens } = session;
  const ended = session.endedAt;
  const lasted =
    ended === null ? "still runs" : lasting(Date.parse(ended) - Date.parse(session.startedAt));
  const status =
    session.exitCode === null ? session.status : `${session.status}, exit code ${session.exitCode}`;
  const labels = Object.entries(session.labels).map(([key, value]) => `${key}=${value}`);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["session", session.id],
    ["status", status],
    ["identity", `${personName(identity)} (${identity.issuer})`],
    ["command", process.command],
    ["host", `${process.user}@${process.host}`],
    [
      "git",
      process.git === null
        ? undefined
        : [process.git.remote, process.git.branch, process.git.commit].filter(Boolean).join(" "),
    ],
    [
      "ci",
      process.ci === null
        ? undefined
        : [process.ci.system, process.ci.job, process.ci.run].filter(Boolean).join(" "),
    ],
    ["labels", labels.length === 0 ? undefined : labels.join(", ")],
    ["connections", session.connections.join(", ")],
    ["started", `${session.startedAt}, ${lasted}`],
    ["exchanges", exchangeCounts(counts)],
    ["masked", counts.masked === 0 ? undefined : String(counts.masked)],
    [
      "tokens",
      `${aboutTokens(tokens.input, tokens.estimated)} in, ${aboutTokens(tokens.output, tokens.estimated)} out`,
    ],
    ["policy", session.policyHash],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === undefined ? [] : `| ${name} | ${cellCode(value)} |\n`,
  );
  return `| | |\n|---|---|\n${lines.join("")}`;
}

function* exchangeOf(
  conversation: ConversationView,
  reviews: readonly ReviewView[],
): Generator<string> {
  const { exchange, prompt, reply, complete } = conversation;
  const { operation } = exchange;
  const parts = [operationText(operation), operation?.model, outcomeText(exchange)];
  const heading = parts.filter((part) => part != null).map((part) => inlineCode(part));
  yield `\n## ${exchange.seq} · ${heading.join(" · ")}\n\n${momentOf(exchange)}\n`;
  for (const turn of prompt) yield turnOf(turn, "user");
  for (const review of reviews.filter(({ kind }) => kind === "request")) yield reviewOf(review);
  for (const turn of isOwnReply(exchange) ? [] : reply) yield turnOf(turn, "assistant");
  for (const review of reviews.filter(({ kind }) => kind === "tool-call")) yield reviewOf(review);
  const stop = stopOf(exchange);
  if (stop !== undefined) {
    const rule = stop.rule === null ? "" : `, rule ${inlineCode(stop.rule)}`;
    yield `\n**✗ ${stop.outcome}**${rule}: ${inlineCode(stop.reason)}\n`;
  } else if (!complete) yield "\n**… still running**\n";
  const masked = exchange.masked.map(
    ({ detector, count }) => `${counted(count, "time")} ${inlineCode(detector)}`,
  );
  if (masked.length > 0) yield `\nmasked: ${masked.join(", ")}\n`;
}

function turnOf(turn: TurnView, speaker: string): string {
  switch (turn.kind) {
    case "message":
      return `\n**${roleOf(turn.role)}**\n\n${fenced(turn.text)}`;
    case "tool-call":
      return `\n**assistant** calls ${inlineCode(turn.name)}\n\n${fenced(turn.arguments, isJson(turn.arguments) ? "json" : "text")}`;
    case "tool-result":
      return `\n**tool**\n\n${fenced(turn.text)}`;
    case "note":
      return `\n**${roleOf(speaker)}** ${inlineCode(`[${turn.text}]`)}\n`;
  }
}

function reviewOf(review: ReviewView): string {
  const what = review.toolCall === null ? "" : ` of a call of ${inlineCode(review.toolCall.name)}`;
  const rule = review.rule === null ? "" : ` (rule ${inlineCode(review.rule)})`;
  const comment = review.comment === null ? "" : `: ${inlineCode(review.comment)}`;
  const who = settledBy(review);
  const by = who === undefined ? "" : ` by ${inlineCode(who)}`;
  return `\n> review ${inlineCode(review.id)}${what}${rule}: **${review.status}**${by}${comment}\n`;
}

/** Roles are the provider's words, and a stranger may send another. */
function roleOf(role: string): string {
  return /^[a-z]{1,20}$/.test(role) ? role : inlineCode(escapeLine(role));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
