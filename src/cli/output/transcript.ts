/**
 * Transcript: one exchange as a conversation for the terminal, in pieces that
 * each know when they came. Joined the pieces are the same text whatever the
 * pace, with nothing in it that changes from one replay to the next; each is
 * escaped, for prompts and replies are written by strangers.
 */
import type { ChalkInstance } from "chalk";
import type { ConversationView, ReplyTurnView, TurnView } from "../../contract/views.js";
import { escapeBlock, escapeLine } from "./escape.js";

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
  const stop = stopOf(conversation);
  // A refusal's body only says again, with an id, what the last line says.
  for (const turn of refused(conversation) ? [] : reply) {
    at = turn.deltas[0]?.at ?? at;
    yield { at, text: headOf(turn, colours, "assistant") };
    if (turn.deltas.length === 0) yield { at, text: indented(bodyOf(turn, colours)) };
    else yield* deltasOf(turn, colours);
    at = turn.deltas.at(-1)?.at ?? at;
    yield { at, text: "\n" };
  }
  const end = exchange.durationMs ?? at;
  if (stop !== undefined) yield { at: end, text: `  ${colours.red(`✗ ${escapeLine(stop)}`)}\n` };
  else if (!complete) yield { at: end, text: `  ${colours.yellow("✗ cut short here")}\n` };
  yield { at: end, text: "\n" };
}

function headingOf({ exchange }: ConversationView): string {
  const { seq, operation, status } = exchange;
  const parts = [
    operation?.action ?? "unknown operation",
    operation?.model ?? undefined,
    status === null ? undefined : String(status),
  ];
  return escapeLine([`#${seq}`, ...parts].filter((part) => part !== undefined).join(" · "));
}

function refused({ exchange: { decision } }: ConversationView): boolean {
  return decision !== null && decision.effect !== "allow";
}

/** Why the exchange did not go through, where it did not. */
function stopOf({ exchange }: ConversationView): string | undefined {
  const { decision, error } = exchange;
  if (decision && decision.effect !== "allow") {
    return `${decision.effect === "deny" ? "denied" : "needs a review"}: ${decision.reason}`;
  }
  return error ?? undefined;
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
  const escaped = escapeBlock(text);
  if (!escaped.includes("[masked:")) return escaped;
  return escaped.replace(/\[masked:[\w.-]+\]#\d+/g, (mark) => colours.inverse(mark));
}

function indented(text: string): string {
  return `    ${text.replaceAll("\n", "\n    ")}`;
}

/** A streamed turn's deltas; a character split over two of them is shown with the second. */
function* deltasOf(turn: ReplyTurnView, colours: ChalkInstance): Generator<Piece, void> {
  let lead = "    ";
  let held = "";
  for (const { at, text } of turn.deltas) {
    let whole = held + text;
    held = /[\ud800-\udbff\r]$/.exec(whole)?.[0] ?? "";
    whole = whole.slice(0, whole.length - held.length);
    if (whole === "") continue;
    yield { at, text: lead + shown(whole, colours).replaceAll("\n", "\n    ") };
    lead = "";
  }
  if (held !== "") yield { at: turn.deltas.at(-1)?.at ?? 0, text: escapeBlock(held) };
}
