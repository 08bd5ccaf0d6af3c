/**
 * Transcript: one exchange as a conversation for the terminal, in pieces that
 * each know when they came. Joined the pieces are the same text whatever the
 * pace, with nothing in it that changes from one replay to the next; each is
 * escaped, for prompts and replies are written by strangers.
 */
import type { ChalkInstance } from "chalk";
import type {
  ConversationView,
  ExchangeView,
  ReplyTurnView,
  TurnView,
} from "../../contract/views.js";
import { escapeBlock, escapeLine } from "./escape.js";
import { operationText } from "./operation.js";
import { outcomeText } from "./status.js";
import { isOwnReply, stopHead, stopOf } from "./stop.js";

export interface Piece {
  /** Milliseconds since the exchange began. */
  readonly at: number;
  readonly text: string;
}

/** The pieces of one exchange, in order. */
export function* piecesOf(
  conversation: ConversationView,
  colours: ChalkInstance,
): Generator<Piece, void> {
  const { exchange, prompt, reply, complete } = conversation;
  yield { at: 0, text: `${colours.bold(headingOf(conversation))}\n` };
  for (const turn of prompt) {
    yield { at: 0, text: headOf(turn, colours, "user") };
    yield { at: 0, text: `${indented(bodyOf(turn, colours))}\n` };
  }
  let at = exchange.firstByteMs ?? 0;
  const stop = stopText(exchange);
  for (const turn of isOwnReply(exchange) ? [] : reply) {
    at = turn.deltas[0]?.at ?? at;
    yield { at, text: headOf(turn, colours, "assistant") };
    if (turn.deltas.length === 0) yield { at, text: indented(bodyOf(turn, colours)) };
    else yield* deltasOf(turn, colours);
    at = turn.deltas.at(-1)?.at ?? at;
    yield { at, text: "\n" };
  }
  const end = exchange.durationMs ?? at;
  if (stop !== undefined) yield { at: end, text: `  ${colours.red(`✗ ${escapeLine(stop)}`)}\n` };
  else if (!complete) yield { at: end, text: `  ${colours.dim("… still running")}\n` };
  yield { at: end, text: "\n" };
}

/** `#3 · responses.create · gpt-x · allowed 200`, escaped. */
export function headingOf({ exchange }: ConversationView): string {
  const { seq, operation } = exchange;
  const parts = [operationText(operation), operation?.model ?? undefined, outcomeText(exchange)];
  return escapeLine([`#${seq}`, ...parts].filter((part) => part !== undefined).join(" · "));
}

/** `denied, rule no-files: files are not for agents`; undefined where nothing stopped it. */
export function stopText(exchange: ExchangeView): string | undefined {
  const stop = stopOf(exchange);
  return stop && `${stopHead(stop)}: ${stop.reason}`;
}

/** The line above a turn: who speaks, or which tool is called. */
function headOf(turn: TurnView, colours: ChalkInstance, speaker: string): string {
  switch (turn.kind) {
    case "message":
      return `  ${paintRole(colours, turn.role)}\n`;
    case "tool-call":
      return `  ${paintRole(colours, "assistant")} calls ${colours.yellow(escapeLine(turn.name))}\n`;
    case "tool-result":
      return `  ${paintRole(colours, "tool")}\n`;
    case "note":
      return `  ${paintRole(colours, speaker)}\n`;
  }
}

function paintRole(colours: ChalkInstance, role: string): string {
  const text = escapeLine(role);
  if (role === "assistant") return colours.green(text);
  if (role === "user") return colours.cyan(text);
  return role === "tool" ? colours.yellow(text) : colours.dim(text);
}

function bodyOf(turn: TurnView, colours: ChalkInstance): string {
  if (turn.kind === "note") return `[${escapeLine(turn.text)}]`;
  return shown(turn.kind === "tool-call" ? turn.arguments : turn.text, colours);
}

/** A text, escaped; what stands for something masked is made to stand out. */
function shown(text: string, colours: ChalkInstance): string {
  return marked(escapeBlock(text), colours);
}

function marked(escaped: string, colours: ChalkInstance): string {
  if (!escaped.includes("[masked:")) return escaped;
  return escaped.replace(/\[masked:[\w.-]+\]#\d+/g, (mark) => colours.inverse(mark));
}

function indented(text: string): string {
  return `    ${text.replaceAll("\n", "\n    ")}`;
}

function* deltasOf(turn: ReplyTurnView, colours: ChalkInstance): Generator<Piece, void> {
  let lead = "    ";
  for (const { at, text } of escapedDeltas(turn)) {
    yield { at, text: lead + marked(text, colours).replaceAll("\n", "\n    ") };
    lead = "";
  }
}

/** A streamed turn's deltas, escaped; a character split over two of them comes with the second. */
export function* escapedDeltas(turn: ReplyTurnView): Generator<Piece, void> {
  let held = "";
  for (const { at, text } of turn.deltas) {
    let whole = held + text;
    held = /[\ud800-\udbff\r]$/.exec(whole)?.[0] ?? "";
    whole = whole.slice(0, whole.length - held.length);
    if (whole !== "") yield { at, text: escapeBlock(whole) };
  }
  if (held !== "") yield { at: turn.deltas.at(-1)?.at ?? 0, text: escapeBlock(held) };
}
