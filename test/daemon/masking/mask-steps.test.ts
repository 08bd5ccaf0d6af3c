/** A long text in steps: what comes is what comes at once, and others run between. */
import { expect, test } from "vitest";
import { createMaskings } from "../../../src/daemon/masking/maskings.js";
import { usualMasking } from "../../../src/daemon/model/masking-terms.js";
import { invented } from "../../support/invented.js";

const { masking } = createMaskings();
const length = 1 << 20;
const filled = (part: string) => part.repeat(Math.ceil(length / part.length)).slice(0, length);
/** Pieces of any length: 1, 2, 4 … characters. */
function* cut(text: string) {
  for (let at = 0, length = 1; at < text.length; at += length, length = (length * 2) % 99_991) {
    yield text.slice(at, at + length);
  }
}
const secret = `ghp_${invented.mixed(36)}`;

const charactersOfStep = 1 << 13;

test.each([
  ["prose", filled("the quick brown fox sets a token count to 17 in config.ts; ")],
  ["the same secret everywhere", filled(`key: ${secret}, `)],
  ["names", filled("password=")],
  ["base64", filled("QUJDREVGR0hJSktM")],
  ["base64 of secrets", Buffer.from(filled(`k=${secret} `)).toString("base64")],
  ["escapes", filled("\\u005c")],
  ["a key without an end", `-----BEGIN RSA PRIVATE KEY-----\n${filled("MIIEabcd\n")}`],
])("%s", (_name, text) => {
  const whole = masking.open("ses_1", usualMasking).mask(text);
  const steps = masking.open("ses_1", usualMasking).maskSteps(cut(text));
  let next = steps.next();
  let taken = 0;
  for (; !next.done; taken += 1) next = steps.next();
  expect(next.value).toEqual(whole.findings);
  // How long one of them takes is the bench's business.
  expect(taken).toBeGreaterThanOrEqual(length / charactersOfStep);
});

test("random bytes, in base64 and as they are, are looked at in time that is linear in them", () => {
  let state = 12345;
  const bytes = Buffer.from(
    Array.from({ length: 512 << 10 }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state >>> 16;
    }),
  );
  for (const text of [bytes.toString("base64"), bytes.toString("latin1")]) {
    const steps = masking.open("ses_1", usualMasking).maskSteps(cut(text));
    let next = steps.next();
    while (!next.done) next = steps.next();
    expect(Array.isArray(next.value)).toBe(true);
  }
});

test("a secret across the end of a step is found", () => {
  for (const before of [65_530, 65_536 - 20, 65_536 - 40]) {
    const text = `${"x ".repeat(before / 2)}${secret} ${"y ".repeat(20_000)}`;
    const steps = masking.open("ses_1", usualMasking).maskSteps(cut(text));
    let next = steps.next();
    while (!next.done) next = steps.next();
    expect(next.value.map(({ start, end }) => text.slice(start, end))).toEqual([secret]);
  }
});
