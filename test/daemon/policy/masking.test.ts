import { expect, test } from "vitest";
import { usualMasking } from "../../../src/daemon/model/masking-terms.js";
import { withFindings } from "../../../src/daemon/policy/findings.js";
import { type Layer, layeredPolicy } from "../../../src/daemon/policy/layers.js";
import { parsePolicy, usualTerms } from "../../../src/daemon/policy/parse.js";

const known = ["secrets", "email", "card", "aws-access-key"];

async function layer(masking: string, name: Layer["name"] = "user"): Promise<Layer> {
  const file = `${name}.yaml`;
  const text = `version: 1\nrules: []\nmasking: ${masking}`;
  const parsed = await parsePolicy(file, text, name, known);
  expect(parsed.problems).toEqual([]);
  return { name, file, text, ...parsed, unreadable: false };
}

const termsOf = (...layers: Layer[]) => layeredPolicy(layers).policy.masking;

test("without a word of it secrets are looked for, and requests are masked in the record", async () => {
  expect(layeredPolicy([]).policy.masking).toEqual(usualMasking);
  expect(termsOf(await layer("{}"))).toEqual(usualMasking);
});

test("what is said holds; detectors that are named are instead of the usual", async () => {
  const terms = termsOf(
    await layer(`
  detectors: [email]
  patterns: [{ name: ticket, match: "TCK-[0-9]+" }]
  words: [{ name: people, words: [Ada] }]
  requests: mask
  restore: true`),
  );
  expect(terms).toEqual({
    detectors: ["email"],
    patterns: [{ name: "ticket", match: "TCK-[0-9]+" }],
    words: [{ name: "people", words: ["Ada"] }],
    requests: "mask",
    restore: true,
  });
});

test("layers add up, and the strictest holds", async () => {
  const organisation = await layer("{ detectors: [secrets], requests: mask }", "organisation");
  const user = await layer("{ detectors: [email], requests: record, restore: true }");
  expect(termsOf(organisation, user)).toMatchObject({
    detectors: ["secrets", "email"],
    requests: "mask",
    restore: true,
  });
  const strict = await layer("{ requests: deny, restore: false }", "organisation");
  expect(termsOf(strict, user)).toMatchObject({ requests: "deny", restore: false });
});

test("a project's file adds and makes stricter; what it would take away is left out, and said", async () => {
  const user = await layer("{ requests: mask }");
  const more = await layer("{ detectors: [card], requests: deny }", "project");
  expect(termsOf(user, more)).toMatchObject({
    detectors: ["secrets", "card"],
    requests: "deny",
  });
  const less = await layer("{ detectors: [card], requests: off, restore: true }", "project");
  const { policy, problems } = layeredPolicy([user, less]);
  expect(policy.masking).toEqual({
    ...usualMasking,
    detectors: ["secrets", "card"],
    requests: "mask",
  });
  expect(problems.map(({ file, line, reason }) => [file, line, reason.split(",")[0]])).toEqual([
    ["project.yaml", 3, "masking.requests: off masks less"],
    ["project.yaml", 3, "masking.restore: true masks less"],
  ]);
  expect(termsOf(await layer("{ requests: off }", "project")).requests).toBe("record");
});

test.each([
  ["detectors: [emial]", "no detector emial", "did you mean email?"],
  ["detectors: [weather]", "no detector weather", "docs/masking.md lists them"],
  ['patterns: [{ name: x, match: "(" }]', "it is not a regular expression (RE2)", null],
  ['patterns: [{ name: x, match: "a*" }]', "it matches the empty text", "repeat once or more"],
  ['patterns: [{ name: email, match: "a" }]', "email is a detector already", "use another name"],
  [
    'patterns: [{ name: x, match: "a" }], words: [{ name: x, words: [b] }]',
    "two detectors have the name x",
    null,
  ],
  ['patterns: [{ name: "X y", match: "a" }]', "masking.patterns.0.name must be up to 40", null],
  ["requests: allow", 'masking.requests must be "off"', null],
  ["requests: reveiw", 'masking.requests must be "off"', "did you mean review?"],
  ["detector: [email]", "no key masking.detector", "did you mean detectors?"],
])("%s: %s", async (masking, reason, hint) => {
  const text = `version: 1\nrules: []\nmasking:\n  { ${masking} }`;
  const { masking: parsed, problems } = await parsePolicy("p.yaml", text, "user", known);
  expect(parsed).toBeUndefined();
  expect(problems[0]).toMatchObject({ file: "p.yaml", line: 4 });
  expect(problems[0]?.reason).toContain(reason);
  if (hint === null) expect(problems[0]?.hint).toBeNull();
  else expect(problems[0]?.hint).toContain(hint);
});

test("an edit of masking alone is another policy", async () => {
  const one = layeredPolicy([await layer("{ requests: mask }")]).policy.hash;
  expect(layeredPolicy([await layer("{ requests: deny }")]).policy.hash).not.toBe(one);
});

test("findings make a verdict stricter, never less strict", () => {
  const found = [{ detector: "aws-access-key", count: 2 }];
  const allow = { effect: "allow", rule: "a", reason: "r" } as const;
  const terms = (requests: typeof usualMasking.requests) => ({ ...usualMasking, requests });
  expect(withFindings(terms("record"), allow, found, "input")).toBe(allow);
  expect(withFindings(terms("deny"), allow, [], "input")).toBe(allow);
  expect(withFindings(terms("deny"), allow, found, "input")).toMatchObject({
    effect: "deny",
    rule: "masking/requests",
    reason: "the request has findings that are to be masked: 2 × aws-access-key, first in input",
  });
  const review = withFindings(terms("review"), allow, found, "input");
  expect(review).toMatchObject({ effect: "review", review: { approvals: 1, self: true } });
  // A rule's review is about the findings too, and no easier than theirs.
  const easy = { ...usualTerms, remember: { kind: "session" }, timeoutMs: 9e9 } as const;
  const origin = { layer: "project", file: "p.yaml", hash: "h" } as const;
  const ruled = { effect: "review", rule: "mine", reason: "r", origin, review: easy } as const;
  const both = withFindings(terms("review"), ruled, found, "input");
  expect(both).toMatchObject({ rule: "mine", origin, review: usualTerms });
  expect(both.also).toMatchObject([{ layer: "masking" }]);
  expect(both.reason).toMatch(/^r; the request has findings that are to be masked/);
  expect(withFindings(terms("deny"), ruled, found, "input").effect).toBe("deny");
  const denied = { effect: "deny", rule: "d", reason: "r" } as const;
  expect(withFindings(terms("deny"), denied, found, "input")).toBe(denied);
});
