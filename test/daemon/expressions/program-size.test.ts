/** What an expression costs to compile is known before it is compiled. */
import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { programSizeOf } from "../../../src/daemon/expressions/program-size.js";

const limit = 4000;

test.each([
  "(?i)\\bdrop\\s+(?:table|database)\\b",
  "TCK-\\d{6}",
  "[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}",
  "(?i)\\p{Greek}{3,}|[\\x{4e00}-\\x{9fff}]{2}",
  "\\Qa{1000}b{1000}\\E(?P<name>x|y)*",
  "a{1,900}b{1,900}",
  "[[:alpha:]\\]}{2]{30}",
  // Names in other letters than ours: a class that is repeated is read once.
  "(?i)клиент [а-яё]{3,40}",
  "(?i)[\\p{L}\\p{N} ]{1,200}",
  "\\p{Han}{2,300}",
])("%s is compiled, and no larger than was said", (source) => {
  const size = programSizeOf(source);
  expect(size).toBeLessThanOrEqual(limit);
  // A few instructions stand around every program.
  expect(RE2JS.compile(source).programSize()).toBeLessThanOrEqual(size + 10);
});

const letters = "A-\u{1e000}";

test.each([
  ["repeats beside each other", "x{1000}".repeat(140)],
  ["a long text, repeated", `(?:${"a".repeat(900)}){1000}`],
  ["what may be left out, repeated", `(?:${"a?".repeat(400)}){1000}`],
  ["classes, repeated", `(?:${"[a-c]".repeat(190)}){0,1000}`],
  ["repeats in a repeat", `(?:${"(?:a{31}){31}".repeat(70)})`],
  ["an open group", `(${"x{1000}".repeat(5)}`],
  ["ranges in any case", `(?i)${`[${letters}]`.repeat(200)}`],
  ["ranges in any case, in one class", `(?i)[${letters.repeat(250)}]`],
  ["any case, further on", `x(?-s:(?i)${`[${letters}]`.repeat(200)})`],
  ["classes of Unicode, merged", `[^${"\\pL\\PL".repeat(160)}]`],
  ["classes of Unicode", "\\pL".repeat(340)],
])("%s is too much before it is compiled", (_name, source) => {
  expect(programSizeOf(source)).toBeGreaterThan(limit);
});
