import { expect, test } from "vitest";
import { chunkOf, lastChunk } from "../../../src/daemon/doors/chunk.js";

test.each([1, 15, 16, 255, 4096, 70_000])("%i bytes have their length before them", (length) => {
  const bytes = Buffer.alloc(length, "x");
  const head = `${length.toString(16)}\r\n`;
  const expected = Buffer.concat([Buffer.from(head), bytes, Buffer.from("\r\n")]);
  expect(chunkOf(bytes).equals(expected)).toBe(true);
});

test("a body ends with an empty chunk and no trailer", () => {
  expect(lastChunk.toString()).toBe("0\r\n\r\n");
});
