/**
 * Usage: reads what a reply cost off the bytes that stream by. It looks only
 * for the key `"usage"` — with plain quotes it cannot stand inside a JSON
 * string — and parses the small object behind it; the last one stated counts.
 * A chunk without it costs one search, and at most 4 KB are ever held. Of a
 * reply that states none the output is estimated from the text that came.
 */
import type { TokenUsage } from "../../model/transcript.js";
import type { UsageMeter } from "../provider.js";
import { isRecord } from "./json.js";
import { openReplyLines } from "./reply-lines.js";
import { openStreamedText } from "./streamed-text.js";
import { tellsError } from "./told-error.js";

const needle = Buffer.from('"usage"');
const quote = 0x22;
const held = 4096;
const none: Buffer = Buffer.alloc(0);

/** Opens a meter for one reply. */
export function openMeter(contentType: string): UsageMeter {
  const type = contentType.toLowerCase();
  const text = type.includes("json") || type.includes("event-stream");
  if (!text) return { push() {}, usage: () => null, estimate: () => 0, failed: () => false };
  return createMeter(type.includes("event-stream"));
}

function createMeter(streamed: boolean): UsageMeter {
  let found: TokenUsage | null = null;
  let told = false;
  let bytesSeen = 0;
  const streamedText = openStreamedText();
  const lines = openReplyLines(streamed, (line) => {
    told ||= tellsError(line);
    streamedText.line(line);
  });
  // From a needle, or the beginning of one, that the chunk before did not finish.
  let carry = none;

  return {
    usage: () => found,
    failed: () => (told ||= tellsError(lines.rest())),
    // A reply that says it is a stream, and is none, is measured as a body.
    estimate: () => (streamed ? streamedText.tokens() : null) ?? Math.ceil(bytesSeen / 4),
    push(chunk) {
      bytesSeen += chunk.byteLength;
      lines.push(chunk);
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      if (carry.length > 0) bytes = Buffer.concat([carry, bytes]);
      carry = none;
      let at = bytes.indexOf(needle);
      for (; at !== -1; at = bytes.indexOf(needle, at + needle.length)) {
        const value = objectAt(bytes, at + needle.length);
        if (value === "unfinished" && bytes.length - at < held) {
          carry = Buffer.from(bytes.subarray(at));
          return;
        }
        found = usageOf(value) ?? found;
      }
      const beginning = beginningOfNeedle(bytes);
      if (beginning.length > 0) carry = Buffer.from(beginning);
    },
  };
}

/** The end of the bytes with which the needle may begin. */
function beginningOfNeedle(bytes: Buffer): Buffer {
  const from = Math.max(0, bytes.length - needle.length + 1);
  for (let at = bytes.indexOf(quote, from); at !== -1; at = bytes.indexOf(quote, at + 1)) {
    const length = bytes.length - at;
    if (needle.compare(bytes, at, bytes.length, 0, length) === 0) return bytes.subarray(at);
  }
  return none;
}

/** Text of the object that follows a key; "" where none does. */
function objectAt(bytes: Buffer, from: number): string {
  let at = afterSpace(bytes, from);
  if (at === bytes.length) return "unfinished";
  if (bytes[at] !== 0x3a) return "";
  at = afterSpace(bytes, at + 1);
  if (at === bytes.length) return "unfinished";
  if (bytes[at] !== 0x7b) return "";
  const start = at;
  for (let depth = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      at += 1;
      while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === 0x5c ? 2 : 1;
    } else if (byte === 0x7b) depth += 1;
    else if (byte === 0x7d) {
      depth -= 1;
      if (depth === 0) return bytes.toString("latin1", start, at + 1);
    }
  }
  return "unfinished";
}

function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && /\s/.test(String.fromCharCode(bytes[at] as number))) at += 1;
  return at;
}

/** Responses say input and output, chat completions and embeddings prompt and completion. */
function usageOf(text: string): TokenUsage | null {
  const value = text === "" ? null : parsed(text);
  if (!isRecord(value)) return null;
  const input = value.input_tokens ?? value.prompt_tokens;
  const output = value.output_tokens ?? value.completion_tokens ?? 0;
  return isCount(input) && isCount(output) ? { input, output } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
