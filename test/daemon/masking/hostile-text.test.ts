/** Work grows with the text, whatever it says: counted in attempts, not in time. */
import { expect, test } from "vitest";
import type { Rule } from "../../../src/daemon/masking/engine/rule.js";
import { createRuleFinder } from "../../../src/daemon/masking/engine/rule-finder.js";
import { secretRules } from "../../../src/daemon/masking/rules/index.js";
import { openMaskingOf } from "../../support/invented-rules.js";

let tried = 0;
const rules: readonly Rule[] = [
  {
    detector: "dash-key",
    about: "goes on over its own keyword",
    keywords: ["sk-"],
    before: 8,
    pattern: "[a-z]{0,8}sk-[a-z-]{8,64}",
    accept: count,
  },
  {
    detector: "generic-password",
    about: "two keywords of which one is in the other",
    keywords: ["password", "word"],
    before: 4,
    pattern: "(?:pass)?word[= ]{1,3}(?<secret>[a-z=]{6,40})",
    accept: count,
  },
];

function count(): boolean {
  tried += 1;
  return false;
}

const floods = {
  "sk-": "sk-",
  "password=": "password=",
  "an opening line": "-----BEGIN",
  "whole opening lines": `-----BEGIN ${"PRIVATE KEY"}-----\n`,
  backslashes: "\\",
  "escaped backslashes": "\\\\\\u005c",
  percent: "%25",
  base64: "c2st",
  "one letter": "A",
};

test.each(Object.entries(floods))("twice as much of %s is twice the work", (_, part) => {
  const workFor = (length: number) => {
    tried = 0;
    openMaskingOf(rules).mask(part.repeat(length / part.length));
    return tried;
  };
  const [half, whole] = [workFor(20_000), workFor(40_000)];
  expect(whole).toBeLessThanOrEqual(half * 2.2 + 100);
  expect(whole).toBeLessThan(40_000 * 2 * 15);
});

test.each(Object.entries(floods))("a stream of %s holds no more than the limit", (_, part) => {
  const stream = openMaskingOf(rules).openText();
  const piece = part.repeat(100);
  let pushed = 0;
  let left = 0;
  for (; pushed < 300; pushed += 1) {
    stream.push(piece);
    left += stream.settled().length;
    expect(stream.held() * piece.length).toBeLessThanOrEqual(8192 + 2 * piece.length);
  }
  stream.end();
  left += stream.settled().length;
  expect(left).toBe(pushed);
});

test.each([
  ["api_key and spaces", `api_key${" ".repeat(50)}`],
  ["an issuer, spaces and a sign", `new-relic${" ".repeat(48)}=`],
  ["tabs and line ends", `netlify${"\t".repeat(40)}\n\n\n\n`],
  ["closing marks", `token${"'".repeat(8)}${" ".repeat(30)}`],
])("the rules read %s in a time that no attempt multiplies", (_, part) => {
  const finder = createRuleFinder(secretRules);
  const text = part.repeat(Math.ceil(524_288 / part.length));
  finder.find(text.slice(0, 4096));
  const began = performance.now();
  finder.find(text);
  // It is about a fifth of that; with a row of spaces tried in each way it was three seconds.
  expect(performance.now() - began).toBeLessThan(1500);
});
