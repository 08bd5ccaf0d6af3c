/** A credential that a reply repeats is found as it is, URL-encoded, and in base64 at any offset. */
import { expect, test } from "vitest";
import { encodingsOf } from "../../../../src/daemon/masking/text/secret-encodings.js";

const secrets = ["sk-real-0123456789abcdef0123", "a+b/c=d?e&f>g~h", "kéy-ünd-schlüssel-ÿÿÿ"];

test.each(secrets)("%s: of each encoding nearly nothing is left", (secret) => {
  const encodings = encodingsOf(secret);
  expect(encodings[0]).toBe(secret);
  expect(encodings).toContain(encodeURIComponent(secret));
  for (const before of ["", "B", "Be", "Bearer ", "user:", "ab:c"]) {
    for (const after of ["", "x", "xy", "\n"]) {
      for (const encoding of ["base64", "base64url"] as const) {
        const written = Buffer.from(before + secret + after).toString(encoding);
        const left = encodings.reduce((text, one) => text.replaceAll(one, ""), written);
        // What is left has other texts' bits in it: a character at either end, and the padding.
        const others = Math.ceil((before.length * 8) / 6) + Math.ceil((after.length * 8) / 6);
        expect(left.length).toBeLessThanOrEqual(others + 5);
      }
    }
  }
});

test("what is too short to be a secret is not looked for, and half a character breaks nothing", () => {
  for (const short of ["", "e", "EMPTY", "ollama", "elevenchars"]) {
    expect(encodingsOf(short)).toEqual([]);
  }
  expect(encodingsOf("twelve-chars")[0]).toBe("twelve-chars");
  expect(encodingsOf(`half-\ud800-of-a-character`)[0]).toContain("half-");
});
