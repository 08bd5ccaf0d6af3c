import { expect, test } from "vitest";
import {
  createFindingTally,
  type MaskText,
  maskBeside,
} from "../../../src/daemon/providers/masked-text.js";

/** Finds what stands in quotes after a name. */
const assigned: MaskText = (text) => {
  const found = /password": "(\w+)/.exec(text);
  if (found === null) return { text, findings: [] };
  const start = found.index + found[0].length - (found[1] ?? "").length;
  const end = found.index + found[0].length;
  const finding = { detector: "assigned", start, end, mark: "*" };
  return { text: `${text.slice(0, start)}*${text.slice(end)}`, findings: [finding] };
};

test("a name that tells is looked at together with its value", () => {
  expect(maskBeside("password", "abc def", assigned)).toEqual({
    text: "* def",
    findings: [{ detector: "assigned", start: 0, end: 3, mark: "*" }],
  });
});

test("any other name, and a long value, are not", () => {
  expect(maskBeside("title", "abc", assigned).findings).toEqual([]);
  expect(maskBeside("password", "a".repeat(1000), assigned).findings).toEqual([]);
});

test("findings are counted by detector", () => {
  const tally = createFindingTally();
  tally.add([
    { detector: "a", mark: "1" },
    { detector: "b", mark: "2" },
  ]);
  tally.add([{ detector: "a", mark: "1" }]);
  expect([...tally.marks]).toEqual(["1", "2"]);
  expect(tally.counts("request")).toEqual([
    { detector: "a", count: 2, place: "request" },
    { detector: "b", count: 1, place: "request" },
  ]);
});
