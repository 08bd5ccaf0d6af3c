/**
 * Prompt: all text in a request that the model will read — instructions,
 * messages, tool outputs, arguments of earlier calls, names, descriptions and
 * schemas of tools, names and texts of files. Everything that may be text is:
 * a member that is not known here is read here as it may be read there; left out
 * are the few that are known to be no text, where their value looks like none,
 * and media.
 */
import { isAscii } from "node:buffer";
import type { JsonObject } from "../../formats/json/shapes.js";
import { depthLimit, parsedAtOnce } from "../../formats/json/strict.js";
import { stringIn, stringPieces, textPieces } from "../../formats/json/text-pieces.js";
import { JsonError, type JsonTokens, openJsonTokens } from "../../formats/json/tokens.js";
import type { Part } from "../../formats/multipart.js";
import { escapedPieces, escapedTexts } from "../../model/escaped-text.js";
import type { PromptPiece } from "../../model/prompt.js";
import { atOnce } from "../../model/turns.js";
import type { UnreadableCheck } from "../masked-json.js";
import { isMediaUrl, isSealed } from "../media.js";
import { isFree } from "./places.js";

/** Members that the model does not see: a hosted MCP server's credentials. */
const unseen = new Set(["authorization", "headers"]);

/** Members whose text the model does not see, as long as it is one word. */
const words = new Set([
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
]);

/** Members that are no prompt: findings in them are masked in the record, and leave as they are. */
export const noText: ReadonlySet<string> = new Set([...unseen, ...words]);

/** Members whose value may be a medium in a `data:` URL. */
const mediaMembers: ReadonlySet<string> = new Set([
  "image_url",
  "file_data",
  "file_url",
  "audio_url",
  "video_url",
  "url",
  "image",
  "mask",
]);

/**
 * What tells of this member's value whether no model reads it as text, by all of its bytes: a
 * medium, or sealed by the provider. Undefined: it is a text, whatever it says.
 */
export function unreadableBy(name: string): UnreadableCheck | undefined {
  if (name === "encrypted_content") return isSealed;
  return mediaMembers.has(name) ? isMediaUrl : undefined;
}

const oneWord = /^[\w.:/@+=-]{0,200}$/;

/** The texts of a request's members, in their order. */
export function textsIn(fields: JsonObject): readonly PromptPiece[] {
  const texts: PromptPiece[] = [];
  collect(fields, texts, "", false);
  return texts;
}

/** Strict JSON is no deeper than this can follow. */
function collect(value: unknown, texts: PromptPiece[], name: string, named: boolean): void {
  if (typeof value === "string") {
    const unread = isNoText(name, named, value.length, () => [value]);
    if (!atOnce(unread)) texts.push(...readings(name, value));
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, texts, name, named);
  } else if (typeof value === "object" && value !== null) {
    for (const key of Object.keys(value)) {
      const member = (value as JsonObject)[key];
      const list = Array.isArray(member);
      if (named) texts.push(key);
      else if (unseen.has(key) && !list) continue;
      const object = typeof member === "object" && !list;
      collect(member, texts, key, named || isFree(key) || (object && holdsArguments(key)));
    }
  }
}

/** The input of a tool, as an object: names in it are the caller's. */
const holdsArguments = (name: string): boolean => name === "input";

/**
 * Is the text of this member none that the model reads? Inside of a schema or of arguments
 * (`named`) every text is one.
 */
function* isNoText(
  name: string,
  named: boolean,
  length: number,
  pieces: () => Iterable<string>,
): Generator<void, boolean> {
  if (named) return false;
  const check = unreadableBy(name);
  if (check !== undefined && (yield* check(pieces()))) return true;
  return words.has(name) && length <= 400 && (yield* every(pieces(), oneWord));
}

function* every(pieces: Iterable<string>, expression: RegExp): Generator<void, boolean> {
  for (const piece of pieces) {
    if (!expression.test(piece)) return false;
    yield;
  }
  return true;
}

/** Where the steps of other work have a yield, an empty part of the prompt: its reader lets others run. */
function* withPauses<Result>(steps: Generator<void, Result>): Generator<PromptPiece, Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield { part: "" };
  }
}

/**
 * What a text says: itself, of a tool's arguments what they say without their escapes, and of a
 * file in a `data:` URL what its bytes say.
 */
function* readings(name: string, text: string): Generator<PromptPiece> {
  if (name === "arguments") {
    yield* escapedTexts(text);
    return;
  }
  yield text;
  if (!mediaMembers.has(name)) return;
  const [, data] = /^data:[^,\s]{0,200};base64,([\w+/=-]+)$/.exec(text) ?? [];
  if (data !== undefined) yield Buffer.from(data, "base64").toString("utf8");
}

/** The texts of a large JSON body that was found to be strict JSON, in pieces. */
export function* textsInLarge(bytes: Buffer): Generator<PromptPiece> {
  const tokens = openJsonTokens(bytes, { depth: depthLimit, values: Number.POSITIVE_INFINITY });
  interface Level {
    readonly list: boolean;
    readonly named: boolean;
    readonly skipped: boolean;
    /** Of a list the name of the member that it is the value of. */
    name: string;
  }
  const levels: Level[] = [{ list: true, named: false, skipped: false, name: "" }];
  for (;;) {
    const token = tokens.next();
    if (token === "end") return;
    const level = levels.at(-1) as Level;
    if (token === "pause") yield { part: "" };
    else if (token === "name") {
      level.name = stringIn(bytes, tokens.start, tokens.end, tokens.escaped);
      if (level.named && !level.skipped) yield level.name;
    } else if (token === "}" || token === "]") levels.pop();
    else if (token === "{" || token === "[") {
      const { name } = level;
      const object = token === "{";
      levels.push({
        list: !object,
        named: level.named || isFree(name) || (object && !level.list && holdsArguments(name)),
        skipped: level.skipped || (!level.named && unseen.has(name) && object && !level.list),
        name,
      });
    } else if (token === "string" && !level.skipped) yield* textOf(tokens, level);
  }

  function* textOf(
    { start, end, escaped }: JsonTokens,
    { list, name, named }: Level,
  ): Generator<PromptPiece> {
    if (!named && !list && unseen.has(name)) return;
    const pieces = () => stringPieces(bytes, start, end, escaped);
    const inside = named || isFree(name);
    const short = end - start <= parsedAtOnce;
    const unread = isNoText(name, inside, end - start, pieces);
    if (short ? atOnce(unread) : yield* withPauses(unread)) return;
    if (short) {
      yield* readings(name, stringIn(bytes, start, end, escaped));
      return;
    }
    if (name === "arguments") {
      yield* escapedPieces(pieces);
      return;
    }
    for (const part of pieces()) yield { part };
    yield "";
    if (mediaMembers.has(name) && (yield* withPauses(every(pieces(), /^[^\s]*$/)))) {
      yield* decoded(pieces());
    }
  }
}

/** What a long text in base64 says behind its comma. */
function* decoded(pieces: Iterable<string>): Generator<PromptPiece> {
  let rest = "";
  let begun = false;
  for (const piece of pieces) {
    rest += begun ? piece : piece.slice(piece.indexOf(",") + 1);
    begun = true;
    const whole = rest.length - (rest.length % 4);
    yield { part: Buffer.from(rest.slice(0, whole), "base64").toString("utf8") };
    rest = rest.slice(whole);
  }
  yield Buffer.from(rest, "base64").toString("utf8");
}

/** The texts of a form: its fields, and of files their names and what they say. */
export function* textsInForm(parts: readonly Part[]): Generator<PromptPiece> {
  for (const { name, filename, data } of parts) {
    if (filename === null) {
      const word = words.has(name) && data.length <= 400 && oneWord.test(data.toString());
      if (!word && !unseen.has(name)) yield* textIn(data);
    } else {
      yield filename;
      yield* textIn(data);
    }
  }
}

/** Bytes as a text: a file with bytes in it that are not UTF-8 is read as far as it is. */
function* textIn(data: Uint8Array): Generator<PromptPiece> {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (bytes.length <= parsedAtOnce) {
    yield bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
    return;
  }
  for (const part of textPieces(bytes)) yield { part };
  yield "";
}

/** The texts of a body that no operation says how to read: itself, and of JSON its members. */
export function* textsInUnknown(body: Uint8Array): Generator<PromptPiece> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  yield* textIn(bytes);
  try {
    yield* textsInLarge(bytes);
  } catch (error) {
    // No JSON, or only at its beginning: what it says was read as one text.
    if (!(error instanceof JsonError)) throw error;
  }
}
