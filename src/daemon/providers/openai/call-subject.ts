/**
 * Call subject: the text that says what a call does. Rules judge it, and
 * people read it before they decide. Of a call of a known kind it is the member that the API has
 * for it. All else that has text is put behind it, and of a kind that is not
 * known the whole item: an agent may run a member that is not known here.
 */

import { isRecord, type JsonObject, textOf } from "../../formats/json/shapes.js";
import type { ToolCall } from "../../model/review.js";

interface Shape {
  /** What the call does. */
  readonly subject?: string;
  /** Strings that name it. */
  readonly names?: readonly string[];
  /** What it brought, or waits for. */
  readonly beside?: readonly string[];
}

const mcp = { subject: "arguments", names: ["name", "server_label"] };

const shapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["function_call", { subject: "arguments", names: ["name"] }],
  ["custom_tool_call", { subject: "input", names: ["name"] }],
  ["mcp_call", { ...mcp, beside: ["output", "error"] }],
  ["mcp_approval_request", mcp],
  ["code_interpreter_call", { subject: "code", names: ["container_id"], beside: ["outputs"] }],
  ["web_search_call", { subject: "action" }],
  ["file_search_call", { subject: "queries", beside: ["results"] }],
  ["image_generation_call", { beside: ["result"] }],
  ["computer_call", { subject: "action", beside: ["pending_safety_checks"] }],
  ["local_shell_call", { subject: "action" }],
  ["shell_call", { subject: "action" }],
  ["apply_patch_call", { subject: "operation" }],
]);

/** Each item has these; the provider writes them. */
const labels = ["type", "id", "call_id", "status"];

/** What an item of this type, which is a call, does. */
export function subjectOf(item: JsonObject, type: string): string {
  const { subject, names = [], beside = [] } = shapes.get(type) ?? {};
  const isName = (name: string) => labels.includes(name) || names.includes(name);
  const more = Object.entries(item).filter(
    ([name, value]) =>
      name !== subject && !beside.includes(name) && !(isName(name) && typeof value === "string"),
  );
  return together(asText(subject === undefined ? null : item[subject]), membersText(more));
}

export interface ChatSubject {
  readonly name: string;
  readonly kind: ToolCall["kind"];
  /** Its arguments, or the piece of them that a chunk of a stream has. */
  readonly said: string;
  /** All else in it that has text. */
  readonly more: string;
}

/** What a call of chat completions does, or a piece of one. */
export function chatSubject(piece: JsonObject): ChatSubject {
  const kind = isRecord(piece.function) || !isRecord(piece.custom) ? "function" : "custom";
  const { [kind]: body, ...around } = piece;
  const [known, inner] = isRecord(body) ? [true, body] : [false, {}];
  const subject = kind === "custom" ? "input" : "arguments";
  const { [subject]: said, name, ...within } = inner as JsonObject;
  const labelled = Object.entries(around).filter(
    ([label, value]) => !((label === "id" || label === "type") && typeof value === "string"),
  );
  const more = [
    ...Object.entries(within),
    ...(typeof name === "string" ? [] : [["name", name] as const]),
    ...(known ? [] : [[kind, body] as const]),
    ...labelled,
  ];
  return { name: textOf(name), kind, said: asText(said), more: membersText(more) };
}

/** Texts of a call, below each other. */
export const together = (...texts: readonly string[]): string =>
  texts.filter((text) => text !== "").join("\n");

const asText = (value: unknown): string =>
  value == null ? "" : typeof value === "string" ? value : JSON.stringify(value);

/** Those of the members that have text, as JSON; "" where none has. */
function membersText(members: readonly (readonly [string, unknown])[]): string {
  const telling = members.filter(([, member]) => hasText(member));
  return together(...telling.map(([name, value]) => JSON.stringify({ [name]: value })));
}

const hasText = (value: unknown): boolean =>
  typeof value === "string"
    ? value !== ""
    : typeof value === "object" && value !== null && Object.keys(value).length > 0;
