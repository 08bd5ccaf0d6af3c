/**
 * Content: what stands in a message — a text, or parts of many types — as
 * turns: one for each text, and a note for what a terminal cannot show.
 */

import { isRecord, type JsonObject, recordsIn, textOf } from "../../formats/json/shapes.js";
import type { Turn } from "../provider.js";

/** One turn a part, in order; empty texts say nothing. */
export function contentTurns(role: string, content: unknown): readonly Turn[] {
  if (typeof content === "string") return content === "" ? [] : [message(role, content)];
  return recordsIn(content).map((part) => {
    const text = textIn(part);
    return text === null ? { kind: "note", text: noteOf(part) } : message(role, text);
  });
}

/** Content where only a text is of use: a tool's result. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content === undefined ? "" : JSON.stringify(content);
  return recordsIn(content)
    .map((part) => textIn(part) ?? `[${noteOf(part)}]`)
    .join("\n");
}

/** `1,234 bytes`. */
export function byteCount(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "byte" : "bytes"}`;
}

const message = (role: string, text: string): Turn => ({ kind: "message", role, text });

function textIn(part: JsonObject): string | null {
  if (typeof part.text === "string") return part.text;
  return typeof part.refusal === "string" ? part.refusal : null;
}

function noteOf(part: JsonObject): string {
  const type = textOf(part.type);
  if (type === "input_image" || type === "image_url")
    return mediaNote("image", part.image_url, part);
  if (type === "input_file" || type === "file") {
    const file = isRecord(part.file) ? part.file : part;
    return mediaNote("file", file.file_url ?? file.file_data, file);
  }
  if (type === "input_audio") {
    const audio = isRecord(part.input_audio) ? part.input_audio : part;
    return `audio of ${byteCount(decodedSize(textOf(audio.data)))}`;
  }
  return type === "" ? "content of an unknown kind" : type.replaceAll("_", " ");
}

function mediaNote(what: string, source: unknown, { filename, file_id }: JsonObject): string {
  const name = textOf(filename) || textOf(file_id);
  const url = isRecord(source) ? textOf(source.url) : textOf(source);
  const size = url === "" || /^https?:/.test(url) ? "" : byteCount(decodedSize(url));
  return [what, name || (size === "" ? url : ""), size].filter((word) => word !== "").join(" ");
}

/** Bytes that base64, with or without a `data:` head, stands for. */
function decodedSize(base64: string): number {
  return Buffer.byteLength(base64.slice(base64.indexOf(",") + 1), "base64");
}
