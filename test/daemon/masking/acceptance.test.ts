/** What is no secret, whatever prefix it has; and what only looks like that. */
import { expect, test } from "vitest";
import { accepts } from "../../../src/daemon/masking/acceptance.js";
import { secretRules } from "../../../src/daemon/masking/rules/index.js";
import { openMaskingOf } from "../../support/invented-rules.js";

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
  expect(accepts(rule, `hf_${real}\u001b[0m`)).toBe(false);
  expect(accepts({ ...rule, accept: () => false }, `hf_${real}`)).toBe(false);
});
