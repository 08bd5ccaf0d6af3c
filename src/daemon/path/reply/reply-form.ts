/**
 * Reply form: how a reply is to be searched. Its first bytes decide, since
 * SDKs read what they asked for, whatever content-type a gateway put on it:
 * the type only says what bytes of no plain form are. Media, archives and the
 * like are known as such and pass; what is not known is text.
 */
import type { ReplyHead } from "../../model/reply.js";
import { linesOf, valueIn } from "../headers.js";

/** What a head says. `unknown`: it may be text or not. */
export type DeclaredForm = "events" | "json" | "text" | "media" | "unknown";

const media =
  /^(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:zip|gzip|x-gzip|x-tar|x-7z-compressed|zstd|pdf|wasm|vnd\.openxmlformats[\w.-]*|msword|vnd\.ms-[\w.-]*|x-protobuf|protobuf|grpc)\b)/;
const json =
  /^(?:application|text)\/(?:[\w.+-]*\+)?(?:json|x-json|jsonl|x-jsonl|ndjson|x-ndjson|json-seq)\b/;

/** True of a reply that has no body, whatever its head says (RFC 9110 6.4.1). */
export function hasNoBody(method: string, { status }: ReplyHead): boolean {
  return method === "HEAD" || status === 204 || status === 304;
}

/** The form that a reply's content-type names. */
export function declaredForm({ headers }: ReplyHead): DeclaredForm {
  const type = valueIn(headers, "content-type").trim().toLowerCase();
  if (/^text\/event-stream\b/.test(type)) return "events";
  if (json.test(type)) return "json";
  if (media.test(type)) return "media";
  const unknown = type === "" || /^(?:application|binary)\/octet-stream\b/.test(type);
  return unknown ? "unknown" : "text";
}

/** May it be one JSON value by what its head says? A type for JSON lines means many. */
export function mayBeOneJson(head: ReplyHead): boolean {
  const declared = declaredForm(head);
  if (declared !== "json") return declared === "unknown";
  return !/^[^;]*(?:jsonl|ndjson|json-seq)/i.test(valueIn(head.headers, "content-type"));
}

/** Bytes of a reply that are looked at to tell its form. */
const looked = 4096;

/**
 * What a reply is by its first bytes: a stream of events with JSON in them, JSON, or neither.
 * Undefined where more bytes are needed to tell; `whole`: there are no more.
 */
export function beginsAs(
  start: Uint8Array,
  whole: boolean,
): "events" | "json" | "neither" | undefined {
  const text = Buffer.from(start.buffer, start.byteOffset, start.byteLength)
    .toString("latin1", 0, looked)
    .replace(/^\xef\xbb\xbf/, "");
  const more = whole || start.length >= looked ? "neither" : undefined;
  if (text.trim() === "") return more;
  if (/^\s*[{[]/.test(text)) return "json";
  const lines = text.split(/\r\n|\n|\r/);
  for (const [at, line] of lines.entries()) {
    const cut = at === lines.length - 1;
    const [, field, value = ""] = /^(data|event|id|retry|):(.*)$/.exec(line) ?? [];
    if (field === undefined) {
      if (line === "") continue;
      return cut && "\xef\xbb\xbfdata event id retry".includes(line) ? more : "neither";
    }
    const said = value.trimStart();
    if (field !== "data" || said === "") continue;
    // Files in YAML have such lines too, but no JSON behind the name.
    if (/^\{\s*["}]/.test(said) || (!cut && said.trim() === "{") || said.startsWith("[DONE]"))
      return "events";
    return cut && (/^\{\s*$/.test(said) || "[DONE]".startsWith(said)) ? more : "neither";
  }
  return more;
}

/** Encodings in which a secret is the bytes that it is in ASCII. */
const asciiBased =
  /^(?:utf-?8|us-ascii|ascii|iso-?8859-\d+|latin\d|l1|windows-\d+|cp\d+|koi8-\w+|shift[_-]jis|euc-\w+|gb\w+|big5)$/i;

/** Why a reply that says it is a text cannot be read as one; undefined where it can. */
export function unreadableType({ headers }: ReplyHead): string | undefined {
  const types = contentTypes(headers);
  // Fetch takes the last of them, others the first.
  if (types.length > 1 && new Set(types.map(plainType)).size > 1) {
    return "the reply has two content-types that differ";
  }
  for (const type of types) {
    for (const [, charset = ""] of type.matchAll(/;\s*charset\s*=\s*["']?([^"';\s]*)/gi)) {
      if (!asciiBased.test(charset)) return "the reply is in letters that cannot be searched";
    }
  }
  return undefined;
}

/** Each content-type that a head says, on one line or several. A quoted comma parts none. */
function contentTypes(headers: readonly string[]): readonly string[] {
  const lines = linesOf(headers, "content-type");
  const all = lines.join(",");
  if (!all.includes(",")) return lines;
  return (all.match(/(?:"[^"]*"|[^",])+/g) ?? []).filter((type) => type.trim() !== "");
}

/** A type as it reads: spaces, quotes and case do not make it another. */
const plainType = (type: string): string => type.toLowerCase().replace(/[\s"]/g, "");

/** Does it say that it is a text, so that bytes that are none must not pass? */
export function saysText({ headers }: ReplyHead): boolean {
  const type = valueIn(headers, "content-type").trim().toLowerCase();
  return json.test(type) || type.startsWith("text/");
}

/** Does a text begin as one of two or four bytes a letter does, which cannot be searched? */
export function beginsWide(start: Uint8Array): boolean {
  const [first, second] = start;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return marked || start.subarray(0, 4).includes(0);
}

/** Is what begins so no text? A byte of zero stands in none. */
export function beginsBinary(chunk: Uint8Array): boolean {
  return chunk.subarray(0, looked).includes(0);
}
