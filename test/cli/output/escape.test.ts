import { expect, test } from "vitest";
import { escapeBlock, escapeJson, escapeLine } from "../../../src/cli/output/escape.js";

test.each([
  ["C0", "a\u0007b", "a\\x07b"],
  ["ESC", "\u001b[31mred", "\\x1b[31mred"],
  ["OSC", "\u001b]0;title\u0007", "\\x1b]0;title\\x07"],
  ["DEL", "\u007f", "\\x7f"],
  ["C1 CSI", "\u009b31m", "\\x9b31m"],
  ["bidirectional override", "a\u202eb", "a\\u202eb"],
  ["isolate", "\u2066x\u2069", "\\u2066x\\u2069"],
  ["mark", "\u200f", "\\u200f"],
  ["line separator", "\u2028", "\\u2028"],
  ["zero width space", "\u200b", "\\u200b"],
  ["tag", "\u{e0041}", "\\u{e0041}"],
  ["lone surrogate", "\ud800x", "\\ud800x"],
  ["line break", "a\nb\tc\r", "a\\nb\\tc\\r"],
])("%s", (_, raw, shown) => {
  expect(escapeLine(raw)).toBe(shown);
});

test("what people write stays as it is", () => {
  const text = "Grüße, 東京 👩‍👩‍👧 — “ok” naïve";
  expect(escapeLine(text)).toBe(text);
});

test("every C0, C1 and bidirectional control is escaped", () => {
  const codes = [...Array(32).keys(), 127, ...Array.from({ length: 32 }, (_, at) => 128 + at)];
  const bidi = [0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e];
  for (const code of [...codes, ...bidi, 0x2066, 0x2067, 0x2068, 0x2069]) {
    const character = String.fromCodePoint(code);
    expect(escapeLine(character), code.toString(16)).toMatch(/^\\[ntrxu]/);
  }
});

test("a block keeps its lines and tabs, and no lone carriage return", () => {
  expect(escapeBlock("a\r\nb\tc\rd\u001b")).toBe("a\nb\tc\\rd\\x1b");
});

test("JSON stays the same value", () => {
  const value = { text: "a\u009b\u202e\u{e0041}\u001b" };
  const json = escapeJson(JSON.stringify(value, null, 2));
  expect(JSON.parse(json)).toEqual(value);
  expect(json).not.toMatch(/[\u0080-\u009f\u202e]|\udb40/);
});
