/**
 * Wrap: a sentence over as many lines as it needs, broken at blanks; a word
 * that is longer than a line is broken where the line ends, never cut away.
 */
import { widthOf } from "./width.js";

/** The lines; `width` cells each at most. The text must be escaped and without colour. */
export function wrapTo(text: string, width: number): readonly string[] {
  const room = Math.max(8, width);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) <= room) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const letter of word) {
      if (widthOf(line + letter) > room) {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  lines.push(line);
  return lines;
}
