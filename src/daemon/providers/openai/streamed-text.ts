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
      let found = 0;
      const key = line.includes(legacy) ? legacyText : delta;
      for (let at = line.indexOf(key); at !== -1; at = line.indexOf(key, at + key.length)) {
        found += textAt(line, at + key.length);
      }
      if (found === 0) return;
      texts += 1;
      characters += found;
    },
    tokens: () => (events === 0 ? null : Math.max(texts, Math.ceil(characters / 4))),
  };
}

/** Characters in the string, or in the strings of the object, that begins here. */
function textAt(line: Buffer, from: number): number {
  const text = line.toString("latin1", from, from + longest).trimStart();
  const object = text.startsWith("{");
  if (!object && !text.startsWith('"')) return 0;
  if (line.length - from > longest) return line.length - from;
  let length = 0;
  let depth = 0;
  for (const [token, string] of text.matchAll(/[{}]|:\s*"((?:[^"\\]|\\.)*)"|"(?:[^"\\]|\\.)*"/g)) {
    if (!object) return token.length - 2;
    if (token === "{") depth += 1;
    else if (token === "}") depth -= 1;
    else length += string?.length ?? 0;
    if (depth === 0) break;
  }
  return length;
}
