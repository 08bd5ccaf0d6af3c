import { expect, test } from "vitest";
import { createKnownTextMasker } from "../../../../src/daemon/masking/text/echo-bytes.js";

const key = "sk-live-abcdefghijklmnop";
const token = "hxs_0123456789";

function mask(chunks: readonly Buffer[], texts: readonly string[]) {
  const masker = createKnownTextMasker(texts);
  const out = chunks.map((chunk) => masker.push(chunk));
  return { out, text: Buffer.concat([...out, masker.flush()]).toString(), count: masker.count() };
}

test("hides a text at every split, keeping the length", () => {
  const whole = Buffer.from(`{"a":"${key}","b":"${token}${token}","c":"sk-live-abc"}`);
  const expected = `{"a":"${"*".repeat(key.length)}","b":"${"*".repeat(2 * token.length)}","c":"sk-live-abc"}`;
  for (let at = 0; at <= whole.length; at += 1) {
    const { text, count } = mask([whole.subarray(0, at), whole.subarray(at)], [key, token]);
    expect(text).toBe(expected);
    expect(count).toBe(3);
  }
  const bytes = [...whole].map((byte) => Buffer.from([byte]));
  expect(mask(bytes, [key, token]).text).toBe(expected);
});

test("a chunk that holds nothing passes as the very same buffer", () => {
  const chunk = Buffer.from("data: hello\n\n");
  const { out } = mask([chunk], [key, token]);
  expect(out[0]).toBe(chunk);
});

test("holds back only an end that may be a beginning, and gives it back at the end", () => {
  const { out, text } = mask([Buffer.from("see sk-live"), Buffer.from("ly")], [key]);
  expect(out[0]?.toString()).toBe("see ");
  expect(text).toBe("see sk-lively");
});

test("the upstream's buffer is left as it was", () => {
  const chunk = Buffer.from(`x${key}`);
  mask([chunk], [key]);
  expect(chunk.toString()).toBe(`x${key}`);
});

test("a text that repeats its own beginning is found where it truly begins", () => {
  expect(mask([Buffer.from("aaa"), Buffer.from("ab.")], ["aab"]).text).toBe("aa***.".slice(0, 6));
});
