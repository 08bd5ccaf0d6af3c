/** The user's own patterns and words: found wherever the text is cut, held no longer than needed. */
import { expect, test } from "vitest";
import type { Finder, Finding } from "../../../../src/daemon/masking/engine/finding.js";
import {
  loadPatternFinders,
  PatternError,
} from "../../../../src/daemon/masking/own/pattern-finder.js";
import { createWordFinder } from "../../../../src/daemon/masking/own/word-finder.js";

const createPatternFinder = await loadPatternFinders();
const pattern = (match: string) => createPatternFinder({ name: "own", match });
const words = (...list: string[]) => createWordFinder({ name: "names", words: list });

const texts = (finder: Finder, text: string) =>
  finder.find(text).map(({ start, end }) => text.slice(start, end));

test.each<[string, string, string[]]>([
  ["ACME-[0-9]{6}", "of ACME-123456, ACME-12", ["ACME-123456"]],
  ["(?i)acme-\\d+", "of Acme-1 and ACME-22", ["Acme-1", "ACME-22"]],
  ["(?i)secret", "a \u017fecret", ["\u017fecret"]],
  ["ticket (\\w+|#\\d+)", "ticket abc, ticket #7", ["ticket abc", "ticket #7"]],
  ["x*", "axxb", ["xx"]],
  ["(?m)^key: .*$", "a\nkey: 😀 b\nc", ["key: 😀 b"]],
])("pattern %s in %j", (match, text, found) => {
  expect(texts(pattern(match), text)).toEqual(found);
});

test("a pattern that is none, or too large, is said to be", () => {
  expect(() => pattern("(a")).toThrow(PatternError);
  expect(() => pattern("(a")).toThrow("it is not a regular expression (RE2): missing closing )");
  expect(() => pattern("a{900}b{900}c{900}d{900}e{900}")).toThrow("it is too large: repeat less");
});

test("only what may be the beginning of a match is held", () => {
  const finder = pattern("ACME-[0-9]{6}");
  expect(finder.pending("of ACM")).toBe(3);
  expect(finder.pending("of ACME-12345")).toBe(3);
  expect(finder.pending("of ACME-12x")).toBe(11);
  expect(finder.pending("in prose.")).toBe(9);
  expect(finder.reach).toBeLessThan(40);
});

test("of a pattern that is not understood the last line is held, up to a bound", () => {
  const finder = pattern("\\QA.B\\E[0-9]+");
  expect(texts(finder, "A.B12 AxB1")).toEqual(["A.B12"]);
  expect(finder.pending("one\ntwo")).toBe(4);
  expect(finder.pending("a".repeat(5000))).toBe(5000 - 1024);
});

test("an unbounded pattern holds no more than its window, however hostile the text", () => {
  const finder = pattern("(?:a+)+b");
  const text = "a".repeat(20_000);
  expect(finder.find(text)).toEqual([]);
  expect(text.length - finder.pending(text)).toBeLessThanOrEqual(4097);
});

test.each<[string[], string, string[]]>([
  [["Kermit"], "KERMIT, kermit's and Kermits", ["KERMIT", "kermit"]],
  [["Project Falcon"], "the project falcon-x; project falcons", ["project falcon"]],
  [["Falcon", "Falcon Nine"], "falcon nine, falcon ten", ["falcon nine", "falcon"]],
  [["@acme/core", "C++"], "use @acme/core and c++", ["@acme/core", "c++"]],
  [["Größe", "straße"], "GRÖßE der Straße", ["GRÖßE", "Straße"]],
  [["東京"], "明日東京へ行く", ["東京"]],
  [["日本語abc"], "x 日本語ABC y", ["日本語ABC"]],
  [["İzmir"], "in İzmir", ["İzmir"]],
  [["", " ", "+++"], "a +++ b", []],
  [["ab"], "ab abc xab ab_ ab1 ab", ["ab", "ab"]],
])("words %j in %j", (list, text, found) => {
  expect(texts(words(...list), text)).toEqual(found);
});

test("a word is held from where it begins, and no longer than it may be one", () => {
  const finder = words("Kermit", "Project Falcon", "ab");
  expect(finder.pending("so ke")).toBe(3);
  expect(finder.pending("so Ker")).toBe(3);
  expect(finder.pending("so kermit")).toBe(3);
  expect(finder.pending("so kermits")).toBe(10);
  expect(finder.pending("a project fal")).toBe(2);
  expect(finder.pending("a project fel")).toBe(13);
  expect(finder.pending("of ab")).toBe(3);
  expect(finder.pending("so")).toBe(2);
});

test.each<[string, Finder, string]>([
  ["a bounded pattern", pattern("ACME-[0-9]{3,6}"), "x ACME-12 ACME-1234 ACME-12345678 y"],
  ["an unbounded pattern", pattern("(?i)key=[a-z]+;"), "key=abc; KEY=x; key=1; key=abc"],
  ["words", words("kermit", "project falcon", "falcon nine"), "Kermit's Project Falcon Nine ker"],
])("cut anywhere, %s says the same", (_name, finder, text) => {
  const whole = merged(finder.find(text));
  for (const size of [1, 2, 5]) {
    let certain = 0;
    const got: Finding[] = [];
    for (let end = size; certain < text.length; end += size) {
      const part = text.slice(0, end);
      const last = end >= text.length + size;
      const found = finder.find(part);
      let open = last ? part.length : finder.pending(part);
      for (const one of found) if (one.end > open && one.start < open) open = one.start;
      expect(open).toBeGreaterThanOrEqual(Math.min(certain, text.length));
      got.push(...found.filter((one) => one.end > certain && one.end <= open));
      certain = open;
      if (last) break;
    }
    expect(merged(got)).toEqual(whole);
  }
});

test("many thousand words cost a text no more than a few", () => {
  const list = Array.from({ length: 50_000 }, (_, index) => `falcon number${index}`);
  const finder = words(...list);
  const text = "falcon number4999 and falcon numberless; ".repeat(2_000);
  expect(finder.find(text)).toHaveLength(2_000);
  expect(finder.pending(`${text}falcon numb`)).toBe(text.length);
});

/** Those that overlap as one. */
function merged(findings: readonly Finding[]) {
  const rows: { start: number; end: number }[] = [];
  for (const { start, end } of [...findings].sort((a, b) => a.start - b.start)) {
    const last = rows.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else rows.push({ start, end });
  }
  return rows;
}
