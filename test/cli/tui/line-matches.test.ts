/** A text in wrapped lines: without case, across breaks, and each piece knows its match. */
import { Chalk } from "chalk";
import { expect, test } from "vitest";
import { wrapCells } from "../../../src/cli/output/cells.js";
import { markedText, matchesIn, matchMark } from "../../../src/cli/tui/line-matches.js";

const lines = [`${"x".repeat(16)}Needle y needle`, "none", ""].flatMap((line) =>
  wrapCells(line, 20).map(({ piece, offset }) => ({ text: piece, offset })),
);

test("a search is without case and finds what a line break splits", () => {
  const found = matchesIn(lines, "NEEDLE");
  expect(found.map(({ number }) => number)).toEqual([0, 0, 1]);
  const shown = found.map(({ line, from, to }) => lines[line]?.text.slice(from, to));
  expect(shown).toEqual(["Need", "le", "needle"]);
  expect(matchesIn(lines, "")).toEqual([]);
  expect(matchesIn(lines, "needlen")).toEqual([]);
});

test("matches are marked in the margin too, and the text is all there", () => {
  const found = matchesIn(lines, "needle").filter(({ line }) => line === 1);
  expect([matchMark(found, 1), matchMark(found, 7), matchMark([], 1)]).toEqual(["›", "·", " "]);
  const plain = { colours: new Chalk({ level: 0 }), paint: String };
  expect(markedText("le y needle", found, 1, plain)).toBe("le y needle");
});
