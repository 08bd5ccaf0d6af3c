/** The least number of digits in a match. */
import { expect, test } from "vitest";
import { leastDigits } from "../../../src/daemon/expressions/digits.js";

test.each<[string, number]>([
  ["\\d{3}-\\d{2}", 5],
  ["[1-9]\\d{0,4}x", 1],
  ["1\\d|[0-9]{4}", 2],
  ["(?:ab|\\d)+", 0],
  ["[A-Z0-9]{4}", 0],
  ["(?<!\\d)(?i:0x)\\d", 2],
  ["(a", 0],
])("%s: %i", (pattern, digits) => {
  expect(leastDigits(pattern)).toBe(digits);
});
