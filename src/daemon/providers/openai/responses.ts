/**
 * Responses: request, reply and stream of the Responses API as turns.
 */

import { isRecord, type JsonObject, recordsIn, textOf } from "../../formats/json/shapes.js";
import type { Turn } from "../provider.js";
import type { ReplyTurns } from "../reply-turns.js";
import { callIn, turnsOfItem } from "./response-items.js";

/** All that the model read, as far as the request holds it. */
export function responsesPrompt(body: JsonObject): readonly Turn[] {
  const turns: Turn[] = [];
  const note = (text: string) => turns.push({ kind: "note", text });
  const { instructions, prompt, previous_response_id: previous, conversation, input } = body;

  if (typeof instructions === "string" && instructions !== "") {
    turns.push({ kind: "message", role: "system", text: instructions });
  }
  if (isRecord(prompt)) note(`prompt template ${textOf(prompt.id)}`);
  if (typeof previous === "string") note(`continues response ${previous}`);
  const place = isRecord(conversation) ? conversation.id : conversation;
  if (typeof place === "string") note(`in conversation ${place}`);
  if (typeof input === "string") turns.push({ kind: "message", role: "user", text: input });
  for (const item of recordsIn(input)) turns.push(...turnsOfItem(item).map(({ turn }) => turn));
  return turns;
}

/** Reads a whole response: one that came as JSON, or the sum at a stream's end. */
export function readResponse(response: JsonObject, at: number, turns: ReplyTurns): void {
  for (const [index, item] of recordsIn(response.output).entries()) {
    completeItem(index, item, at, turns);
  }
  const { error, incomplete_details: incomplete, status } = response;
  if (isRecord(error)) turns.note(`error: ${textOf(error.message)}`, at);
  if (isRecord(incomplete)) turns.note(`incomplete: ${textOf(incomplete.reason)}`, at);
  if (status === "queued" || status === "in_progress" || status === "cancelled") {
    turns.note(`response ${textOf(response.id)} is ${status.replace("_", " ")}`, at);
  }
}

const assistant = { kind: "message", role: "assistant" } as const;
const reasoning = { kind: "message", role: "reasoning" } as const;
const call = { kind: "tool-call" } as const;

/** Reads one event of a stream. */
export function readResponseEvent(event: JsonObject, at: number, turns: ReplyTurns): void {
  const { output_index: output, content_index: content, summary_index: summary, item } = event;
  const delta = textOf(event.delta);
  switch (event.type) {
    case "response.output_text.delta":
    case "response.refusal.delta":
      turns.append(`${output}.${content}`, assistant, at, delta);
      break;
    case "response.reasoning_text.delta":
      turns.append(`${output}.${content}`, reasoning, at, delta);
      break;
    case "response.reasoning_summary_text.delta":
      turns.append(`${output}.summary${summary}`, reasoning, at, delta);
      break;
    case "response.function_call_arguments.delta":
    case "response.custom_tool_call_input.delta":
    case "response.mcp_call_arguments.delta":
    case "response.code_interpreter_call_code.delta":
      turns.append(`${output}.call`, call, at, delta);
      break;
    case "response.output_item.added": {
      const { text: _, ...opening } = (isRecord(item) && callIn(item)) || {
        text: "",
        kind: "note",
      };
      if (opening.kind === "tool-call") turns.begin(`${output}.call`, opening);
      break;
    }
    case "response.output_item.done":
      if (isRecord(item)) completeItem(output, item, at, turns);
      break;
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      if (isRecord(event.response)) readResponse(event.response, at, turns);
      break;
    case "error": {
      const error = isRecord(event.error) ? event.error : event;
      turns.note(`error: ${textOf(error.message)}`, at);
      break;
    }
  }
}

/** What of an item did not come in pieces. */
function completeItem(output: unknown, item: JsonObject, at: number, turns: ReplyTurns): void {
  for (const { key, turn } of turnsOfItem(item)) {
    const { text, ...opening } = turn;
    turns.complete(`${output}.${key}`, opening, at, text);
  }
}
