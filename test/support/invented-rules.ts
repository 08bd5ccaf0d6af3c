/** Rules for tests, and secrets to their shapes: no issuer's. */
import { createMasking } from "../../src/daemon/masking/create-masking.js";
import { createPrivateKeyFinder } from "../../src/daemon/masking/engine/private-key.js";
import type { Rule } from "../../src/daemon/masking/engine/rule.js";
import { createRuleFinder } from "../../src/daemon/masking/engine/rule-finder.js";
import type { SessionMasking } from "../../src/daemon/masking/masking.js";

export const inventedRules: readonly Rule[] = [
  {
    detector: "acme-token",
    about: "a fixed beginning, a length, an end",
    keywords: ["acm_"],
    exact: true,
    pattern: "(?<![A-Za-z0-9_])acm_[A-Za-z0-9]{20}(?![A-Za-z0-9_-])",
  },
  {
    detector: "acme-long",
    about: "a beginning that is another's with more behind it; any length",
    keywords: ["acm_live_"],
    pattern: "\\bacm_live_[A-Za-z0-9-]{16,64}",
  },
  {
    detector: "zorg-key",
    about: "known by its name only",
    keywords: ["zorg"],
    anyCase: true,
    pattern:
      "zorg[\\w.-]{0,20}[\"']?\\s{0,3}(?:=|:| is )\\s{0,3}[\"']?(?<secret>[0-9a-f]{32})(?![0-9a-f])",
  },
  {
    detector: "quill-key",
    about: "the keyword at its end",
    keywords: ["-ql7"],
    before: 24,
    pattern: "(?<![0-9a-z])[0-9a-z]{24}-ql7",
  },
  {
    detector: "generic-secret",
    about: "whatever is assigned to a secret, if there is a digit in it",
    keywords: ["secret"],
    anyCase: true,
    pattern: "secret[\"']{0,1} {0,2}[=:] {0,2}[\"']{0,1}(?<secret>[\\w.-]{12,40})",
    accept: (secret) => /\d/.test(secret),
  },
];

export const invented = {
  token: `acm_${"x7Kp2".repeat(4)}`,
  long: `acm_live_${"Qw3-9".repeat(5)}`,
  zorg: "0123456789abcdef".repeat(2),
  quill: `${"k3j9x2".repeat(4)}-ql7`,
} as const;

/** A session that looks for what these rules say, and for private keys. */
export function openMaskingOf(rules: readonly Rule[]): SessionMasking {
  const rule = createRuleFinder(rules);
  while (rule.prepare());
  const finders = [rule, createPrivateKeyFinder()];
  return createMasking({ compile: () => finders }).open("ses_1", {
    detectors: ["secrets"],
    patterns: [],
    words: [],
    requests: "record",
    restore: false,
  });
}
