/**
 * Describe: action, path and body → operation. Reads all that a policy may ask
 * about, and refuses what it cannot read as the provider would: a body of
 * another kind than the action takes could mean something that was not looked at
 * (SECURITY P2, P3).
 */
import { isUtf8 } from "node:buffer";
import { notedIn, type OutlineLimits } from "../../formats/json/outline.js";
import { type BegunReading, type JsonReading, readJson } from "../../formats/json/reading.js";
import { isRecord, type JsonObject } from "../../formats/json/shapes.js";
import { parsedAtOnce } from "../../formats/json/strict.js";
import { MultipartError, type Part, partsOf } from "../../formats/multipart.js";
import type { Action, Operation } from "../../model/operation.js";
import type { PromptPiece } from "../../model/prompt.js";
import { Refusal } from "../../model/refusal.js";
import { atOnce } from "../../model/turns.js";
import type { Described, RequestHead } from "../provider.js";
import { modelsOfBatch } from "./batch-models.js";
import { mostOutputOf } from "./most-output.js";
import { growingLists, requestPlace } from "./places.js";
import { textsIn, textsInForm, textsInLarge } from "./prompt.js";
import { shownPath } from "./shown-path.js";
import { declaredIn, hostedToolsOf, otherNamesOf, toolsOf } from "./tools.js";

const provider = "openai";

/** What the request means; in steps where its body is large. */
export function* describeSteps(
  action: Action,
  head: RequestHead,
  body: Uint8Array,
  limits: OutlineLimits,
  begun?: BegunReading,
): Generator<void, Described> {
  const content = yield* contentOf(action, head, body, limits, begun);
  const { fields, models, prompt, reading } = content;
  const streamed = head.query !== "" && streamedBy(new URLSearchParams(head.query));
  checkSpelling(fields);
  checkShapes(action, fields);
  const declared = declaredIn(fields);
  const model = modelOf(fields) ?? modelInPath(action, head);
  if (model !== null) models.add(model);
  const alsoCalled = otherNamesOf(declared);
  // Member by member: what stands behind a spread is defined the slow way.
  const operation: Operation = {
    provider,
    method: head.method,
    path: shownPath(head),
    action: action.name,
    class: action.class,
    mintsCredential: action.mintsCredential,
    model,
    tools: toolsOf(declared),
    stream: fields.stream === true || streamed,
    hostedTools: hostedToolsOf(declared),
    store: storeOf(action, fields),
    background: fields.background === true,
    models: [...models],
    ...(alsoCalled && { alsoCalled }),
    otherModels: content.otherModels || runsUnnamedModel(action, models.size),
  };
  return { operation, prompt, mostOutput: mostOutputOf(action, fields), reading };
}

/** The same, all at once. */
export function describe(action: Action, head: RequestHead, body: Uint8Array): Described {
  return atOnce(describeSteps(action, head, body, { jsonValues: Number.POSITIVE_INFINITY }));
}

/** Work for models that were named before: in a batch's file, a prompt template, an assistant. */
const startsWork = new Set(["batches.create", "uploads.parts.create", "evals.runs.create"]);

/** May a model work on it that the request does not name? */
function runsUnnamedModel(action: Action, named: number): boolean {
  if (action.name === "batches.create" || action.name === "uploads.parts.create") return true;
  return named === 0 && (action.class === "inference" || startsWork.has(action.name));
}

const readNames = new Set([
  ...["model", "models", "tools", "functions", "stream", "store", "background", "session"],
  ...["input", "messages", "prompt", "instructions", "web_search_options"],
]);

/** Some servers read a member whatever the case of its letters: `Model` beside `model` is two requests. */
function checkSpelling(fields: JsonObject): void {
  for (const name of Object.keys(fields)) {
    if (readNames.has(name)) continue;
    const lower = name.length > 32 ? name : name.toLowerCase();
    if (lower !== name && readNames.has(lower)) {
      throw unreadable(`the member ${JSON.stringify(name)} is to be written ${lower}`);
    }
  }
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
  /** Every model that is named. */
  readonly models: Set<string>;
  /** It may name others that cannot be read. */
  readonly otherModels: boolean;
  readonly prompt: () => Iterable<PromptPiece>;
  /** Of a body that is JSON. */
  readonly reading: JsonReading | undefined;
}

const nothing = (): Content => ({
  reading: undefined,
  fields: {},
  models: new Set(),
  otherModels: false,
  prompt: () => [],
});

/** The request's members, however its body writes them. */
function* contentOf(
  { name, body: kind }: Action,
  head: RequestHead,
  body: Uint8Array,
  limits: OutlineLimits,
  begun?: BegunReading,
): Generator<void, Content> {
  if (body.length === 0) return nothing();
  if (kind === "none") throw unreadable(`${name} takes no body`);
  const type = mediaTypeOf(head.contentType);
  if (type === "application/json" || type.endsWith("+json")) {
    if (kind === "sdp") throw unreadable(`${name} takes SDP or a form, not ${type}`);
    checkCharset(head.contentType);
    const large = body.length > parsedAtOnce;
    const { fields, models, reading } = yield* jsonFields(body, "the body", limits, begun);
    const prompt = () => (large ? textsInLarge(asBuffer(body)) : textsIn(fields));
    return { fields, models, otherModels: false, prompt, reading };
  }
  if (kind === "json") throw unreadable(`${name} takes application/json, not ${typeName(type)}`);
  if (type === "multipart/form-data") {
    const parts = formParts(head.contentType, body);
    const { fields, models } = yield* formFields(parts, limits);
    const batch = name === "files.create" && fields.purpose === "batch";
    const otherModels = batch && !(yield* modelsOfBatch(parts, models, limits));
    const prompt = () => textsInForm(parts);
    return { fields, models, otherModels, prompt, reading: undefined };
  }
  if (kind === "sdp" && type === "application/sdp") return nothing();
  throw unreadable(`${name} does not take ${typeName(type)}`);
}

function* jsonFields(
  bytes: Uint8Array,
  what: string,
  limits: OutlineLimits,
  begun?: BegunReading,
): Generator<void, JsonFields> {
  const options = { what, place: requestPlace, growing: growingLists, limits, begun };
  const reading = yield* readJson(asBuffer(bytes), options);
  const { value, large, noted } = reading;
  if (!isRecord(value)) throw unreadable(`${what} is not a JSON object`);
  return {
    fields: value,
    models: new Set(large ? noted : notedIn(value, requestPlace)),
    reading,
  };
}

interface JsonFields {
  readonly fields: JsonObject;
  readonly models: Set<string>;
  readonly reading: JsonReading;
}

/** Bytes of a form's field that are read as its value. */
const longestField = 1 << 16;

/** The text fields of a form, as the JSON they stand for. */
function* formFields(
  parts: readonly Part[],
  limits: OutlineLimits,
): Generator<void, { readonly fields: JsonObject; readonly models: Set<string> }> {
  const fields: Record<string, unknown> = Object.create(null);
  const models = new Set<string>();
  for (const { name, filename, data } of parts) {
    if (filename !== null && (name === "model" || name === "session")) {
      throw unreadable(`the field ${name} is a file`);
    }
    // Files may share a name, and so may the items of a list: `include[]`.
    if (filename !== null || name.endsWith("]")) continue;
    if (name in fields) throw unreadable(`the form has the field ${JSON.stringify(name)} twice`);
    if (!isUtf8(data)) throw unreadable(`the field ${JSON.stringify(name)} is not UTF-8`);
    if (name === "session") {
      const session = yield* jsonFields(data, "the field session", limits);
      fields.session = session.fields;
      for (const model of session.models) models.add(model);
    } else {
      // Of a long text no rule asks what it is, but as a part of the prompt.
      fields[name] = asBuffer(data).toString("utf8", 0, longestField);
    }
  }
  return { fields: { ...fields, stream: flagIn(fields.stream) }, models };
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

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
