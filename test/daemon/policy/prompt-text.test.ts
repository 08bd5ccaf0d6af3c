/** What patterns see (P4), and that no prompt holds up the daemon (P5): counted, not timed. */
import { expect, test } from "vitest";
import { containsPattern, loadPatternCompiler } from "../../../src/daemon/policy/pattern.js";
import type { TextPattern } from "../../../src/daemon/policy/prompt-text.js";
import {
  plainText,
  promptTextOf,
  sliceLength,
  sliceOverlap,
} from "../../../src/daemon/policy/prompt-text.js";
import { inputOf, policyWhen } from "./input.js";

test.each([
  ["ｄｒｏｐ　ｔａｂｌｅ", "drop table"],
  ["dr\u200bop\u2060 ta\u00adble\ufeff", "drop table"],
  ["\u202edrop\u202c table", "drop table"],
  ["ﬁle", "file"],
  ["e\u200d\u0301", "é"],
  ["plain", "plain"],
])("P4: %j is seen as %j", (given, seen) => {
  expect(plainText(given)).toBe(seen);
});

test("P4: a rule finds what was hidden in it, and the input's own texts stay as they are", async () => {
  const { evaluate } = await policyWhen("prompt: { matches: ['(?i)drop\\s+table'] }", "deny");
  const texts = ["ｄｒ\u200bｏｐ", "table"];
  const input = inputOf({ text: texts });
  expect(evaluate(input).rule).toBe("r");
  expect(input.prompt()).toEqual(["ｄｒ\u200bｏｐ", "table"]);
});

/** A pattern that counts the characters it was made to look at. */
function counting(found: (text: string) => boolean = () => false) {
  const looks: number[] = [];
  const pattern: TextPattern = {
    source: "x",
    kind: "matches",
    anchored: false,
    find(text) {
      looks.push(text.length);
      return found(text);
    },
  };
  return { pattern, looks };
}

test("a prompt that could not be read is read from its beginning, and no part of it is the whole", async () => {
  let faults = 2;
  const text = "a".repeat(3 * sliceLength);
  const prompt = promptTextOf(function* () {
    yield text;
    if (faults-- > 0) throw new Error("cannot be read");
    yield "the end";
  });
  const { pattern } = counting((slice) => slice.includes("the end"));
  expect(() => prompt.long).toThrow("cannot be read");
  await expect(prompt.lookFor([pattern], async () => {})).rejects.toThrow("cannot be read");
  expect(prompt.has(pattern)).toBe(true);
  expect(prompt.size).toBe(`over ${sliceLength} characters`);
});

test("a short one that could not be read has its own size", () => {
  let faults = 1;
  const prompt = promptTextOf(function* () {
    yield { part: "" };
    if (faults-- > 0) throw new Error("cannot be read");
    yield "all of it";
  });
  expect(() => prompt.size).toThrow("cannot be read");
  expect(prompt.size).toBe("9 characters");
});

test("P5: 1 MB is read in slices, with a turn of the event loop after each", async () => {
  const prompt = promptTextOf(() => ["é\u200b ".repeat(350_000)]);
  const { pattern, looks } = counting();
  let turns = 0;
  await prompt.lookFor([pattern], async () => {
    turns += 1;
  });
  expect(Math.max(...looks)).toBeLessThanOrEqual(sliceLength);
  expect(looks.length).toBeGreaterThan(4);
  expect(turns).toBeGreaterThanOrEqual(looks.length);
  const looked = looks.length;
  expect(prompt.has(pattern)).toBe(false);
  expect(looks).toHaveLength(looked);
});

test("a match over the seam of two slices is found", () => {
  for (const at of [sliceLength - 5, sliceLength - sliceOverlap, 2 * sliceLength - sliceOverlap]) {
    const text = `${"a".repeat(at)}drop table${"b".repeat(sliceLength)}`;
    expect(promptTextOf(() => [text]).has(containsPattern("drop table"))).toBe(true);
  }
});

test("P5: work is linear in the prompt: hostile texts and expressions, twice the text is no more than twice the slices", async () => {
  const compile = await loadPatternCompiler();
  const hostile = compile("(x+x+)+y");
  const slices = async (size: number) => {
    let count = 0;
    const counted: TextPattern = {
      ...hostile,
      find(text, lowered) {
        count += 1;
        return hostile.find(text, lowered);
      },
    };
    await promptTextOf(() => ["x".repeat(size)]).lookFor([counted], async () => {});
    return count;
  };
  const [half, whole] = [await slices(500_000), await slices(1_000_000)];
  expect(whole).toBeLessThanOrEqual(2 * half);
});

test("P5: while a policy reads a large prompt, others run", async () => {
  const policy = await policyWhen("prompt: { matches: ['(?i)\\bdrop\\s+table\\b'] }", "deny");
  const input = inputOf({ text: `${"drop ".repeat(200_000)}table` });
  let others = 0;
  let over = false;
  const count = () => {
    others += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  await policy.prepare?.(input);
  over = true;
  expect(others).toBeGreaterThan(5);
  expect(policy.evaluate(input).rule).toBe("r");
});

test("the look for literals never misses what the expression matches", async () => {
  const compile = await loadPatternCompiler();
  const { RE2JS } = await import("re2js");
  const pieces = [
    "foo",
    "b",
    "[a-c]",
    "(x|yz)",
    "\\s+",
    "?",
    "*",
    "|",
    "bar",
    "{2}",
    "{",
    "\\.",
    ".",
  ];
  const words = ["foo", "FOO", "b", "a", "x", "yz", " ", "bar", ".", "{", "oo", "fo"];
  let seed = 7;
  const pick = <T>(from: readonly T[]): T => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return from[(seed >> 8) % from.length] as T;
  };
  let matched = 0;
  for (let round = 0; round < 4000; round += 1) {
    const source = Array.from({ length: 5 }, () => pick(pieces)).join("");
    const text = Array.from({ length: 8 }, () => pick(words)).join("");
    let expected: boolean;
    try {
      expected = RE2JS.compile(source).test(text);
    } catch {
      continue;
    }
    matched += Number(expected);
    expect(
      compile(source).find(text, () => text.toLowerCase()),
      `${source} in ${text}`,
    ).toBe(expected);
  }
  expect(matched).toBeGreaterThan(100);
});

test("P5: others run while a prompt is read that says nothing for a while", async () => {
  let read = 0;
  const prompt = promptTextOf(function* () {
    for (let at = 0; at < 1000; at += 1) {
      read += 1;
      yield { part: "" };
    }
    yield "drop table";
  });
  // Asked whether it is long, it reads no further than to the first pause.
  expect(prompt.long).toBe(true);
  expect(read).toBeLessThan(3);
  const at: number[] = [];
  const pattern = containsPattern("drop table");
  await prompt.lookFor([pattern], async () => {
    at.push(read);
  });
  expect(at.length).toBeGreaterThan(990);
  expect(prompt.has(pattern)).toBe(true);
  expect(prompt.size).toBe("10 characters");
  expect(prompt.long).toBe(false);
});
