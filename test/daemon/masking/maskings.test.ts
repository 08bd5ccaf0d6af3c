import { expect, test } from "vitest";
import { createMaskings } from "../../../src/daemon/masking/maskings.js";
import { usualMasking } from "../../../src/daemon/model/masking-terms.js";

const maskings = createMaskings();
/** In the form that its issuer publishes, and nobody's. */
const secret = `ghp_${"aB3dE5fG7h".repeat(3)}JkL9mN`;

test("a policy may name groups and each detector, and each has its words", () => {
  const { detectors, about } = maskings;
  for (const name of ["secrets", "personal", "email", "private-key"]) {
    expect(detectors).toContain(name);
  }
  expect(detectors).toEqual([...new Set(detectors)].sort());
  expect(about("email")).toBeTypeOf("string");
  expect(about("private-key")).toBeTypeOf("string");
});

test("secrets are found by the usual terms, and what else is named by its own", async () => {
  const { masking, prepare } = maskings;
  maskings.warm();
  const text = `token ${secret}, ada@example.com, TCK-4711, Ada`;
  const usual = masking.open("a", usualMasking).mask(text);
  expect(usual.text).not.toContain(secret);
  expect(usual.text).toContain("ada@example.com, TCK-4711, Ada");

  const terms = {
    ...usualMasking,
    detectors: ["email"],
    patterns: [{ name: "ticket", match: "TCK-[0-9]+" }],
    words: [{ name: "people", words: ["ada"] }],
  };
  expect(() => maskings.masking.open("b", terms)).toThrow();
  await prepare(terms);
  expect(masking.open("b", terms).mask(text).text).toBe(
    `token ${secret}, [masked:email]#1, [masked:ticket]#2, [masked:people]#3`,
  );
});

test("one rule alone, and none", () => {
  const { detector = "" } = maskings.masking.open("c", usualMasking).mask(secret).findings[0] ?? {};
  const only = (detectors: string[]) =>
    maskings.masking.open("c", { ...usualMasking, detectors }).mask(secret).text;
  expect(only([detector])).toBe(`[masked:${detector}]#1`);
  expect(only([])).toBe(secret);
});
