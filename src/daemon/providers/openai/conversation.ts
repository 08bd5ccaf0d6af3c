/**
 * Conversation: a transcript of the OpenAI API, read for people. Never throws:
 * a transcript may be cut anywhere, masked in odd places or of an operation
 * not known yet, and what cannot be read is said in a note.
 */

import { isRecord, type JsonObject, textOf } from "../../formats/json/shapes.js";
import { partsOf } from "../../formats/multipart.js";
import { createSseSplitter } from "../../formats/sse/events.js";
import type { Operation } from "../../model/operation.js";
import { shortened } from "../../model/text-cut.js";
import type { Frame } from "../../model/transcript.js";
import { callNotes } from "../call-notes.js";
import type { Conversation, ReplyTurn, Turn } from "../provider.js";
import { type RecordedReply, replyIn, requestIn } from "../recorded-message.js";
import { createReplyTurns, type ReplyTurns } from "../reply-turns.js";
import { chatPrompt, readCompletion, readCompletionChunk } from "./chat.js";
import { byteCount } from "./content.js";
import { readResponse, readResponseEvent, responsesPrompt } from "./responses.js";

/** Reads an exchange's frames as a conversation. */
export function converse(operation: Operation, frames: readonly Frame[]): Conversation {
  return {
    prompt: readOr(note("request that cannot be read"), () => promptOf(operation, frames)),
    reply: readOr({ ...note("reply that cannot be read"), deltas: [] }, () => [
      ...replyOf(operation, replyIn(frames)),
      ...callNotes(frames),
    ]),
  };
}

function readOr<T>(unreadable: T, read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch {
    return [unreadable];
  }
}

function promptOf({ action }: Operation, frames: readonly Frame[]): readonly Turn[] {
  const { body, contentType } = requestIn(frames);
  if (body.length === 0) return [];
  if (/^multipart\//i.test(contentType)) return formPrompt(contentType, body);
  if (isTooLarge(body)) return [note(`request body of ${byteCount(body.length)}, not read`)];
  const value = parsed(body.toString());
  if (!isRecord(value)) return [note(`request body of ${byteCount(body.length)}`)];
  if (action.startsWith("responses.")) return responsesPrompt(value);
  if (Array.isArray(value.messages)) return chatPrompt(value.messages);
  if (action === "embeddings.create") return [note(`${countOf(value.input, "text")} to embed`)];
  const text = [value.prompt, value.input].find((member) => typeof member === "string");
  if (typeof text === "string") return [{ kind: "message", role: "user", text }];
  return [note(`request body of ${byteCount(body.length)}`)];
}

/** Bytes, and commas and brackets, of a body that is read as a conversation: more would hold up others. */
const mostBytes = 4 << 20;
const mostMarks = 100_000;

function isTooLarge(body: Buffer): boolean {
  if (body.length > mostBytes) return true;
  let marks = 0;
  for (const mark of body.length > mostMarks ? ",[{" : "") {
    for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + 1)) {
      marks += 1;
      if (marks > mostMarks) return true;
    }
  }
  return false;
}

function formPrompt(contentType: string, body: Buffer): readonly Turn[] {
  return partsOf(contentType, body).map(({ name, filename, data }) => {
    if (filename !== null) return note(`file upload: ${filename}, ${byteCount(data.length)}`);
    const text = data.toString();
    return name === "prompt"
      ? { kind: "message", role: "user", text }
      : note(`${name}: ${beginning(text)}`);
  });
}

function replyOf(operation: Operation, reply: RecordedReply): readonly ReplyTurn[] {
  const turns = createReplyTurns();
  const last = reply.pieces.at(-1);
  if (reply.unreadable !== null) turns.note(`${reply.unreadable}, ${byteCount(reply.size)}`, 0);
  else if (last === undefined) return [];
  else if (/event-stream/i.test(reply.contentType)) readStream(reply, turns);
  else if (/json\b/i.test(reply.contentType)) {
    readJson(reply, Buffer.concat(reply.pieces.map(({ data }) => data)).toString(), last.at, turns);
  } else if (operation.action.startsWith("audio.") && /^text\//i.test(reply.contentType)) {
    const assistant = { kind: "message", role: "assistant" } as const;
    const text = Buffer.concat(reply.pieces.map(({ data }) => data)).toString();
    turns.append("text", assistant, last.at, text);
  } else turns.note(`${reply.contentType || "reply"}, ${byteCount(reply.size)}`, last.at);
  return turns.turns();
}

function readStream({ pieces }: RecordedReply, turns: ReplyTurns): void {
  const splitter = createSseSplitter();
  let damaged = 0;
  let last = 0;
  for (const { at, data } of pieces) {
    last = at;
    for (const { data: text } of splitter.push(data)) {
      if (text === "[DONE]") continue;
      const event = parsed(text);
      if (isRecord(event)) readEvent(event, at, turns);
      else damaged += 1;
    }
  }
  damaged += splitter.dropped;
  if (damaged > 0) turns.note(`${countOf(damaged, "event")} that cannot be read`, last);
  if (splitter.pending) turns.note("the stream ends in the middle of an event", last);
}

const assistant = { kind: "message", role: "assistant" } as const;

/** Reads one event of a stream. */
export function readEvent(event: JsonObject, at: number, turns: ReplyTurns): void {
  const type = textOf(event.type);
  if (Array.isArray(event.choices)) readCompletionChunk(event, at, turns);
  else if (type.startsWith("response.") || type === "error") readResponseEvent(event, at, turns);
  else if (type === "transcript.text.delta") {
    turns.append("transcript", assistant, at, textOf(event.delta));
  } else if (type === "transcript.text.done") {
    turns.complete("transcript", assistant, at, textOf(event.text));
  } else if (isRecord(event.error)) turns.note(`error: ${textOf(event.error.message)}`, at);
  else if (/^image_(generation|edit)\.completed$/.test(type)) turns.note("1 image", at);
}

function readJson(reply: RecordedReply, text: string, at: number, turns: ReplyTurns): void {
  const value = parsed(text);
  if (!isRecord(value)) {
    turns.note(
      `JSON that is cut short or damaged, ${byteCount(reply.size)}: ${beginning(text)}`,
      at,
    );
  } else if (isRecord(value.error) && value.object !== "response") {
    turns.note(`error ${reply.status ?? ""}: ${textOf(value.error.message)}`, at);
  } else if (Array.isArray(value.output)) readResponse(value, at, turns);
  else if (Array.isArray(value.choices)) readCompletion(value, at, turns);
  else if (typeof value.text === "string") turns.append("text", assistant, at, value.text);
  else turns.note(summaryOf(value, reply.size), at);
}

/** An object of the API in a few words. */
function summaryOf(value: JsonObject, size: number): string {
  const { data, object, id } = value;
  if (Array.isArray(data)) {
    const first: unknown = data[0];
    const kind = isRecord(first) ? textOf(first.object) || (first.b64_json ? "image" : "") : "";
    return `list of ${countOf(data, kind || "object")}`;
  }
  const name = `${textOf(object) || "JSON"} ${textOf(id)}`.trim();
  return value.deleted === true ? `${name}, deleted` : `${name}, ${byteCount(size)}`;
}

function countOf(list: unknown, what: string): string {
  const count = typeof list === "number" ? list : Array.isArray(list) ? list.length : 1;
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const beginning = (text: string): string => shortened(text, 200);

const note = (text: string): Turn => ({ kind: "note", text });
