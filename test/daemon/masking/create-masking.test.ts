import { expect, test } from "vitest";
import { createMasking } from "../../../src/daemon/masking/create-masking.js";
import { createRuleFinder } from "../../../src/daemon/masking/engine/rule-finder.js";
import type { MaskingTerms } from "../../../src/daemon/model/masking-terms.js";
import { invented, inventedRules } from "../../support/invented-rules.js";

const terms: MaskingTerms = {
  detectors: ["secrets"],
  patterns: [],
  words: [],
  requests: "record",
  restore: false,
};
const { token, long, zorg } = invented;

function masking() {
  let compiled = 0;
  const created = createMasking({
    compile: () => {
      compiled += 1;
      return [createRuleFinder(inventedRules)];
    },
  });
  return { ...created, compiled: () => compiled };
}

test("a secret keeps its mark through a session, and has another in the next", () => {
  const { open, forget } = masking();
  expect(open("ses_1", terms).mask(`${token} ${long}`).text).toBe(
    "[masked:acme-token]#1 [masked:acme-long]#2",
  );
  const again = open("ses_1", terms);
  expect(again.mask(`zorg: ${zorg} ${long}`).text).toBe(
    "zorg: [masked:zorg-key]#3 [masked:acme-long]#2",
  );
  expect(again.secretOf("[masked:acme-long]#2")).toBe(long);
  expect(again.secretOf("[masked:acme-long]#9")).toBeUndefined();
  const other = open("ses_2", terms);
  expect(other.mask(long).text).toBe("[masked:acme-long]#1");
  forget("ses_1");
  expect(open("ses_1", terms).secretOf("[masked:acme-long]#2")).toBeUndefined();
  expect(open("ses_1", terms).mask(long).text).toBe("[masked:acme-long]#1");
});

test("findings say where they stood and what stands there", () => {
  const { findings } = masking().open("ses_1", terms).mask(`a ${token} b`);
  expect(findings).toEqual([
    { detector: "acme-token", start: 2, end: 2 + token.length, mark: "[masked:acme-token]#1" },
  ]);
});

test("a text without findings is the very same string", () => {
  const text = "nothing here";
  expect(masking().open("ses_1", terms).mask(text)).toEqual({ text, findings: [] });
});

test("the same terms are compiled once, whatever is done with requests", () => {
  const { open, compiled } = masking();
  open("ses_1", terms);
  open("ses_2", { ...terms, requests: "mask", restore: true });
  expect(compiled()).toBe(1);
  open("ses_2", { ...terms, words: [{ name: "w", words: ["x"] }] });
  expect(compiled()).toBe(2);
});

test("terms that cannot be compiled are refused", () => {
  const fails = createMasking({
    compile: () => {
      throw new Error("no such detector");
    },
  });
  expect(() => fails.open("ses_1", terms)).toThrow("no such detector");
});

test("findings that overlap are hidden together, under the name of who knows more", () => {
  const text = `secret: ${long}; secret = "x1x1x1x1x1x1"`;
  expect(masking().open("ses_1", terms).mask(text).text).toBe(
    'secret: [masked:acme-long]#1; secret = "[masked:generic-secret]#2"',
  );
});

test("the basis is another one once the same text may be masked otherwise, and of no other session", () => {
  const { open } = masking();
  const basis = () => open("ses_1", terms).basis();
  const first = basis();
  expect(open("ses_1", terms).mask(`${token} ${long}`).findings).toHaveLength(2);
  expect(basis()).toBe(first);
  expect(open("ses_1", { ...terms, requests: "mask" }).basis()).toBe(first);
  expect(open("ses_1", { ...terms, detectors: ["other"] }).basis()).not.toBe(first);
  expect(open("ses_2", terms).basis()).not.toBe(first);
  open("ses_1", terms).permit(`say ${token}`);
  const permitted = basis();
  expect(permitted).not.toBe(first);
  open("ses_1", terms).permit(`say ${token}`);
  expect(basis()).toBe(permitted);
});
