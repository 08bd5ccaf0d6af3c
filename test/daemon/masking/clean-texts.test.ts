import { expect, test } from "vitest";
import { createCleanTexts } from "../../../src/daemon/masking/clean-texts.js";
import { createMasking } from "../../../src/daemon/masking/create-masking.js";

test("short texts are remembered the second time, long ones are not", () => {
  const clean = createCleanTexts();
  const [short, long] = ["prompt_tokens", "x".repeat(65)];
  const known = () => [clean.has(short), clean.has(long)];
  const add = () => {
    clean.add(short);
    clean.add(long);
    return known();
  };
  expect(known()).toEqual([false, false]);
  expect(add()).toEqual([false, false]);
  expect(add()).toEqual([true, false]);
});

const names = Array.from({ length: 10_000 }, (_, at) => `name ${at}`);

test("of names that come once, however many, none is remembered", () => {
  const clean = createCleanTexts();
  for (const name of names) clean.add(name);
  expect(names.filter((name) => clean.has(name))).toEqual([]);
});

test("it never grows without end", () => {
  const clean = createCleanTexts();
  for (const name of names) for (let time = 0; time < 2; time += 1) clean.add(name);
  expect(names.filter((name) => clean.has(name)).length).toBeLessThan(5000);
  expect(clean.has(names.at(-1) as string)).toBe(true);
});

test("what holds nothing under some terms may hold something under others", () => {
  const terms = { detectors: [], patterns: [], requests: "record", restore: false } as const;
  const masking = createMasking({
    compile: ({ words }) =>
      words.map(({ name, words: [word = ""] }) => ({
        reach: word.length,
        find: (text: string) =>
          text === word ? [{ detector: name, start: 0, end: text.length }] : [],
        pending: (text: string) => text.length,
      })),
  });
  const one = masking.open("a", { ...terms, words: [{ name: "people", words: ["ada"] }] });
  const other = masking.open("a", { ...terms, words: [{ name: "places", words: ["rome"] }] });
  for (let time = 0; time < 2; time += 1) {
    expect([one.mask("rome").text, other.mask("rome").text]).toEqual(["rome", "[masked:places]#1"]);
  }
});
