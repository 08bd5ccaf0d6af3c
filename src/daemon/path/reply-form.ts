/**
 * Reply form: how a reply is to be searched, by what its head says of it.
 * Media, archives and the like are known as such and pass; what is not known
 * is text.
 */
import type { ReplyHead } from "../model/reply.js";
import { valueIn } from "./headers.js";

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
