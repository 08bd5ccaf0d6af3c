/** What arguments say at each depth; rules over them are tested in test/daemon/policy/tool-arguments.test.ts. */
import { expect, test } from "vitest";
import {
  deepestEscapes,
  escapedPieces,
  escapedTexts,
} from "../../../src/daemon/model/escaped-text.js";

test("the text, then its escapes resolved, with each string on lines of its own", () => {
  expect([...escapedTexts("ls")]).toEqual(["ls"]);
  expect([...escapedTexts('{"a":"b"}')]).toEqual(['{"a":"b"}', "{\na\n:\nb\n}"]);
  expect([...escapedTexts('["\\u0063url \\"x\\"\\n"]')]).toEqual([
    '["\\u0063url \\"x\\"\\n"]',
    '[\ncurl "x"\n\n]',
    '["curl "x"\n"]',
    "[\ncurl \nx\n\n\n]",
  ]);
  expect([...escapedTexts("\\u00zz\\")].at(-1)).toBe("u00zz\\");
});

test("a long text comes in parts that are the whole, and the depth has an end", () => {
  const text = "x".repeat(100_000);
  const parts = [...escapedTexts(text)].map((piece) =>
    typeof piece === "string" ? piece : piece.part,
  );
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.join("")).toBe(text);
  expect([...escapedTexts("\\".repeat(1 << 10))]).toHaveLength(1 + deepestEscapes);
});

test("a text in pieces says the same at any cut, also within an escape", () => {
  const text = '{"a":"\\\\u0063url \\u00e9\\n\\\\\\"x\\\\\\"","b":"日本\\u00zz\\';
  const said = (pieces: readonly string[]) => {
    const texts: string[] = [""];
    for (const piece of escapedPieces(() => pieces)) {
      texts.push((texts.pop() as string) + (typeof piece === "string" ? piece : piece.part));
      if (typeof piece === "string") texts.push("");
    }
    return texts;
  };
  const whole = said([text]);
  expect(whole.length).toBeGreaterThan(4);
  for (let at = 0; at <= text.length; at += 1) {
    expect(said([text.slice(0, at), text.slice(at)])).toEqual(whole);
  }
  expect(said([...text])).toEqual(whole);
});
