/**
 * Response items: an item of the Responses API as turns, the same whether the
 * request repeats it, a reply holds it or a stream brings it in pieces — so
 * that a later request's copy is known again. The key says which piece of a
 * stream belongs to which turn of its item.
 */

import { type JsonObject, recordsIn, textOf } from "../../formats/json/shapes.js";
import type { Turn } from "../provider.js";
import { subjectOf } from "./call-subject.js";
import { contentText, contentTurns } from "./content.js";

export interface KeyedTurn {
  readonly key: string;
  readonly turn: Turn;
}

/** The turns of one item, in order. */
export function turnsOfItem(item: JsonObject): readonly KeyedTurn[] {
  const type = textOf(item.type) || "message";
  if (type === "message") return keyed("", contentTurns(textOf(item.role) || "user", item.content));
  if (type === "reasoning") {
    return [
      ...keyed("summary", contentTurns("reasoning", item.summary)),
      ...keyed("", contentTurns("reasoning", item.content)),
    ];
  }
  if (type.endsWith("_call_output")) {
    const turn: Turn = { kind: "tool-result", id: idOf(item), text: contentText(item.output) };
    return [{ key: "result", turn }];
  }
  const call = callIn(item, type);
  if (call !== undefined) return callTurns(call, item);
  return [{ key: "note", turn: { kind: "note", text: noteOf(item, type) } }];
}

/** The call that an item is; undefined where it is none. */
export function callIn(item: JsonObject, type = textOf(item.type)): Turn | undefined {
  const call = (name: string): Turn => ({
    kind: "tool-call",
    id: idOf(item),
    name,
    text: subjectOf(item, type),
  });
  const name = textOf(item.name);
  switch (type) {
    case "function_call":
    case "custom_tool_call":
      return call(name);
    case "mcp_call":
      return call(`${textOf(item.server_label)}.${name}`);
    case "code_interpreter_call":
      return call("code_interpreter");
  }
  if (!type.endsWith("_call") || typeof item.call_id !== "string") return undefined;
  return call(type.slice(0, -"_call".length));
}

function callTurns(call: Turn, { output, error }: JsonObject): readonly KeyedTurn[] {
  const turns: KeyedTurn[] = [{ key: "call", turn: call }];
  const result = output ?? error ?? null;
  // A hosted tool's answer stands in its call.
  if (result !== null) {
    const text = contentText(result);
    turns.push({ key: "result", turn: { kind: "tool-result", id: call.id ?? null, text } });
  }
  return turns;
}

function noteOf(item: JsonObject, type: string): string {
  const action = item.action as { readonly query?: unknown; readonly url?: unknown } | undefined;
  const about =
    textOf(action?.query) ||
    textOf(action?.url) ||
    (Array.isArray(item.queries) ? item.queries.map(textOf).join(", ") : "") ||
    (type === "item_reference" ? textOf(item.id) : "") ||
    (type === "mcp_list_tools"
      ? `${textOf(item.server_label)}, ${recordsIn(item.tools).length} tools`
      : "") ||
    textOf(item.name);
  const what = type.replace(/_call$/, "").replaceAll("_", " ");
  return about === "" ? what : `${what}: ${about}`;
}

const idOf = (item: JsonObject): string | null => textOf(item.call_id) || textOf(item.id) || null;

function keyed(prefix: string, turns: readonly Turn[]): readonly KeyedTurn[] {
  return turns.map((turn, index) => ({ key: `${prefix}${index}`, turn }));
}
