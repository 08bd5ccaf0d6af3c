/**
 * Control sequences: what a text tells a terminal (colours, titles, links, the
 * cursor's place) and a person does not see. ECMA-48, 5.4 and 5.6. They are no
 * letters of a secret, and may stand in the middle of one.
 */
import type { Code } from "./decoded-view.js";

const longestString = 1024;
const introducer = "(?:\\u001b\\[|\\u009b)";
const parameters = "[0-?]{0,64}[ -/]{0,4}";
/** A title, a link: one line that ends in BEL or ST. */
const string = `(?:\\u001b[\\]PX^_]|\\u009d)[^\\u0000\\u0007\\u001b\\u009b-\\u009d\\r\\n]{0,${longestString}}`;

const pieces = new RegExp(
  [
    `${introducer}${parameters}[@-~]`,
    `${string}(?:\\u0007|\\u001b\\\\|\\u009c)`,
    "\\u001b[ -/]{0,4}[0-~]",
    // A bell or an ST alone; every other character of a text in UTF-16 that was read as UTF-8.
    "[\\u0000\\u0007\\u009c]",
  ].join("|"),
  "g",
);
const cut = new RegExp(`(?:${introducer}${parameters}|${string}\\u001b?|\\u001b[ -/]{0,4})$`);
const longest = longestString + 4;
/**
 * Of each sequence what could be taken for text: its final letter, digit or `_`; the sign of one
 * that chooses characters (`ESC ( B`); the kind of a title (`ESC ] l`); and what begins and ends a
 * title or a link, whose text is a line of its own.
 */
const finals = new RegExp(
  [
    "\\u001b(?<sign>[()*+])(?<letter>[A-Za-z0-9_])?",
    `(?<before>${introducer}${parameters}(?![0-9])|\\u001b[ -/]{0,4})[A-Za-z0-9_]`,
    "(?<kind>\\u001b\\])[A-Za-z]",
    "(?<title>(?:\\u001b\\]|\\u009d)[0-9]{0,4});",
    "(?<string>\\u001b)\\\\",
    "[\\u0007\\u009c]",
  ].join("|"),
  "g",
);
/** From a sequence's beginning to its final character. */
const longestToFinal = 70;
const beginnings = ["\u001b", "\u009b", "\u009d", "\u0000", "\u0007", "\u009c"];

const sequenceMarks = ["\u001b", "\u009b", "\u0007", "\u009c"];

export const controlSequences: Code = {
  pieces,
  longest,
  mayStand: hasBeginning,
  read: () => "",
  cutAt(text) {
    const from = Math.max(0, text.length - longest);
    if (!hasBeginning(text, from)) return text.length;
    return from + (cut.exec(text.slice(from))?.index ?? text.length - from);
  },
};

/** A text that is whole without its control sequences; the very same where there are none. */
export function withoutControlSequences(text: string): string {
  return hasBeginning(text, 0) ? text.replace(pieces, "") : text;
}

/**
 * The last piece of a text (or all of it), with a NUL in place of each letter that ends a control
 * sequence: a rule must not take that letter for the beginning of a word; and with a line end in
 * place of what begins and ends a title: a value in it ends there. The length stays, and the pieces of a text
 * become what the whole would become.
 */
export function withoutFinals(piece: string, text = piece): string {
  const from = Math.max(0, text.length - piece.length - longestToFinal);
  const near = text.slice(from);
  if (!hasSequence(near)) return piece;
  return near.replace(finals, finalRead).slice(near.length - piece.length);
}

function finalRead(...found: readonly unknown[]): string {
  const { before, sign, letter, kind, title, string } = found.at(-1) as Record<string, string>;
  if (sign !== undefined) return `\u001b\n${letter === undefined ? "" : "\u0000"}`;
  const joined = before ?? kind;
  return joined === undefined ? `${title ?? string ?? ""}\n` : `${joined}\u0000`;
}

/** Whether a sequence may begin or end in a text. */
export function hasSequence(text: string): boolean {
  return sequenceMarks.some((mark) => text.includes(mark));
}

function hasBeginning(text: string, from: number): boolean {
  return beginnings.some((beginning) => text.includes(beginning, from));
}
