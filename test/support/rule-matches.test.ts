/** The plain matcher: what it finds, and what it leaves. */
import assert from "node:assert/strict";
import { test } from "vitest";
import type { Rule } from "../../src/daemon/masking/engine/rule.js";
import { matchesOf } from "./rule-matches.js";

const token: Rule = {
  detector: "acme-token",
  about: "a token",
  keywords: ["acme_"],
  exact: true,
  pattern: "acme_[a-z0-9]{4}",
};
const named: Rule = {
  detector: "acme-key",
  about: "a key beside its name",
  keywords: ["acme"],
  pattern: "(?:my_)?acme=(?<secret>[0-9]{4})",
  anyCase: true,
  before: 3,
  accept: (secret) => secret !== "0000",
};

test("every match is found, its hidden part only, in order", () => {
  assert.deepEqual(matchesOf([named, token], "acme_ab12 MY_ACME=1234 acme=5678 acme_cd34"), [
    { detector: "acme-token", start: 0, end: 9 },
    { detector: "acme-key", start: 18, end: 22 },
    { detector: "acme-key", start: 28, end: 32 },
    { detector: "acme-token", start: 33, end: 42 },
  ]);
});

test("what is not accepted, or has its keyword in another case, is not found", () => {
  assert.deepEqual(matchesOf([named, token], "acme=0000 ACME_ab12"), []);
});
