/**
 * Refused call: what stands in a reply in place of a denied tool call, where
 * the rule has it told to the model: a message of the assistant's own, which
 * the agent's SDK keeps and the model reads on its next turn. Name and
 * arguments of the call are gone; what the message says is the caller's.
 */
import { isRecord, type JsonObject, textOf } from "../../formats/json/shapes.js";

/** An item of the Responses API as a finished message. */
export function messageItem(item: JsonObject, place: unknown, text: string): JsonObject {
  return { ...openMessage(item, place), status: "completed", content: [textPart(text)] };
}

/** The events with which a message comes, up to its last. */
export function messageEvents(event: JsonObject, text: string): readonly JsonObject[] {
  const { output_index, sequence_number } = event;
  const item = isRecord(event.item) ? event.item : {};
  const opened = openMessage(item, output_index);
  const place = { item_id: opened.id, output_index, content_index: 0 };
  return [
    { type: "response.output_item.added", output_index, item: opened },
    { type: "response.content_part.added", ...place, part: textPart("") },
    { type: "response.output_text.delta", ...place, delta: text, logprobs: [] },
    { type: "response.output_text.done", ...place, text, logprobs: [] },
    { type: "response.content_part.done", ...place, part: textPart(text) },
  ].map((made) => ({ ...made, sequence_number }));
}

function openMessage(item: JsonObject, place: unknown): JsonObject {
  // Unlike the call's, and the same in each event: the provider wants messages' ids to begin so.
  const id = `msg_${textOf(item.id).replace(/^[a-z]+_/, "") || `hoopx_${place}`}`;
  return { id, type: "message", status: "in_progress", role: "assistant", content: [] };
}

const textPart = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });

/** A text after another, on a line of its own. */
export function joined(before: unknown, text: string): string {
  const said = textOf(before);
  return said === "" ? text : `${said}\n${text}`;
}
