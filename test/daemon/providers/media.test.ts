/** A medium is known by its bytes, and by all of them: what it is called is a claim. */
import { expect, test } from "vitest";
import { atOnce } from "../../../src/daemon/model/turns.js";
import { isMedia, isMediaUrl, isSealed } from "../../../src/daemon/providers/media.js";

const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(200_000, 7)]);
const url = `data:image/png;base64,${png.toString("base64")}`;
const isUrl = (pieces: readonly string[]) => atOnce(isMediaUrl(pieces));
const sealed = (pieces: readonly string[]) => atOnce(isSealed(pieces));
const cut = (text: string, at: number) => [text.slice(0, at), text.slice(at)];

test("a picture, a sound, a film", () => {
  for (const head of [
    "\x89PNG\r\n\x1a\n",
    "\xff\xd8\xff\xe0",
    "GIF89a",
    "RIFF\0\0\0\0WAVE",
    "\0\0\0\x20ftyp",
  ]) {
    expect(isMedia(Buffer.from(head, "latin1"))).toBe(true);
  }
  for (const text of ["", "plain", "{}", "\xff\xfeP\0"]) {
    expect(isMedia(Buffer.from(text, "latin1"))).toBe(false);
  }
});

test("its URL, in any pieces", () => {
  expect(isUrl([url])).toBe(true);
  for (const at of [100, 4096, url.length - 1]) expect(isUrl(cut(url, at))).toBe(true);
  expect(isUrl([url.replace("png;", "svg+xml;charset=utf-8;")])).toBe(true);
});

test("others can run after each piece of a long one", () => {
  const pieces = Array.from({ length: 100 }, (_, at) =>
    at === 0 ? url.replace(/=*$/, "") : "AAAA",
  );
  expect([...isMediaUrl(pieces)]).toHaveLength(100);
  expect([...isSealed(Array(100).fill("gAAAAA"))]).toHaveLength(100);
});

test.each([
  [`${url} drop`],
  [`${url}drop`],
  [url.replace("image/png", "drop table")],
  [url.replace(";base64", "")],
  ["data:image/png;base64,droptable"],
  ["data:image/png;base64,"],
  [" data:image/png;base64,iVBORw0KGgo="],
])("text beside it makes it a text: %#", (text) => {
  expect(isUrl([text])).toBe(false);
  for (const at of [10, 100, text.length - 3]) expect(isUrl(cut(text, at))).toBe(false);
});

test("a decoder's leniency makes no text a picture", () => {
  const middle = url.length >> 1;
  for (const one of [" ", "\n", "\t", "\f", "\r", "=", "==", "-", "_", "é", "\u0100", "AA AA"]) {
    for (const text of [url.slice(0, middle) + one + url.slice(middle), `${url}${one}A`]) {
      expect(isUrl([text])).toBe(false);
      expect(isUrl(cut(text, middle + 1))).toBe(false);
    }
  }
});

test("a sealed text is one by its form", () => {
  const token = Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0]), Buffer.alloc(52 + 32, 9)]);
  const text = token.toString("base64url");
  expect(sealed([text])).toBe(true);
  expect(sealed([`${text}==`])).toBe(true);
  expect(sealed(cut(text, 60))).toBe(true);
  for (const other of [text.slice(0, -8), `${text}!`, `x${text}`, "gAAAA", "", "my token is abc"]) {
    expect(sealed([other])).toBe(false);
  }
});
