/**
 * Tool calls: a reply of the OpenAI API as pieces that say which tool calls
 * they hold, for streams and for bodies that come whole. What should be
 * readable here and is not is an error: a call that cannot be seen cannot be
 * held.
 */

import { isRecord, type JsonObject, textOf } from "../../formats/json/shapes.js";
import { ReplyUnreadable } from "../../formats/reply-unreadable.js";
import { createSseBlocks, type SseBlock } from "../../formats/sse/blocks.js";
import type { Operation } from "../../model/operation.js";
import type { RefusalNotice } from "../text-reader.js";
import type { RemovedCalls, ReplyPiece, ToolCallReader, WholeCall } from "../tool-call-reader.js";
import { callsWithin } from "./call-shapes.js";
import { createChatCalls, readsAll } from "./chat-calls.js";
import { refusalBody } from "./refusal.js";
import { createRefusalEvent } from "./refusal-event.js";
import { createResponseCalls, type SeenCalls, withoutItems } from "./response-calls.js";

/** Families of operations whose replies may hold a model's tool calls. */
const families = /^(responses|chat|conversations|threads|chatkit|unknown)\b/;

/** Bytes of a reply that is read whole. */
const wholeLimit = 32 << 20;

/** Opens the reader for a reply of this operation and content-type. */
export function openToolCalls(
  operation: Operation,
  contentType: string,
): ToolCallReader | undefined {
  if (!families.test(operation.action)) return undefined;
  if (/^\s*text\/event-stream\b/i.test(contentType)) return createStreamReader();
  if (/\bjson\b/i.test(contentType)) return createWholeReader();
  if (operation.class === "unknown") return undefined;
  throw new ReplyUnreadable("the reply is neither JSON nor a stream of events");
}

function createStreamReader(): ToolCallReader {
  const blocks = createSseBlocks();
  const readResponse = createResponseCalls();
  const chat = createChatCalls();
  const refusal = createRefusalEvent();
  let isChat = false;

  function pieceOf(block: SseBlock): ReplyPiece {
    const { bytes } = block;
    const event = block.event();
    if (event === undefined) {
      // A client that asked for JSON reads this as JSON, whatever its head says.
      if (/^\s*[{[]/.test(bytes.toString())) {
        throw new ReplyUnreadable("the reply says that it is a stream of events, and is JSON");
      }
      return beside(bytes, false);
    }
    if (event.data.startsWith("[DONE]")) {
      const whole = chat.end();
      return { ...beside(bytes, true), calls: whole.map(({ key }) => key), whole };
    }
    const value = parsed(event.data);
    if (!isRecord(value)) throw new ReplyUnreadable("an event of the reply is not a JSON object");
    isChat ||= Array.isArray(value.choices);
    const responseId = isRecord(value.response) ? value.response.id : undefined;
    refusal.saw({ chat: isChat, sequence: value.sequence_number, responseId });
    return pieceWith(bytes, value, seenIn(value));
  }

  function seenIn(value: JsonObject): SeenCalls {
    const unread = "the reply holds a tool call in a kind of stream that is not read";
    if (Array.isArray(value.choices)) {
      if (!readsAll(value)) throw new ReplyUnreadable(unread);
      const seen = chat.read(value);
      return isRecord(value.error) ? { ...seen, last: true, abandoned: chat.abandon() } : seen;
    }
    const type = textOf(value.type);
    if (type.startsWith("response.")) return readResponse(value);
    if (type === "error" || isRecord(value.error)) {
      const seen = readResponse({ ...value, type: "error" });
      const abandoned = [...(seen.abandoned ?? []), ...chat.abandon()];
      return { ...seen, abandoned, without: (removed) => seen.without(removed) && [value] };
    }
    // An assistant's run, say: its calls come in a form that is not read here.
    if (callsWithin(value).length > 0) throw new ReplyUnreadable(unread);
    return { calls: [], whole: [], last: false, place: null, without: () => undefined };
  }

  return {
    form: "stream",
    push: (chunk) => blocks.push(chunk).map(pieceOf),
    end() {
      const rest = blocks.end();
      const pieces = rest === undefined ? [] : [pieceOf(rest)];
      const whole: readonly WholeCall[] = chat.end();
      if (whole.length === 0) return pieces;
      return [
        ...pieces,
        { ...beside(Buffer.alloc(0), true), calls: whole.map(({ key }) => key), whole },
      ];
    },
    keepAlive: (userAgent) => keepAlive(userAgent, isChat),
    refusalEvent: refusal.bytes,
  };
}

function createWholeReader(): ToolCallReader {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    form: "whole",
    push(chunk) {
      size += chunk.length;
      if (size > wholeLimit) throw new ReplyUnreadable(`the reply is over ${wholeLimit} bytes`);
      chunks.push(Buffer.from(chunk));
      return [];
    },
    end() {
      const bytes = Buffer.concat(chunks);
      if (bytes.length === 0) return [];
      const value = parsed(bytes.toString());
      if (value === undefined) throw new ReplyUnreadable("the reply is not JSON");
      const keyAt = (path: readonly (string | number)[]) => path.join(".");
      const whole = callsWithin(value).map(({ path, id, call }) => ({
        key: keyAt(path),
        id,
        call,
      }));
      const calls = whole.map(({ key }) => key);
      return [{ bytes, calls, whole, last: true, place: null, without }];

      function without(removed: RemovedCalls): Buffer | undefined {
        if (!isRecord(value)) return undefined;
        const made = Array.isArray(value.choices)
          ? withoutChoices(value, whole, removed)
          : withoutItems(value, removed, keyAt);
        return made && Buffer.from(JSON.stringify(made));
      }
    },
    keepAlive: () => Buffer.alloc(0),
    refusalEvent: (notice: RefusalNotice) => refusalBody(notice).body,
  };
}

/** A whole completion reads as the one chunk of a stream; its calls stand in the same order. */
function withoutChoices(
  completion: JsonObject,
  whole: readonly WholeCall[],
  removed: RemovedCalls,
): JsonObject | undefined {
  const seen = createChatCalls().read(completion);
  if (seen.calls.length !== whole.length) return undefined;
  const texts = seen.calls.flatMap((key, place) => {
    const text = removed.get(whole[place]?.key ?? "");
    return text === undefined ? [] : [[key, text] as const];
  });
  return seen.without(new Map(texts))?.[0];
}

function pieceWith(bytes: Buffer, value: JsonObject, { without, ...seen }: SeenCalls): ReplyPiece {
  return {
    bytes,
    ...seen,
    without(removed) {
      const events = without(removed);
      if (events?.length === 1 && events[0] === value) return bytes;
      return events && Buffer.concat(events.map(eventBytes));
    },
  };
}

const beside = (bytes: Buffer, last: boolean): ReplyPiece => ({
  bytes,
  calls: [],
  whole: [],
  last,
  place: null,
  without: () => bytes,
});

/** An event as the API writes it: named where it has a type. */
function eventBytes(value: JsonObject): Buffer {
  const name = typeof value.type === "string" ? `event: ${value.type}\n` : "";
  return Buffer.from(`${name}data: ${JSON.stringify(value)}\n\n`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Written between events while a person is waited for. It has no blank line: clients that keep an event's id take one for an event without data. */
const heldComment = Buffer.from(": held\n");

/** What the API itself writes into a long silence. */
const keepAliveEvent = Buffer.from('event: keepalive\ndata: {"type":"keepalive"}\n\n');

/**
 * A sign of life that this client counts as one. Codex counts events and no comments; to
 * openai-node's stream helpers an event that they do not know is an error. The user agent is a
 * claim: a client that claims to be Codex gets an event that Codex would get.
 */
function keepAlive(userAgent: string, chat: boolean): Buffer {
  return !chat && /^codex(?:[_\-/ ]|$)/i.test(userAgent) ? keepAliveEvent : heldComment;
}
