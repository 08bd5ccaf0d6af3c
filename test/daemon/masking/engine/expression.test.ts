import { expect, test } from "vitest";
import {
  lengthOf,
  looksOf,
  parseExpression,
} from "../../../../src/daemon/masking/engine/expression.js";

test.each([
  ["abc", 3, 3],
  ["a?b{2,4}[\\]x-z]{3}", 5, 8],
  ["(?:ab|c(?<secret>d{0,3}))e", 2, 5],
  ["\\bx\\x41\\u0041\\-(?![a-z])", 4, 4],
  ["^(a|bcd){2}$", 2, 6],
  ["a{0,3}?.", 1, 4],
])("%s takes from %i to %i characters", (pattern, least, most) => {
  expect(lengthOf(parseExpression(pattern))).toEqual({ least, most });
});

test.each([
  ["a*", "unbounded"],
  ["a+b", "unbounded"],
  ["(?:a|b){2,}", "unbounded"],
  ["(a)\\1", "reference"],
  ["(?<other>a)", "kind of group"],
  ["(?=a){2}", "repeated boundary"],
  ["a)", "Unmatched"],
])("%s is refused: %s", (pattern, reason) => {
  expect(() => parseExpression(pattern)).toThrow(reason);
});

test("how far boundaries look", () => {
  const options = parseExpression("(?<!ab)x(?:\\b|y(?=cde))(?!f)");
  expect(looksOf(options, true)).toBe(3);
  expect(looksOf(options, false)).toBe(2);
});
