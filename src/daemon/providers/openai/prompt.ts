/**
 * Prompt: all text in a request that the model will read — instructions,
 * messages, tool outputs, arguments of earlier calls, names, descriptions and
 * schemas of tools, names and texts of files. Everything that may be text is:
 * a member nobody has heard of is read here as it may be read there; left out
 * are the few that are known to be no text, and bytes in base64.
 */
import { isUtf8 } from "node:buffer";
import { Refusal } from "../../model/refusal.js";
import type { Part } from "../multipart.js";
import { parseStrictJson } from "../strict-json.js";
import { isRecord, type JsonObject } from "./json.js";

/** Members whose text the model does not see. */
export const noText = new Set([
  "model",
  "id",
  "type",
  "object",
  "status",
  "call_id",
  "tool_call_id",
  "item_id",
  "file_id",
  "response_id",
  "previous_response_id",
  "prompt_cache_key",
  "prompt_cache_retention",
  "safety_identifier",
  "service_tier",
  "truncation",
  "include",
  "encrypted_content",
  // A hosted MCP server's credentials.
  "authorization",
  "headers",
]);

/** The texts of a request's members, in their order. */
export function textsIn(fields: JsonObject): readonly string[] {
  const texts: string[] = [];
  collect(fields, texts, false);
  return texts;
}

/** The texts of a form: its fields, and of files their names and what is text in them. */
export function textsInForm(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ name, filename, data }) => {
    if (filename === null) return noText.has(name) ? [] : [data.toString()];
    return isUtf8(data) ? [filename, data.toString()] : [filename];
  });
}

/** The texts of a body that no operation says how to read: of JSON its members, of all else itself. */
export function textsInUnknown(body: Uint8Array): readonly string[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  try {
    const value = parseStrictJson(body);
    return isRecord(value) ? [text, ...textsIn(value)] : [text];
  } catch (error) {
    if (error instanceof Refusal) return [text];
    throw error;
  }
}

/** Strict JSON is no deeper than this can follow (strict-json.ts). */
function collect(value: unknown, texts: string[], named: boolean): void {
  if (typeof value === "string") {
    if (!isEncoded(value)) texts.push(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, texts, named);
  } else if (typeof value === "object" && value !== null) {
    for (const key of Object.keys(value)) {
      const member = (value as JsonObject)[key];
      // Inside of a schema or of arguments a member's name is text, and none is known to be no text.
      if (named) texts.push(key);
      else if (noText.has(key) && !Array.isArray(member)) continue;
      collect(member, texts, named || isFree(key));
    }
  }
}

/** Members whose own members are named by whoever wrote the request. */
function isFree(key: string): boolean {
  return key === "parameters" || key === "schema" || key === "variables" || key === "metadata";
}

/** A `data:` URL in base64: an image, a sound, a file. What only begins like one is a text. */
function isEncoded(text: string): boolean {
  return text.startsWith("data:") && /^data:[^,\s]{0,200};base64,[\w+/=-]*$/.test(text);
}
