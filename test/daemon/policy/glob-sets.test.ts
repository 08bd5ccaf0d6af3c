import { expect, test } from "vitest";
import { globOf } from "../../../src/daemon/policy/glob.js";
import { globCovers, globsMeet } from "../../../src/daemon/policy/glob-sets.js";

test.each([
  ["gpt-*", "gpt-5", true],
  ["gpt-*", "*-5", true],
  ["a*b", "*c", false],
  ["a?", "ab", true],
  ["a?", "a", false],
  ["*", "", true],
  ["a**b", "?*?", true],
  ["abc", "abd", false],
])("%s and %s have a text in common: %s", (one, other, meet) => {
  expect(globsMeet(one, other)).toBe(meet);
  expect(globsMeet(other, one)).toBe(meet);
});

test.each([
  ["*", "a*", true],
  ["gpt-*", "gpt-5*", true],
  ["gpt-*", "gpt*", false],
  ["?*", "*", false],
  ["????", "*", false],
  ["a?", "ab", true],
  ["ab", "a?", false],
])("%s covers %s: %s", (general, special, covers) => {
  expect(globCovers(general, special)).toBe(covers);
});

/** Every short glob and text over two letters, against each other. */
test("what is said of globs holds for all short texts", () => {
  const words = (letters: string, length: number): string[] =>
    length === 0
      ? [""]
      : [
          "",
          ...[...letters].flatMap((letter) => words(letters, length - 1).map((w) => letter + w)),
        ];
  const globs = [...new Set(words("ab*?", 3))];
  const texts = [...new Set(words("ab", 6))];
  const matched = new Map(
    globs.map((glob) => [glob, texts.filter((text) => globOf(glob).matches(text))]),
  );
  for (const one of globs) {
    const ones = new Set(matched.get(one));
    for (const other of globs) {
      const common = (matched.get(other) ?? []).some((text) => ones.has(text));
      expect(globsMeet(one, other), `${one} meets ${other}`).toBe(common);
      if (globCovers(one, other)) {
        const strays = (matched.get(other) ?? []).filter((text) => !ones.has(text));
        expect(strays, `${one} covers ${other}`).toEqual([]);
      }
    }
  }
});
