import { expect, test } from "vitest";
import {
  binaryOf,
  createBinaryDecoder,
} from "../../../../src/daemon/control/policy/binary-text.js";

const samples: readonly Buffer[] = [
  Buffer.from("plain, é, €, 😀"),
  Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xbf, 0xc0, 0xc2, 0xe2, 0x82]),
  // A surrogate written in UTF-8, an overlong form, what is beyond Unicode, a character cut short.
  Buffer.from([0xed, 0xb2, 0x80, 0xc0, 0xaf, 0xf5, 0x80, 0x80, 0x80, 0x61, 0xf0, 0x9f, 0x98]),
  Buffer.concat([Buffer.from("😀"), Buffer.from([0x9f]), Buffer.from("é😀")]),
];

test("bytes come back as they were, wherever they are cut", () => {
  for (const bytes of samples) {
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        const decoder = createBinaryDecoder();
        const cuts = [
          bytes.subarray(0, first),
          bytes.subarray(first, second),
          bytes.subarray(second),
        ];
        const texts = [...cuts.map((cut) => decoder.push(cut)), decoder.end()];
        expect(Buffer.concat(texts.map(binaryOf))).toEqual(bytes);
      }
    }
  }
});

test("what is UTF-8 is read as text, beside what is not", () => {
  const decoder = createBinaryDecoder();
  expect(decoder.push(Buffer.concat([Buffer.from([0xff]), Buffer.from("Zoë 😀")]))).toBe(
    "\udcffZoë 😀",
  );
  expect(decoder.end()).toBe("");
});
