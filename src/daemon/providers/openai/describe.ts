/**
 * Describe: action, path and body → operation. Reads all that a policy may ask
 * about, and refuses what it cannot read as the provider would: a body of
 * another kind than the action takes could mean something nobody looked at
 * (SECURITY P2, P3).
 */
import { isUtf8 } from "node:buffer";
import type { Action, Operation } from "../../model/operation.js";
import { Refusal } from "../../model/refusal.js";
import { MultipartError, type Part, partsOf } from "../multipart.js";
import type { Described, RequestHead } from "../provider.js";
import { parseStrictJson } from "../strict-json.js";
import { isRecord, type JsonObject } from "./json.js";
import { textsIn, textsInForm } from "./prompt.js";
import { shownPath } from "./shown-path.js";
import { declaredIn, hostedToolsOf, toolsOf } from "./tools.js";

const provider = "openai";

/** What the request means. */
export function describe(action: Action, head: RequestHead, body: Uint8Array): Described {
  const { fields, prompt } = contentOf(action, head, body);
  const streamed = head.query !== "" && streamedBy(new URLSearchParams(head.query));
  checkShapes(action, fields);
  const declared = declaredIn(fields);
  // Member by member: what stands behind a spread is defined the slow way.
  const operation: Operation = {
    provider,
    method: head.method,
    path: shownPath(head),
    action: action.name,
    class: action.class,
    mintsCredential: action.mintsCredential,
    model: modelOf(fields) ?? modelInPath(action, head),
    tools: toolsOf(declared),
    stream: fields.stream === true || streamed,
    hostedTools: hostedToolsOf(declared),
    store: storeOf(action, fields),
    background: fields.background === true,
  };
  return { operation, prompt };
}

const streamedBy = (query: URLSearchParams): boolean =>
  query.getAll("stream").some((word) => flagIn(word) !== false);

/** Members that rules ask about, in another shape than the API's: a lenient upstream would take them all the same. */
function checkShapes({ name }: Action, fields: JsonObject): void {
  for (const flag of ["stream", "store", "background"]) {
    const value = fields[flag] ?? false;
    // Of an image the background is a colour's name.
    const named = flag === "background" && name.startsWith("images.") && typeof value === "string";
    if (typeof value !== "boolean" && !named) throw unreadable(`${flag} is neither true nor false`);
  }
  for (const list of ["tools", "functions"]) {
    const value = fields[list] ?? [];
    if (!Array.isArray(value) || !value.every(isRecord)) {
      throw unreadable(`${list} is not a list of objects`);
    }
  }
}

/** Responses are kept unless the request says no, chat completions only where it says so. */
function storeOf({ name }: Action, { store }: JsonObject): boolean {
  return name === "responses.create" ? store !== false : store === true;
}

/** A request that is no operation of the API. */
export function describeUnknown(head: RequestHead): Operation {
  return {
    provider,
    method: head.method,
    path: shownPath(head),
    action: "unknown",
    class: "unknown",
    mintsCredential: false,
    model: null,
    tools: [],
    stream: false,
  };
}

interface Content {
  readonly fields: JsonObject;
  readonly prompt: () => readonly string[];
}

const nothing: Content = { fields: {}, prompt: () => [] };

/** The request's members, however its body writes them. */
function contentOf({ name, body: kind }: Action, head: RequestHead, body: Uint8Array): Content {
  if (body.length === 0) return nothing;
  if (kind === "none") throw unreadable(`${name} takes no body`);
  const type = mediaTypeOf(head.contentType);
  if (type === "application/json" || type.endsWith("+json")) {
    if (kind === "sdp") throw unreadable(`${name} takes SDP or a form, not ${type}`);
    checkCharset(head.contentType);
    const fields = jsonFields(body, "the body");
    return { fields, prompt: () => textsIn(fields) };
  }
  if (kind === "json") throw unreadable(`${name} takes application/json, not ${typeName(type)}`);
  if (type === "multipart/form-data") {
    const parts = formParts(head.contentType, body);
    return { fields: formFields(parts), prompt: () => textsInForm(parts) };
  }
  if (kind === "sdp" && type === "application/sdp") return nothing;
  throw unreadable(`${name} does not take ${typeName(type)}`);
}

function jsonFields(bytes: Uint8Array, what: string): JsonObject {
  const value = parseStrictJson(bytes, what);
  if (!isRecord(value)) throw unreadable(`${what} is not a JSON object`);
  return value;
}

/** The text fields of a form, as the JSON they stand for. */
function formFields(parts: readonly Part[]): JsonObject {
  const fields: Record<string, unknown> = Object.create(null);
  for (const { name, filename, data } of parts) {
    if (filename !== null && (name === "model" || name === "session")) {
      throw unreadable(`the field ${name} is a file`);
    }
    // Files may share a name, and so may the items of a list: `include[]`.
    if (filename !== null || name.endsWith("]")) continue;
    if (name in fields) throw unreadable(`the form has the field ${JSON.stringify(name)} twice`);
    if (!isUtf8(data)) throw unreadable(`the field ${JSON.stringify(name)} is not UTF-8`);
    fields[name] = name === "session" ? jsonFields(data, "the field session") : data.toString();
  }
  return { ...fields, stream: flagIn(fields.stream) };
}

/** A form's flag as lenient readers take it; what none of them does is refused as no flag. */
function flagIn(value: unknown): unknown {
  const word = typeof value === "string" ? value.toLowerCase() : "false";
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" || word === "" ? false : value;
}

function formParts(contentType: string, body: Uint8Array): readonly Part[] {
  try {
    return partsOf(contentType, body);
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
    throw unreadable(`the body is not multipart/form-data: ${error.message}`);
  }
}

/** Models are also named by the session of a realtime call. */
function modelOf(fields: JsonObject): string | null {
  const { session } = fields;
  const model = fields.model ?? (isRecord(session) ? session.model : undefined) ?? null;
  // A model of another shape would pass by every rule that names models.
  if (model !== null && typeof model !== "string") throw unreadable("model is not a string");
  return model;
}

function modelInPath({ name }: Action, { path }: RequestHead): string | null {
  if (!name.startsWith("models.") || name === "models.list") return null;
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
  } catch {
    throw unreadable("the model in the path is not UTF-8");
  }
}

function mediaTypeOf(contentType: string): string {
  if (contentType === "application/json") return contentType;
  return (contentType.split(";", 1)[0] as string).trim().toLowerCase();
}

function checkCharset(contentType: string): void {
  if (!contentType.includes(";")) return;
  for (const [, charset] of contentType.matchAll(/;\s*charset\s*=\s*"?([^";\s]*)/gi)) {
    if (!/^utf-?8$/i.test(charset as string)) throw unreadable("the body is not in UTF-8");
  }
}

const typeName = (type: string): string => (type === "" ? "a body without content-type" : type);

const unreadable = (message: string): Refusal => new Refusal("body_unreadable", message);
