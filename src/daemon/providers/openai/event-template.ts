/**
 * Event template: an event of a stream that says what the one before it said,
 * but for a piece of text, its numbers and its padding. Nearly all events of a
 * stream are such, and are read by comparing instead of parsing. What differs
 * anywhere else is read in full.
 */
import { type JsonNode, memberOf } from "../../formats/json/tree.js";
import type { PieceText } from "../text-reader.js";
import type { PlacedText } from "./event-texts.js";

/** What an event says that a template was recognised in. */
export interface RecognisedEvent {
  readonly texts: readonly PieceText[];
  readonly sequence: number | undefined;
}

export interface EventTemplate {
  /** Undefined for an event that says anything else. */
  recognise(said: string): RecognisedEvent | undefined;
}

interface Slot {
  readonly kind: "text" | "number" | "sequence" | "padding";
  readonly start: number;
  readonly end: number;
}

/** Members whose value is text however it looks. */
const textual =
  /^(?:delta|content|text|arguments|refusal|reasoning|reasoning_content|input|partial_json)$/;
/** Characters of a number that is one exactly. */
const longestNumber = 15;

/**
 * The template that an event is one of, where it is of the kind that comes again and again: a
 * single line of data, in which one piece of text goes on. `said` is all of the event, `data`
 * the JSON in it.
 */
export function eventTemplate(
  said: string,
  data: string,
  event: JsonNode,
  texts: readonly PlacedText[],
): EventTemplate | undefined {
  const ending = said.endsWith("\n\n") ? 2 : 0;
  const from = said.length - ending - data.length;
  // Of sound the pieces look like text, and are none.
  if (ending === 0 || !said.endsWith(data, said.length - ending) || said.includes("audio")) {
    return undefined;
  }
  const going = texts.findIndex(({ role }) => role === "delta");
  const piece = texts[going];
  if (piece === undefined || piece.instead !== undefined) return undefined;
  if (texts.some(({ role }, at) => at !== going && role !== "whole")) return undefined;
  const name = nameBefore(data, piece.start);
  if (name === undefined || !textual.test(name)) return undefined;

  const slots: Slot[] = [{ kind: "text", start: piece.start, end: piece.end }];
  for (const { key, node } of event.members ?? []) {
    // A place tells which text the piece belongs to.
    if (typeof node.value !== "number" || key.value.endsWith("index")) continue;
    const kind = key.value === "sequence_number" ? "sequence" : "number";
    slots.push({ kind, start: node.start, end: node.end });
  }
  const padding = memberOf(event, "obfuscation");
  // One that is read as a text is not passed over.
  if (typeof padding?.value === "string" && texts.every(({ start }) => start !== padding.start)) {
    slots.push({ ...padding, kind: "padding" });
  }
  slots.sort((one, other) => one.start - other.start);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of slots) {
    parts.push(said.slice(at, from + start));
    at = from + end;
  }
  const last = said.slice(at);
  const { role, of, name: named } = piece;

  return {
    recognise(said) {
      let at = 0;
      let text = "";
      let sequence: number | undefined;
      for (let index = 0; index < slots.length; index += 1) {
        const part = parts[index] as string;
        if (!said.startsWith(part, at)) return undefined;
        at += part.length;
        const kind = slots[index]?.kind;
        const isNumber = kind === "number" || kind === "sequence";
        const end = isNumber ? numberEnd(said, at) : literalEnd(said, at, kind === "text");
        if (end === -1) return undefined;
        if (kind === "sequence") sequence = Number(said.slice(at, end));
        else if (kind === "text") text = said.slice(at + 1, end - 1);
        at = end;
      }
      if (text === "" || at + last.length !== said.length || !said.endsWith(last)) return undefined;
      const value = text.includes("\\") ? parsed(text) : text;
      if (value === undefined) return undefined;
      // What is the same is the very same, for callers that remember what it holds.
      const now: PieceText[] = texts.slice();
      now[going] = { role, text: value, of, name: named };
      return { texts: now, sequence };
    },
  };
}

/** The name of the member that a value is of, where it is written without a space. */
function nameBefore(data: string, start: number): string | undefined {
  return /"([a-z_]{1,40})":$/.exec(data.slice(Math.max(0, start - 48), start))?.[1];
}

function parsed(inside: string): string | undefined {
  try {
    return JSON.parse(`"${inside}"`);
  } catch {
    return undefined;
  }
}

/** Behind a whole number's last figure; -1 where there is none. */
function numberEnd(said: string, start: number): number {
  let at = start;
  for (let code = said.charCodeAt(at); code >= 0x30 && code <= 0x39; code = said.charCodeAt(at)) {
    at += 1;
  }
  const zeros = said.charCodeAt(start) === 0x30 && at > start + 1;
  return at === start || zeros || at - start > longestNumber ? -1 : at;
}

/** Behind a literal's closing quote; -1 where it is none, or no base64 where it has to be. */
function literalEnd(said: string, start: number, anything: boolean): number {
  if (said.charCodeAt(start) !== 0x22) return -1;
  for (let at = start + 1; ; at += 1) {
    const code = said.charCodeAt(at);
    if (code === 0x22) return at + 1;
    // Also false of NaN, the code behind the end.
    if (!(code >= 0x20) || (!anything && !isBase64(code))) return -1;
    if (code === 0x5c) at += 1;
  }
}

const isBase64 = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x2b ||
  code === 0x2f ||
  code === 0x3d ||
  code === 0x2d ||
  code === 0x5f;
