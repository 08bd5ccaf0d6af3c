/** Literals that stand in every match; where that is not plain, none. */
import { expect, test } from "vitest";
import { literalsOf } from "../../../src/daemon/expressions/literal.js";

test.each<[string, readonly string[] | undefined]>([
  ["(?i)\\bdrop\\s+table\\b", ["table"]],
  ["rm -rf", ["rm -rf"]],
  ["(abc|def)ghij", ["ghij"]],
  ["abcd|efgh", ["abcd", "efgh"]],
  ["abcd|ef", undefined],
  ["abcd?", ["abc"]],
  ["abcd*efg", ["abc"]],
  ["abc+defgh", ["defgh"]],
  ["foo{x|bar}baz", undefined],
  ["abc{2}defg", ["defg"]],
  ["[a-z]+@corp\\.example", ["@corp.example"]],
  ["[]x]yz[^]]|b", undefined],
  ["(?i:secret)", undefined],
  ["(?P<a>x)secret", undefined],
  ["\\Qa.b\\E", undefined],
  ["\\x41bcd", undefined],
  ["a.b", undefined],
])("literals of %s: %j", (pattern, literals) => {
  expect(literalsOf(pattern)).toEqual(literals);
});
