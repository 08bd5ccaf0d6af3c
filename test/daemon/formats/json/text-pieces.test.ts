/** Pieces join to the text, and no cut breaks a character or an escape. */
import { expect, test } from "vitest";
import { stringPieces, textPieces } from "../../../../src/daemon/formats/json/text-pieces.js";

const around = [-7, -6, -5, -4, -3, -2, -1, 0, 1].map((step) => (1 << 16) + step);

test.each(["a", "é", "日", "😀"])("UTF-8 of %s at every place of a cut", (letter) => {
  for (const before of around) {
    const text = "x".repeat(before) + letter.repeat(40_000);
    const pieces = [...textPieces(Buffer.from(text))];
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe(text);
  }
});

test("bytes that are no UTF-8, each a character", () => {
  const bytes = Buffer.alloc(200_000, "\xff\x00é", "latin1");
  expect([...textPieces(bytes, true)].join("")).toBe(bytes.toString("latin1"));
});

test.each(["\\n", "\\\\", '\\"', "\\u00e9", "\\ud83d\\ude00", "\\\\\\u0041", "é\\\\n"])(
  "escapes %s at every place of a cut",
  (written) => {
    for (const before of around) {
      const raw = "x".repeat(before) + written.repeat(30_000);
      const bytes = Buffer.from(`"${raw}"`);
      const pieces = [...stringPieces(bytes, 1, bytes.length - 1, true)];
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.join("")).toBe(JSON.parse(`"${raw}"`));
    }
  },
);
