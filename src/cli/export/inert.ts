/**
 * Inert: strangers' text in Markdown, such that nothing in it can be more than
 * text: no heading, no HTML, no mention, no link, no end of the block it is in.
 */
import { escapeBlock, escapeLine } from "../output/escape.js";

/** A block of its own; its fence is longer than any run of backticks in it. */
export function fenced(text: string, language = "text"): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${escapeBlock(text)}\n${fence}\n`;
}

/** Code within a line or a table's cell. */
export function inlineCode(text: string): string {
  const line = escapeLine(text);
  if (line.trim() === "") return "—";
  const ticks = "`".repeat(longestRun(line) + 1);
  // A blank on both sides is taken away again, and keeps backticks apart.
  const padded = /^[` ]|[` ]$/.test(line) ? ` ${line} ` : line;
  return `${ticks}${padded}${ticks}`;
}

/** The same, in a table's cell, which a bar would end even in code, and a backslash does not always save. */
export function cellCode(text: string): string {
  return inlineCode(text.replaceAll("|", "\u2758"));
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
