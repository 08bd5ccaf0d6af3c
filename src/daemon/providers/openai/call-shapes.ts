/**
 * Call shapes: what in a reply is a tool call, wherever it stands: an item of
 * the Responses API, a call of chat completions, its legacy function call, or
 * what an assistant's run waits for. Looked for by shape, so that a reply of
 * an operation that is not known here is held to the policy too, and one of
 * another vendor's API that the same upstream may speak.
 */

import { isRecord, type JsonObject, textOf } from "../../formats/json/shapes.js";
import type { ToolCall } from "../../model/review.js";
import { chatSubject, subjectOf, together } from "./call-subject.js";
import { callIn } from "./response-items.js";

/** Calls that the provider runs itself: by the time they are seen, they ran. */
const hosted = new Set([
  "web_search_call",
  "file_search_call",
  "code_interpreter_call",
  "image_generation_call",
  "mcp_call",
  "mcp_approval_request",
]);

/** Is an item of this type a call? */
export function isCallType(type: unknown): boolean {
  return typeof type === "string" && (/_call$/.test(type) || type === "mcp_approval_request");
}

/** The call that an item of the Responses API is; undefined where it is none. */
export function itemCall(item: JsonObject): ToolCall | undefined {
  const type = textOf(item.type);
  if (!isCallType(type)) return undefined;
  const kind = hosted.has(type) ? "hosted" : type === "custom_tool_call" ? "custom" : "function";
  const known = type === "mcp_approval_request" ? callIn(item, "mcp_call") : callIn(item);
  const name = known?.name ?? (textOf(item.name) || type.replace(/_call$/, ""));
  return { name, arguments: subjectOf(item, type), kind };
}

/** The call that a member of `tool_calls` is. */
function chatCall(value: JsonObject): ToolCall {
  const { name, kind, said, more } = chatSubject(value);
  return { name, arguments: together(said, more), kind };
}

export interface FoundCall {
  /** Where it stands: names of members and places in lists, from the top. */
  readonly path: readonly (string | number)[];
  readonly id: string;
  readonly call: ToolCall;
}

/** All calls in a value, in the order they stand. */
export function callsWithin(top: unknown): readonly FoundCall[] {
  const found: FoundCall[] = [];
  const waiting: { value: unknown; path: readonly (string | number)[] }[] = [
    { value: top, path: [] },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    const call = isRecord(value) ? callAt(value, path) : undefined;
    if (call !== undefined) {
      found.push({ path, id: idOf(value as JsonObject), call });
      continue;
    }
    const members = Array.isArray(value)
      ? value.entries()
      : isRecord(value)
        ? Object.entries(value)
        : [];
    for (const [name, member] of [...members].reverse()) {
      if (typeof member === "object" && member !== null) {
        waiting.push({ value: member, path: [...path, name] });
      }
    }
  }
  return found;
}

/** Declared tools look alike, but have no arguments. */
function callAt(value: JsonObject, path: readonly (string | number)[]): ToolCall | undefined {
  if (path.at(-1) === "function_call") return chatCall({ function: value });
  const item = itemCall(value);
  if (item !== undefined) return item;
  const foreign = foreignCall(value, path);
  if (foreign !== undefined) return foreign;
  const { function: named, custom } = value;
  const isNamed = isRecord(named) && (listed(path) || "arguments" in named);
  const isCustom = isRecord(custom) && (listed(path) || "input" in custom);
  return isNamed || isCustom || saidWith(path) ? chatCall(value) : undefined;
}

type Path = readonly (string | number)[];

const listed = (path: Path) => path.at(-2) === "tool_calls";

/** With a message of chat completions; steps of an assistant's run list what ran in another form. */
const saidWith = (path: Path) =>
  listed(path) && (path.at(-3) === "message" || path.at(-3) === "delta");

/** As Anthropic's (`tool_use`) and Google's (`functionCall`) APIs write a call. */
function foreignCall(value: JsonObject, path: readonly (string | number)[]): ToolCall | undefined {
  const uses = /^(?:\w+_)?tool_use$/.test(textOf(value.type)) && "name" in value;
  const given = uses ? value.input : path.at(-1) === "functionCall" ? value.args : undefined;
  if (!uses && given === undefined) return undefined;
  const text = given === undefined ? "" : JSON.stringify(given);
  return { name: textOf(value.name), arguments: text, kind: "function" };
}

/** The provider's id of a call. */
export function idOf(value: JsonObject): string {
  return textOf(value.call_id) || textOf(value.id);
}
