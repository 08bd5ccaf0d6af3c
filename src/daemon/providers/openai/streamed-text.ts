/**
 * Streamed text: how many tokens a stream has brought, estimated from its
 * events. Text is in the strings of a member `delta`, or `text` in legacy
 * completions; providers send about one token an event, and a token has about
 * four characters. What the model thinks without showing it cannot be seen.
 */
const data = Buffer.from("data:");
const delta = Buffer.from('"delta":');
const legacy = Buffer.from('"text_completion"');
const legacyText = Buffer.from('"text":');

const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const brace = 0x7b;

/** Longer deltas are measured by their length alone. */
const longest = 4096;

export interface StreamedText {
  /** Takes a line of the stream. */
  line(line: Buffer): void;
  /** Tokens so far, about; null where no line was an event's. */
  tokens(): number | null;
}

/** Opens the count for one stream. */
export function openStreamedText(): StreamedText {
  let events = 0;
  let texts = 0;
  let characters = 0;

  return {
    line(line) {
      if (line.length < data.length || data.compare(line, 0, data.length) !== 0) return;
      events += 1;
      const found =
        textsAfter(line, delta) || (line.includes(legacy) ? textsAfter(line, legacyText) : 0);
      if (found === 0) return;
      texts += 1;
      characters += found;
    },
    tokens: () => (events === 0 ? null : Math.max(texts, Math.ceil(characters / 4))),
  };
}

/** Characters in what stands behind this name, wherever the line has it. */
function textsAfter(line: Buffer, name: Buffer): number {
  let found = 0;
  for (let at = line.indexOf(name); at !== -1; at = line.indexOf(name, at + name.length)) {
    found += textAt(line, at + name.length);
  }
  return found;
}

/** Characters in the string, or in the strings of the object, that begins here. */
function textAt(line: Buffer, from: number): number {
  let start = from;
  while (line[start] === space) start += 1;
  const object = line[start] === brace;
  if (!object && line[start] !== quote) return 0;
  if (line.length - from > longest) return line.length - from;
  return object ? textInObject(line.toString("latin1", start)) : stringEnd(line, start) - start - 1;
}

/** Where the string that begins here ends: its closing quote, or the line's end. */
function stringEnd(line: Buffer, start: number): number {
  let at = start + 1;
  while (at < line.length && line[at] !== quote) at += line[at] === backslash ? 2 : 1;
  return Math.min(at, line.length);
}

function textInObject(text: string): number {
  let length = 0;
  let depth = 0;
  for (const [token, string] of text.matchAll(/[{}]|:\s*"((?:[^"\\]|\\.)*)"|"(?:[^"\\]|\\.)*"/g)) {
    if (token === "{") depth += 1;
    else if (token === "}") depth -= 1;
    else length += string?.length ?? 0;
    if (depth === 0) break;
  }
  return length;
}
