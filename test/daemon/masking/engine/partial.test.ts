import { expect, test } from "vitest";
import { parseExpression } from "../../../../src/daemon/masking/engine/expression.js";
import {
  begunExpression,
  hasSecret,
  leastBeforeSecret,
  openExpression,
} from "../../../../src/daemon/masking/engine/partial.js";
import { numbersFrom } from "../../../support/masked-cuts.js";

const patterns = [
  "ab{2,3}",
  "ab{2,3}(?!b)",
  "a(?:b|bc|cab){1,2}c\\b",
  "(?:ab)?c{0,2}(?=ab)",
  "a.{0,3}(?<secret>b[bc]{1,3})a",
  "(?<![ab])a(?:bc?){0,2}$",
  "(?:a(?<secret>b{2}c{0,2})|cc)(?!a)",
];

/** What it derives is held against what it means: whether any ending makes a difference. */
test.each(patterns)("%s is open exactly where what follows may change its match", (pattern) => {
  const open = new RegExp(openExpression(parseExpression(pattern)), "y");
  const full = new RegExp(pattern, "y");
  const match = (text: string) => {
    full.lastIndex = 0;
    return full.exec(text)?.[0];
  };
  const endings = words("abc x", 4);
  for (const text of words("abc", 6)) {
    open.lastIndex = 0;
    const isOpen = open.test(text);
    const outcomes = new Set(endings.map((ending) => match(text + ending)));
    // Open may be said of what turns out the same; never the other way round.
    if (!isOpen) expect([...outcomes], text).toHaveLength(1);
  }
});

test("a match that no character may make longer is not open", () => {
  const open = (pattern: string, text: string) =>
    new RegExp(openExpression(parseExpression(pattern)), "y").test(text);
  expect(open("ab{2,3}", "abb")).toBe(true);
  expect(open("ab{2,3}", "abbb")).toBe(false);
  expect(open("ab{2,3}(?!b)", "abbb")).toBe(true);
  expect(open("ab{2,3}", "axb")).toBe(false);
});

test("begun is what has come into the secret, with three characters of a fixed beginning", () => {
  const begun = (pattern: string, text: string) =>
    new RegExp(begunExpression(parseExpression(pattern)), "y").test(text);
  expect(begun("key=(?<secret>[a-z]{4})", "key=")).toBe(false);
  expect(begun("key=(?<secret>[a-z]{4})", "key=x")).toBe(true);
  expect(begun("key=(?<secret>tok_[a-z]{4})", "key=to")).toBe(false);
  expect(begun("key=(?<secret>tok_[a-z]{4})", "key=tok")).toBe(true);
  expect(begun("key=(?<secret>[a-z]{4})(?!x)", "key=abcd")).toBe(true);
  expect(begun("key=(?<secret>[a-z]{4})", "key=abcd")).toBe(false);
  expect(begun("tok_[a-z]{4}", "tok_")).toBe(true);
});

test("what stands before the secret at least", () => {
  const before = (pattern: string) => leastBeforeSecret(parseExpression(pattern));
  expect(before("tok_[a-z]{4}")).toBe(0);
  expect(before("a{2,3}(?:b(?<secret>c))")).toBe(3);
  expect(before("ab(?<secret>c)|d")).toBe(0);
  expect(hasSecret(parseExpression("(?:a|(?:(?<secret>b)))"))).toBe(true);
});

/** Some of the words over these characters, up to a length: all of the short ones. */
function words(alphabet: string, longest: number): readonly string[] {
  const next = numbersFrom(7);
  let last = [""];
  const all = [""];
  for (let length = 1; length <= longest; length += 1) {
    last = last.flatMap((word) => [...alphabet].map((one) => word + one));
    if (last.length > 200) last = last.filter(() => next() < 200 / last.length);
    all.push(...last);
  }
  return all;
}
