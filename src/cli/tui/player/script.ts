/**
 * Script: a session's conversations as blocks on one clock, in the order they
 * are shown. Pauses longer than three seconds are three; no two blocks begin
 * at the same moment, so that each can be gone to. All text is escaped here.
 */
import type { ConversationView, ExchangeView, TurnView } from "../../../contract/views.js";
import { escapeBlock, escapeLine } from "../../output/escape.js";
import { pretty } from "../../output/pretty.js";
import { isOwnReply } from "../../output/stop.js";
import { escapedDeltas, headingOf, stopText } from "../../output/transcript.js";
import { factsOf, reviewedOf } from "./facts.js";

type BlockKind =
  /** The line above an exchange. */
  | "heading"
  | "message"
  | "tool-call"
  | "tool-result"
  | "note"
  /** A review that was approved. */
  | "approved"
  /** What stopped it. */
  | "stop";

/** Something that is shown at a moment, or from one moment to another. */
export interface Block {
  readonly kind: BlockKind;
  /** Index of its exchange. */
  readonly exchange: number;
  /** Who speaks, or what stands in a box's border. */
  readonly title: string;
  readonly text: string;
  /** Milliseconds on the player's clock. */
  readonly start: number;
  readonly end: number;
  /** How much of the text is there from which moment on; empty: all of it from the start. */
  readonly pieces: readonly Piece[];
}

interface Piece {
  readonly at: number;
  /** Characters of the text up to the end of this piece. */
  readonly length: number;
}

interface ScriptExchange {
  readonly view: ExchangeView;
  /** Index of its heading. */
  readonly first: number;
  /** When all that was asked is shown, and nothing of the reply. */
  readonly asked: number;
}

export interface Script {
  readonly blocks: readonly Block[];
  readonly exchanges: readonly ScriptExchange[];
  /** Milliseconds on the player's clock at which all is shown. */
  readonly end: number;
  /** Moment of the recording, in milliseconds since the epoch, that `end` stands for. */
  readonly recorded: number | null;
  /** Names of the tools that were called, by the call's id. */
  readonly calls: ReadonlyMap<string, string>;
}

export const emptyScript: Script = {
  blocks: [],
  exchanges: [],
  end: 0,
  recorded: null,
  calls: new Map(),
};

const longestPauseMs = 3_000;

/** The script with one exchange more. */
export function extended(script: Script, conversation: ConversationView): Script {
  const { exchange, prompt, reply, complete } = conversation;
  const blocks: Block[] = [];
  const calls = new Map(script.calls);
  const began = Date.parse(exchange.startedAt);
  const place = script.exchanges.length;
  let { end, recorded } = script;

  /** The player's clock at a moment of the exchange; it never goes back: exchanges overlap. */
  function at(moment: number): number {
    const absolute = began + moment;
    if (recorded !== null) end += Math.min(Math.max(0, absolute - recorded), longestPauseMs);
    recorded = Math.max(absolute, recorded ?? absolute);
    return end;
  }
  function add(
    kind: BlockKind,
    title: string,
    moment: number,
    pieces: readonly { readonly at: number; readonly text: string }[],
    laid?: string,
  ): void {
    const last = blocks.at(-1) ?? script.blocks.at(-1);
    const start = Math.max(at(moment), (last?.end ?? -1) + 1);
    end = start;
    const whole = expanded(pieces.map(({ text }) => text).join(""));
    const text = laid ?? whole;
    // Laid out again, the text is of another length: its pieces keep their share of it.
    const share = whole.length === 0 ? 1 : text.length / whole.length;
    let length = 0;
    const timed = pieces.map((piece) => {
      length += expanded(piece.text).length;
      return { at: at(piece.at), length: Math.round(length * share) };
    });
    blocks.push({ kind, exchange: place, title, text, start, end, pieces: timed });
  }
  const whole = (kind: BlockKind, title: string, moment: number, text: string) =>
    add(kind, title, moment, [{ at: moment, text }]);

  whole("heading", headingOf(conversation), 0, factsOf(exchange));
  for (const turn of prompt) whole(turn.kind, titleOf(turn, calls), 0, textOf(turn));
  const asked = end;
  let moment = exchange.firstByteMs ?? 0;
  const reviewed = reviewedOf(exchange);
  if (reviewed !== undefined) whole("approved", "", moment, reviewed);
  for (const turn of isOwnReply(exchange) ? [] : reply) {
    moment = turn.deltas[0]?.at ?? moment;
    const title = titleOf(turn, calls);
    if (turn.deltas.length === 0 || turn.kind === "note") {
      whole(turn.kind, title, moment, textOf(turn));
    } else {
      const laid = turn.kind === "tool-call" ? textOf(turn) : undefined;
      add(turn.kind, title, moment, [...escapedDeltas(turn)], laid && expanded(laid));
    }
    moment = turn.deltas.at(-1)?.at ?? moment;
  }
  const over = exchange.durationMs ?? moment;
  const stop = stopText(exchange);
  if (stop !== undefined) whole("stop", "", over, escapeLine(stop));
  else if (!complete) whole("stop", "", over, "still running");
  else at(over);
  return {
    blocks: [...script.blocks, ...blocks],
    exchanges: [...script.exchanges, { view: exchange, first: script.blocks.length, asked }],
    end,
    recorded,
    calls,
  };
}

/** As it is laid out: a tab is two spaces. */
function expanded(text: string): string {
  return text.replaceAll("\t", "  ");
}

function titleOf(turn: TurnView, calls: Map<string, string>): string {
  switch (turn.kind) {
    case "message":
      return escapeLine(turn.role);
    case "tool-call": {
      const name = escapeLine(turn.name);
      if (turn.id !== null) calls.set(turn.id, name);
      return `calls ${name}${turn.id === null ? "" : ` · ${escapeLine(turn.id)}`}`;
    }
    case "tool-result": {
      const name = turn.id === null ? undefined : calls.get(turn.id);
      const of = name === undefined ? "result" : `${name} answers`;
      return `${of}${turn.id === null ? "" : ` · ${escapeLine(turn.id)}`}`;
    }
    case "note":
      return "";
  }
}

function textOf(turn: TurnView): string {
  if (turn.kind === "tool-call") return escapeBlock(pretty(turn.arguments));
  return turn.kind === "note" ? escapeLine(turn.text) : escapeBlock(turn.text);
}

/** Index of the last block that has begun; -1 before the first. */
export function begunAt({ blocks }: Script, position: number): number {
  return lastWhere(blocks.length, (index) => (blocks[index]?.start ?? 0) <= position);
}

/** Characters of a block that are there. */
export function shownOf({ pieces, text }: Block, position: number): number {
  if (pieces.length === 0) return text.length;
  const last = lastWhere(pieces.length, (index) => (pieces[index]?.at ?? 0) <= position);
  return last === pieces.length - 1 ? text.length : (pieces[last]?.length ?? 0);
}

/** Last index of an ascending list for which it holds; -1: none. */
export function lastWhere(length: number, holds: (index: number) => boolean): number {
  let low = -1;
  let high = length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
