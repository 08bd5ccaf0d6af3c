/** The list of all rules: each is well made, and they know enough issuers. */
import assert from "node:assert/strict";
import { test } from "vitest";
import { createMasking } from "../../../../src/daemon/masking/create-masking.js";
import { compileRule } from "../../../../src/daemon/masking/engine/compiled-rule.js";
import type { Rule } from "../../../../src/daemon/masking/engine/rule.js";
import { createRuleFinder } from "../../../../src/daemon/masking/engine/rule-finder.js";
import { secretRules } from "../../../../src/daemon/masking/rules/index.js";

const told = (rule: Rule) => `${rule.detector}: ${rule.about}`;
const wrong = (isWrong: (rule: Rule) => boolean) => secretRules.filter(isWrong).map(told);

test("names are words joined by hyphens, and what a rule is about is said", () => {
  assert.deepEqual(
    wrong(({ detector }) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(detector)),
    [],
  );
  assert.deepEqual(
    wrong(({ about }) => about.length < 5 || about.endsWith(".")),
    [],
  );
});

test("keywords are ASCII, three characters at least, lower case where any case counts", () => {
  const bad = (rule: Rule) => (keyword: string) =>
    keyword.length < 3 ||
    /[^\x20-\x7e]/.test(keyword) ||
    (!rule.exact && keyword !== keyword.toLowerCase());
  assert.deepEqual(
    wrong((rule) => rule.keywords.length === 0 || rule.keywords.some(bad(rule))),
    [],
  );
});

test("patterns are within the subset: bounded, no longer than what can be held", () => {
  const problems = secretRules.flatMap((rule) => {
    try {
      compileRule(rule);
      return [];
    } catch (error) {
      return [`${told(rule)}: ${(error as Error).message}`];
    }
  });
  assert.deepEqual(problems, []);
});

test("at least 150 kinds of secrets of issuers are known", () => {
  const general =
    /^(?:generic|jwt|authorization|bearer|connection|url|password|curl|session|private)/;
  const issuers = new Set(
    secretRules
      .filter(({ detector }) => !general.test(detector))
      .map(({ detector }) => detector.split("-")[0]),
  );
  assert.ok(issuers.size >= 150, `${issuers.size} issuers: ${[...issuers].sort().join(" ")}`);
});

test("prose that comes word by word is never waited for", () => {
  const compile = () => [createRuleFinder(secretRules)];
  const terms = {
    detectors: [],
    patterns: [],
    words: [],
    requests: "record",
    restore: false,
  } as const;
  const stream = createMasking({ compile }).open("s", terms).openText();
  const prose = `
    The daemon keeps its key in the keychain, and nobody sees it. A session has a token of its own;
    the token is short, works on one machine and dies with its run. The secret is what the upstream
    accepts, and a bearer token that leaks is worth a day. Users log in once with their company's
    account: then every request, reply and review is written down. Read "Access" in the manual,
    or see https://acme.test/docs/access for more. If a database such as Postgres or Redis is slow,
    its connection is closed after 30 seconds, and the next one - or the one after it - is tried.
    What the key is for does not matter; that it is random does.`;
  const held = (prose.match(/\s*\S+/g) ?? []).filter((word) => {
    stream.push(word);
    stream.settled();
    return stream.held() > 0;
  });
  assert.deepEqual(held, []);
});
