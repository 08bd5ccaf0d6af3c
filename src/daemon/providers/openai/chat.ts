/**
 * Chat: messages, reply and stream of chat completions, and of the legacy
 * completions, as turns. Several choices stand side by side, the second and
 * later ones numbered.
 */

import { isRecord, type JsonObject, recordsIn, textOf } from "../../formats/json/shapes.js";
import type { Turn } from "../provider.js";
import type { ReplyTurns } from "../reply-turns.js";
import { contentText, contentTurns } from "./content.js";

/** The turns of a request's messages. */
export function chatPrompt(messages: unknown): readonly Turn[] {
  return recordsIn(messages).flatMap((message) => messageTurns(message));
}

/** Reads a whole completion that came as JSON. */
export function readCompletion(completion: JsonObject, at: number, turns: ReplyTurns): void {
  for (const [place, choice] of recordsIn(completion.choices).entries()) {
    const role = roleOf(choice, place);
    const { message } = choice;
    if (isRecord(message)) for (const turn of messageTurns(message, role)) turns.add(turn, at);
    else for (const turn of contentTurns(role, choice.text)) turns.add(turn, at);
    noteFinish(choice, at, turns);
  }
}

/** Reads one chunk of a stream. */
export function readCompletionChunk(chunk: JsonObject, at: number, turns: ReplyTurns): void {
  for (const [place, choice] of recordsIn(chunk.choices).entries()) {
    const key = Number(choice.index ?? place);
    const role = roleOf(choice, place);
    const delta = isRecord(choice.delta) ? choice.delta : choice;
    const text = textOf(delta.content) || textOf(delta.refusal) || textOf(delta.text);
    const thought = textOf(delta.reasoning_content) || textOf(delta.reasoning);
    if (thought !== "") turns.append(`${key}.thought`, messageBy("reasoning"), at, thought);
    if (text !== "") turns.append(`${key}.text`, messageBy(role), at, text);
    for (const call of callsIn(delta)) {
      const { text: piece, ...opening } = callTurn(call);
      turns.append(`${key}.call${call.index ?? 0}`, opening, at, piece);
    }
    noteFinish(choice, at, turns);
  }
}

function messageTurns(message: JsonObject, role = textOf(message.role)): readonly Turn[] {
  const { content } = message;
  if (role === "tool" || role === "function") {
    const id = textOf(message.tool_call_id) || textOf(message.name) || null;
    return [{ kind: "tool-result", id, text: contentText(content) }];
  }
  return [
    ...contentTurns("reasoning", message.reasoning_content),
    ...contentTurns(role, content),
    ...contentTurns(role, message.refusal),
    ...(isRecord(message.audio) ? [{ kind: "note", text: "audio" } as const] : []),
    ...callsIn(message).map(callTurn),
  ];
}

/** Calls as tools make them, and as functions did before. */
function callsIn(message: JsonObject): readonly JsonObject[] {
  const { function_call: legacy, tool_calls: calls } = message;
  return isRecord(legacy) ? [...recordsIn(calls), { function: legacy }] : recordsIn(calls);
}

function callTurn(call: JsonObject): Turn {
  const named = [call.function, call.custom].find(isRecord);
  return {
    kind: "tool-call",
    id: textOf(call.id) || null,
    name: textOf(named?.name),
    text: textOf(named?.arguments) || textOf(named?.input),
  };
}

function roleOf(choice: JsonObject, place: number): string {
  const index = Number(choice.index ?? place);
  return index > 0 ? `assistant (choice ${index + 1})` : "assistant";
}

function noteFinish({ finish_reason: reason }: JsonObject, at: number, turns: ReplyTurns): void {
  if (reason === "length" || reason === "content_filter") turns.note(`incomplete: ${reason}`, at);
}

const messageBy = (role: string) => ({ kind: "message", role }) as const;
