/**
 * Reply form: how a reply is to be searched, by what its head says of it.
 * Media, archives and the like are known as such and pass; what is not known
 * is text.
 */
import type { ReplyHead } from "../model/reply.js";
import { valueIn, valuesIn } from "./headers.js";

export type ReplyForm = "none" | "events" | "json" | "text" | "bytes";

const media =
  /^(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:zip|gzip|x-gzip|x-tar|x-7z-compressed|zstd|pdf|wasm|vnd\.openxmlformats[\w.-]*|msword|vnd\.ms-[\w.-]*|x-protobuf|protobuf|grpc)\b)/;
const json =
  /^(?:application|text)\/(?:[\w.+-]*\+)?(?:json|x-json|jsonl|x-jsonl|ndjson|x-ndjson|json-seq)\b/;

/** The form of a reply to this method. `application/octet-stream` is settled by its first bytes. */
export function replyForm(method: string, { status, headers }: ReplyHead): ReplyForm {
  if (method === "HEAD" || status === 204 || status === 304) return "none";
  const type = valueIn(headers, "content-type").trim().toLowerCase();
  if (/^text\/event-stream\b/.test(type)) return "events";
  if (json.test(type)) return "json";
  return media.test(type) ? "bytes" : "text";
}

/** Encodings in which a secret is the bytes that it is in ASCII. */
const asciiBased =
  /^(?:utf-?8|us-ascii|ascii|iso-?8859-\d+|latin\d|l1|windows-\d+|cp\d+|koi8-\w+|shift[_-]jis|euc-\w+|gb\w+|big5)$/i;

/** Why a reply that says it is a text cannot be read as one; undefined where it can. */
export function unreadableType({ headers }: ReplyHead): string | undefined {
  const types = valuesIn(headers, "content-type").join(",");
  // Fetch takes the last of them, others the first.
  if (types.replace(/"[^"]*"/g, "").includes(",")) {
    return "the reply says of itself that it is of two kinds";
  }
  for (const [, charset = ""] of types.matchAll(/;\s*charset\s*=\s*["']?([^"';\s]*)/gi)) {
    if (!asciiBased.test(charset)) return "the reply is in letters that cannot be searched";
  }
  return undefined;
}

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

/** Bytes that say whether a body of an unknown kind is one of text. */
const looked = 4096;

/** Is what begins so no text? A byte of zero stands in none. */
export function beginsBinary(chunk: Uint8Array): boolean {
  return chunk.subarray(0, looked).includes(0);
}

/** May such a body be no text, whatever it is said to be? */
export function maybeBinary({ headers }: ReplyHead): boolean {
  const type = valueIn(headers, "content-type").trim().toLowerCase();
  return type === "" || /^(?:application|binary)\/octet-stream\b/.test(type);
}
