/** What is no secret, whatever prefix it has; and what only looks like that. */
import { expect, test } from "vitest";
import { accepts } from "../../../../src/daemon/masking/engine/acceptance.js";
import { secretRules } from "../../../../src/daemon/masking/rules/index.js";
import { openMaskingOf } from "../../../support/invented-rules.js";

const masking = openMaskingOf(secretRules);
const real = ["q7Rk2vXn", "9TzLw4Bm", "8HsYc3Pd", "Jf5GdW1e", "Za"].join("");

test.each(["AKIA", "hf_", "ghp_", "sk-proj-", "glpat-"])(
  "%s filled with one character",
  (prefix) => {
    for (const one of ["A", "x", "X", "0"]) {
      for (const length of [16, 20, 34, 36, 48]) {
        const text = `key: ${prefix}${one.repeat(length)}.`;
        expect(masking.mask(text).text).toBe(text);
      }
    }
  },
);

test("a secret is one with a filling behind it too, and with a short one within", () => {
  const rule = { detector: "x", about: "x", keywords: ["x"], pattern: "x" };
  expect(accepts(rule, `hf_${real}${"x".repeat(200)}`)).toBe(true);
  expect(accepts(rule, `hf_${real.slice(0, 8)}AAAAAAAA${real.slice(8)}`)).toBe(true);
  expect(accepts(rule, `hf_${"x".repeat(34)}`)).toBe(false);
  for (const filling of ["0", "x", "A", "*"].map((one) => one.repeat(16))) {
    expect(accepts(rule, `${filling}hunter2!`)).toBe(true);
    expect(accepts(rule, `hunter2!${filling}`)).toBe(true);
    expect(accepts(rule, `hf_${filling}`)).toBe(false);
  }
  expect(accepts(rule, `hf_${real}\u001b[0m`)).toBe(false);
  expect(accepts(rule, `hf_${real}\u001b`)).toBe(true);
  expect(accepts({ ...rule, accept: () => false }, `hf_${real}`)).toBe(false);
});

const password = ["S3cret", "P4ss!", "word9"].join("");
/** What begins a control sequence and ends none, and what is one only when another is taken out. */
const broken = ["\u001b", "\u001b[", "\u001b[1;", "\u009b", "\u001b]0;", "\u0000"];
const nested = [
  "\u001b\u001b[0m[0m",
  "\u001b\u001b[31m[0m",
  "\u001b[\u001b[0m0m",
  "\u001b\u0000[0m",
];

test.each([...broken, ...nested, "\u001b[0m", "\u001b(B"])(
  "a secret beside %j is masked, whole and in pieces",
  (sign) => {
    for (const [before, behind] of [
      ["DB_PASSWORD=", ""],
      ["DB_PASSWORD=", "\nx=1\n"],
      ['token="', '"'],
      ['api_key="', '";\n'],
    ]) {
      const texts = [
        password + sign,
        sign + password,
        password.slice(0, 6) + sign + password.slice(6),
      ];
      for (const value of texts) {
        const text = `${before}${value}${behind}`;
        const masked = masking.mask(text).text;
        for (const piece of [password.slice(0, 6), password.slice(6)])
          expect(masked, JSON.stringify(text)).not.toContain(piece);
      }
    }
  },
);
