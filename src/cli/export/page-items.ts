/**
 * Page items: a session's conversation as the HTML export's player shows it:
 * turns, reviews and ends, each in pieces that know when they come. Long
 * pauses are cut. Texts are escaped here; the page only puts them in as text.
 */
import type { ReviewView } from "../../contract/review-views.js";
import type { ConversationView, ReplyTurnView, TurnView } from "../../contract/views.js";
import { escapeBlock, escapeLine } from "../output/escape.js";
import { operationText } from "../output/operation.js";
import { outcomeText } from "../output/status.js";
import { isOwnReply, stopHead, stopOf } from "../output/stop.js";
import { counted } from "../output/time.js";
import type { ExportSource } from "./source.js";
import { byExchange, momentOf, settledBy } from "./what-happened.js";

export interface PageItem {
  readonly kind: "exchange" | "message" | "call" | "result" | "note" | "review" | "stop";
  /** Who speaks, or which tool: one line. */
  readonly head: string;
  /** In order: milliseconds since the beginning, and text. */
  readonly pieces: readonly (readonly [at: number, text: string])[];
}

/** Milliseconds that a pause lasts at most. */
const longestPause = 3_000;

/** The items of a session, in order. */
export async function* pageItems(source: ExportSource): AsyncGenerator<PageItem> {
  const reviews = byExchange(await source.reviews());
  let recorded: number | undefined;
  let shown = 0;
  /** When this moment of the recording is shown. */
  function due(moment: number): number {
    // Exchanges overlap: one that began while another streamed has no pause of its own.
    shown += Math.min(Math.max(0, moment - (recorded ?? moment)), longestPause);
    recorded = Math.max(moment, recorded ?? moment);
    return Math.round(shown);
  }
  for await (const conversation of source.conversations()) {
    const began = Date.parse(conversation.exchange.startedAt);
    for (const item of itemsOf(conversation, reviews.get(conversation.exchange.id) ?? [])) {
      yield { ...item, pieces: item.pieces.map(([at, text]) => [due(began + at), text] as const) };
    }
  }
}

function* itemsOf(
  conversation: ConversationView,
  reviews: readonly ReviewView[],
): Generator<PageItem> {
  const { exchange, prompt, reply, complete } = conversation;
  const { operation, seq } = exchange;
  const parts = [`#${seq}`, operationText(operation), operation?.model];
  const heading = [...parts.filter((part) => part != null), outcomeText(exchange)].join(" · ");
  yield {
    kind: "exchange",
    head: escapeLine(heading),
    pieces: [[0, escapeLine(momentOf(exchange))]],
  };
  for (const turn of prompt) yield itemOf(turn, "user", [[0, textOf(turn)]]);
  for (const review of reviews.filter(({ kind }) => kind === "request"))
    yield reviewItem(review, 0);
  let at = exchange.firstByteMs ?? 0;
  for (const turn of isOwnReply(exchange) ? [] : reply) {
    const pieces = piecesOf(turn, at);
    at = pieces.at(-1)?.[0] ?? at;
    yield itemOf(turn, "assistant", pieces);
  }
  const end = exchange.durationMs ?? at;
  for (const review of reviews.filter(({ kind }) => kind === "tool-call")) {
    yield reviewItem(review, end);
  }
  const stopped = stopOf(exchange);
  if (stopped !== undefined) {
    yield stop(escapeLine(stopHead(stopped)), escapeLine(stopped.reason), end);
  } else if (!complete) yield stop("still running", "", end);
  for (const { detector, count } of exchange.masked) {
    const text = `masked ${counted(count, "time")}: ${detector}`;
    yield { kind: "note", head: "hoopx", pieces: [[end, escapeLine(text)]] };
  }
}

function itemOf(turn: TurnView, speaker: string, pieces: PageItem["pieces"]): PageItem {
  switch (turn.kind) {
    case "message":
      return { kind: "message", head: escapeLine(turn.role), pieces };
    case "tool-call":
      return { kind: "call", head: escapeLine(turn.name), pieces };
    case "tool-result":
      return { kind: "result", head: "tool", pieces };
    case "note":
      return { kind: "note", head: speaker, pieces };
  }
}

function textOf(turn: TurnView): string {
  return escapeBlock(turn.kind === "tool-call" ? turn.arguments : turn.text);
}

/** A streamed turn's pieces; a character split over two of them is shown with the second. */
function piecesOf(turn: ReplyTurnView, before: number): PageItem["pieces"] {
  if (turn.deltas.length === 0) return [[before, textOf(turn)]];
  const pieces: (readonly [number, string])[] = [];
  let held = "";
  for (const { at, text } of turn.deltas) {
    const whole = held + text;
    held = /[\ud800-\udbff\r]$/.exec(whole)?.[0] ?? "";
    const shown = whole.slice(0, whole.length - held.length);
    if (shown !== "") pieces.push([at, escapeBlock(shown)]);
  }
  if (held !== "") pieces.push([turn.deltas.at(-1)?.at ?? before, escapeBlock(held)]);
  return pieces.length === 0 ? [[before, ""]] : pieces;
}

function reviewItem(review: ReviewView, at: number): PageItem {
  const who = settledBy(review);
  const words = [
    review.status + (who === undefined ? "" : ` by ${who}`),
    review.toolCall === null ? "" : `call of ${review.toolCall.name}`,
    review.rule === null ? "" : `rule ${review.rule}`,
    review.comment ?? "",
  ];
  const text = words.filter((word) => word !== "").join("\n");
  return {
    kind: "review",
    head: escapeLine(`review ${review.id}`),
    pieces: [[at, escapeBlock(text)]],
  };
}

function stop(head: string, text: string, at: number): PageItem {
  return { kind: "stop", head, pieces: [[at, text]] };
}
