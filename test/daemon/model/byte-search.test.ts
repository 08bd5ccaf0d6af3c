import { expect, test } from "vitest";
import { createByteSearch } from "../../../src/daemon/model/byte-search.js";

const texts = ["sk-live-abcdefghijklmnop", "hxs_0123456789", "c2stbGl2\xff\x00"];
const search = createByteSearch(texts);
const bytesOf = (text: string) => Buffer.from(text, "latin1");

test("each text is found wherever it stands, and no part of one", () => {
  for (const text of texts) {
    for (let before = 0; before < 70; before += 1) {
      for (const around of ["x", "s", "hx", "\0"]) {
        const padding = around.repeat(before).slice(0, before);
        expect(search(bytesOf(padding + text + padding))).toBe(true);
        expect(search(bytesOf(padding + text.slice(0, -1)))).toBe(false);
        expect(search(bytesOf(text.slice(1) + padding))).toBe(false);
      }
    }
  }
});

test("short texts are found, one of a single character is refused", () => {
  expect(createByteSearch(["ab"])(bytesOf("xxxab"))).toBe(true);
  expect(createByteSearch(["ab"])(bytesOf("xxxa"))).toBe(false);
  expect(createByteSearch([])(bytesOf("anything"))).toBe(false);
  expect(() => createByteSearch(["a"])).toThrow("one character");
});
