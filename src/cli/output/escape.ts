/**
 * Escape: makes text from outside safe to show. Titles, commands, prompts and
 * replies are written by strangers; a control or bidirectional character in
 * them must never reach the terminal as itself, in a table, a replay or JSON.
 * This is the one place that knows which characters those are.
 */

/**
 * C0, DEL and C1 controls (ESC, CSI, OSC among them), invisible and
 * bidirectional format characters, line and paragraph separators, tags, and
 * lone surrogates. Zero-width joiners stay: emoji are made of them.
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };

function shown(character: string): string {
  const short = named[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}

/** Text for one line: line breaks and tabs are shown as `\n` and `\t`. */
export function escapeLine(text: string): string {
  return text.replace(unsafe, shown);
}

/** Text of several lines: line breaks and tabs stay as they are. */
export function escapeBlock(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(unsafe, (character) =>
      character === "\n" || character === "\t" ? character : shown(character),
    );
}

/** Serialised JSON: what JSON.stringify leaves alone becomes `\uXXXX`, which means the same. */
export function escapeJson(json: string): string {
  return json.replace(unsafe, (character) => {
    if (character === "\n") return character; // indentation: in a string it is already `\n`
    let units = "";
    for (let at = 0; at < character.length; at += 1) {
      units += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }
    return units;
  });
}
