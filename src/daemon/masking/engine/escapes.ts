/**
 * Escapes: characters as JSON and programming languages (`\n`, `\u0041`,
 * `\x41`), URLs (`%41`) and HTML (`&quot;`) write them.
 */
import type { Code } from "./decoded-view.js";

/** Of URLs only ASCII: `%FEED_PASSWORD%` is a variable. */
const pieces =
  /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|033|e(?=\[))|%[0-7][0-9a-fA-F]|&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|amp|quot|apos|lt|gt);/g;
/** An escape that the text ends in. */
const cut = /(?:\\(?:u[0-9a-fA-F]{0,3}|x[0-9a-fA-F]?|03?|e)?|%[0-7]?|&[#a-z0-9]{0,7})$/;
const longest = 9;

const named: Readonly<Record<string, string>> = {
  b: "\b",
  e: "\u001b",
  "033": "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  amp: "&",
  quot: '"',
  apos: "'",
  lt: "<",
  gt: ">",
};

export const escapes: Code = {
  pieces,
  longest,
  // Most texts have one of these.
  mayStand: () => true,
  read: characterOf,
  cutAt(text) {
    const rest = cut.exec(text.slice(-longest));
    return text.length - (rest?.[0].length ?? 0);
  },
};

/** A text that is whole with its escapes read; the very same where there are none. */
export function withoutEscapes(text: string): string {
  if (!text.includes("\\") && !text.includes("%") && !text.includes("&")) return text;
  return text.replace(pieces, characterOf);
}

function characterOf(escaped: string): string {
  if (escaped.startsWith("%")) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
  const body = escaped.startsWith("&") ? escaped.slice(1, -1) : escaped.slice(1);
  if (/^[ux][0-9a-fA-F]{2,4}$/.test(body))
    return String.fromCharCode(Number.parseInt(body.slice(1), 16));
  if (body.startsWith("#x")) return String.fromCharCode(Number.parseInt(body.slice(2), 16));
  if (body.startsWith("#")) return String.fromCharCode(Number(body.slice(1)));
  return named[body] ?? body;
}
