/** Beginnings: every beginning of every match is one, on both engines. */
import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { beginningsOf } from "../../../src/daemon/expressions/beginnings.js";
import { patternOf, treeOf } from "../../../src/daemon/expressions/tree.js";

const cases: readonly (readonly [pattern: string, matches: readonly string[]])[] = [
  ["abc", ["abc"]],
  ["ab|cde", ["ab", "cde"]],
  ["a(?:b|cd)?e", ["abe", "acde", "ae"]],
  ["[0-9]{2,4}-x", ["12-x", "1234-x"]],
  ["a+b*c", ["aaac", "abbc"]],
  ["(?:ab){2}c", ["ababc"]],
  ["(?:a{1,2}b){1,3}", ["ab", "aabab", "abaabab"]],
  ["\\bkey=\\w{3}\\b", ["key=abc"]],
  ["(x|y(z))\\.", ["x.", "yz."]],
  ["(?P<name>a)[^]b]c", ["axc"]],
  ["a\\x41\\x{42}", ["aAB"]],
  ["a[[:digit:]]\\pL", ["a1b"]],
  ["a??b+?", ["ab", "bb"]],
  ["日本{2}", ["日本本"]],
  ["😀b", ["😀b"]],
  ["", []],
];

test.each(cases)("%s", (pattern, matches) => {
  const begun = beginningsOf(pattern);
  if (pattern === "") return expect(begun).toBeUndefined();
  const expression = RE2JS.compile(`(?:${begun?.pattern})\\z`);
  for (const match of matches) {
    expect(RE2JS.matches(pattern, match), match).toBe(true);
    const characters = Array.from(match);
    for (let length = 1; length <= characters.length; length += 1) {
      const beginning = characters.slice(0, length).join("");
      const matcher = expression.matcher(`- ${beginning}`);
      expect(matcher.find(), beginning).toBe(true);
      expect(matcher.start(), beginning).toBeLessThanOrEqual(2);
    }
    expect(match.length).toBeLessThanOrEqual(begun?.longest ?? 0);
  }
});

test("what is no beginning of a match is none", () => {
  const expression = new RegExp(`(?:${beginningsOf("ab{2,3}(?!-x)c?")?.pattern})$`);
  for (const text of ["b", "ac", "abd", "abbbb", "ab "]) expect(text).not.toMatch(expression);
  // More text may make a whole match none.
  for (const text of ["a", "ab", "abbb", "abbc", "abb-", "abb-x"]) expect(text).toMatch(expression);
});

test("a look at one character is over with that character", () => {
  const expression = new RegExp(`(?:${beginningsOf("ab(?![a-z])")?.pattern})$`);
  expect("ab").toMatch(expression);
  expect("abc").not.toMatch(expression);
});

test.each([
  "a(?i)b",
  "\\Qa.b\\E",
  "a**",
  "+a",
  "(ab",
  "ab)",
  "[a",
  "(?=",
  "a\\",
  "\\1",
  "[[:alpha]",
  "a++b",
])("what is not plainly understood has none: %s", (pattern) => {
  expect(beginningsOf(pattern)).toBeUndefined();
});

test("how long a match may be", () => {
  expect(beginningsOf("a{2,5}b")?.longest).toBe(12);
  expect(beginningsOf("a*b")?.longest).toBe(Number.POSITIVE_INFINITY);
  expect(beginningsOf("(?:\\b)*b")?.longest).toBe(2);
});

test("a pattern too large to be tried at every piece has none", () => {
  let pattern = "a";
  for (let depth = 0; depth < 60; depth += 1) pattern = `(?:${pattern}b){2}`;
  expect(beginningsOf(pattern)).toBeUndefined();
});

test("a tree says its pattern again", () => {
  const tree = treeOf("a(b|c{2,}d?)[x-z]+(?i:e)\\b");
  expect(tree && patternOf(tree)).toBe("a(?:b|c{2,}d?)[x-z]+(?i:e)\\b");
});
