import { expect, test } from "vitest";
import type { Rule } from "../../../../src/daemon/masking/engine/rule.js";
import { createRuleFinder } from "../../../../src/daemon/masking/engine/rule-finder.js";
import { invented, inventedRules } from "../../../support/invented-rules.js";

const rule = (parts: Partial<Rule> & Pick<Rule, "keywords" | "pattern">): Rule => ({
  detector: "test-key",
  about: "of a test",
  ...parts,
});
const found = (parts: Parameters<typeof rule>[0], text: string) =>
  createRuleFinder([rule(parts)])
    .find(text)
    .map(({ start, end }) => text.slice(start, end));

test("the keyword is found in any case, and the expression means what it says", () => {
  const pattern = "tok_[a-z]{4}";
  expect(found({ keywords: ["tok_"], pattern }, "tok_abcd TOK_abcd tok_ABCD")).toEqual([
    "tok_abcd",
  ]);
  expect(found({ keywords: ["tok_"], pattern, anyCase: true }, "TOK_aBcd")).toEqual(["TOK_aBcd"]);
  const exact = { keywords: ["tok_"], pattern, anyCase: true, exact: true };
  expect(found(exact, "TOK_abcd tok_ABCD")).toEqual(["tok_ABCD"]);
});

test("the secret alone is hidden, where one is named", () => {
  const pattern = "key: (?<secret>[a-z]{4})!";
  expect(found({ keywords: ["key"], pattern }, "key: abcd! key: abcd?")).toEqual(["abcd"]);
});

test("a match may begin before its keyword, as far as the rule says, and at the first place", () => {
  const parts = { keywords: ["-zz"], pattern: "[a-z]{3,6}-zz", before: 6 };
  expect(found(parts, "abcdefgh-zz ab-zz abc-zz")).toEqual(["cdefgh-zz", "abc-zz"]);
});

test("what is not accepted is none; what throws is heard", () => {
  const parts = { keywords: ["tok_"], pattern: "tok_[0-9]{1,4}" };
  const accept = (secret: string) => secret.endsWith("7");
  expect(found({ ...parts, accept }, "tok_123 tok_127")).toEqual(["tok_127"]);
  const fails = () => {
    throw new Error("broken checksum");
  };
  expect(() => found({ ...parts, accept: fails }, "tok_1")).toThrow("broken checksum");
});

test("rules that cannot be held are refused when they are first used", () => {
  const unbounded = createRuleFinder([rule({ keywords: ["tok"], pattern: "tok[a-z]+" })]);
  expect(() => unbounded.find("")).toThrow("unbounded repeat");
  const long = createRuleFinder([rule({ keywords: ["tok"], pattern: "tok[a-z]{0,9000}" })]);
  expect(() => long.find("")).toThrow("9003 characters");
  expect(() => createRuleFinder([rule({ keywords: [], pattern: "tok" })]).find("")).toThrow();
});

test.each([
  ["nothing", "plain prose ends here", undefined],
  ["two characters of a fixed beginning", "see ac", undefined],
  ["three of them", "see acm", "acm"],
  ["the keyword", "see acm_", "acm_"],
  ["in the middle of a word it is none", "see xacm", undefined],
  ["what goes on", `see ${invented.token.slice(0, 15)}`, invented.token.slice(0, 15)],
  ["what could be longer", `see ${invented.long}`, invented.long],
  ["what its end decides", `see ${invented.token}`, invented.token],
  ["what cannot become one", "see acm_x! and more", undefined],
  ["before the secret", "zorg_key = ", undefined],
  ["a name alone", "use zorg", undefined],
  ["a keyword that is still to come", `the ${invented.quill.slice(0, 12)}`, "k3j9x2k3j9x2"],
  ["a word, though a keyword might come", "more information", undefined],
])("pending: %s", (_, text, held) => {
  const pending = createRuleFinder(inventedRules).pending(text);
  expect(text.slice(pending)).toBe(held ?? "");
});

test("pending: from the secret's first character on", () => {
  const text = `zorg_key = ${invented.zorg.slice(0, 1)}`;
  expect(createRuleFinder(inventedRules).pending(text)).toBeLessThan(text.length);
});
