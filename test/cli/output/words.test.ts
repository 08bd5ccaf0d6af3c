/** Lines cut at blanks: nothing else left out, none too wide, each piece where it says it is. */
import { expect, test } from "vitest";
import { widthOf } from "../../../src/cli/output/width.js";
import { wrapWords } from "../../../src/cli/output/words.js";

const lines = [
  "",
  "one",
  "a line that is longer than it may be",
  "averyveryverylongwordthatfitsnowhere and more",
  "  two blanks   and three",
  "日本語の文章 と words 👩‍👩‍👧 mixed",
  "日本語の文章も折り返されます。日本語の文章も折り返されます。",
  "trailing ",
  " ",
];

test.each(lines)("%j", (line) => {
  for (const width of [8, 10, 13, 40, 200]) {
    const pieces = wrapWords(line, width);
    let end = 0;
    for (const { piece, offset } of pieces) {
      expect(widthOf(piece.trimEnd())).toBeLessThanOrEqual(width);
      expect(line.slice(offset, offset + piece.length)).toBe(piece);
      expect(line.slice(end, offset)).toMatch(/^ ?$/);
      end = offset + piece.length;
    }
    expect(line.slice(end)).toMatch(/^ ?$/);
  }
});

test("much on one line", () => {
  const line = "word 語 ".repeat(50_000);
  const pieces = wrapWords(line, 80);
  expect(pieces.at(-1)?.offset).toBeGreaterThan(line.length - 100);
});
