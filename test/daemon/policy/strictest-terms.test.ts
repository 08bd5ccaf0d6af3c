/** Where several rules want a review of one request, its terms are as strict as each of them. */
import { expect, test } from "vitest";
import type { GrantScope, Reviewers, ReviewTerms } from "../../../src/daemon/model/decision.js";
import type { Identity } from "../../../src/daemon/model/identity.js";
import { strictestTerms } from "../../../src/daemon/policy/strictest-terms.js";
import { grantOf } from "../../../src/daemon/reviews/grant-scope.js";
import { checkApprover } from "../../../src/daemon/reviews/reviewers.js";
import { reviewOf } from "../../contracts/review-records.js";
import { person, plain } from "../reviews/desk-room.js";

const scopes: readonly GrantScope[] = [
  { kind: "once" },
  { kind: "session" },
  { kind: "time", ms: 60_000 },
  { kind: "time", ms: 3_600_000 },
];
const lists: readonly (Reviewers | null)[] = [
  null,
  { groups: ["leads"], subjects: [], emails: [] },
  { groups: [], subjects: ["bob"], emails: [] },
];
const samples: readonly ReviewTerms[] = scopes.flatMap((remember, at) =>
  lists.map((by, place) => ({
    ...{ by, remember, self: (at + place) % 2 === 0, timeoutMs: 1000 * (1 + ((at * 7) % 5)) },
    approvals: 1 + ((at + place) % 3),
    ...(at === 0 && { atMost: scopes[place + 1] as GrantScope }),
  })),
);
const pairs = samples.flatMap((one) => samples.map((other) => [one, other] as const));

const lead = person("eve", { groups: ["leads"] });
const reviewers: readonly Identity[] = [
  person("ada"),
  person("bob"),
  lead,
  { ...person("bob"), groups: ["leads"] },
];

const takes = (act: () => unknown): boolean => {
  try {
    act();
    return true;
  } catch {
    return false;
  }
};
const grants = (terms: ReviewTerms, scope: GrantScope) =>
  takes(() => grantOf(reviewOf({ terms }), scope, new Date(0)));
const approves = (terms: ReviewTerms, reviewer: Identity) =>
  takes(() => checkApprover(reviewOf({ terms, identity: person("ada"), approvals: [] }), reviewer));

test("no reviewer may do with the terms together what one of them forbids", () => {
  for (const [one, other] of pairs) {
    const both = strictestTerms(one, [other]);
    for (const each of [one, other]) {
      expect(both.timeoutMs).toBeLessThanOrEqual(each.timeoutMs);
      expect(both.approvals).toBeGreaterThanOrEqual(each.approvals);
      expect(each.self || !both.self).toBe(true);
      for (const scope of scopes) {
        if (!grants(each, scope)) expect(grants(both, scope)).toBe(false);
      }
      for (const reviewer of reviewers) {
        if (!approves(each, reviewer)) expect(approves(both, reviewer)).toBe(false);
      }
    }
  }
});

test("what all of them allow stays allowed", () => {
  const short: ReviewTerms = { ...plain, remember: { kind: "time", ms: 60_000 } };
  const long: ReviewTerms = { ...plain, remember: { kind: "time", ms: 120_000 } };
  expect(strictestTerms(long, [short])).toEqual(short);
  expect(strictestTerms(short, [])).toBe(short);
  expect(strictestTerms(short, [short, short])).toEqual(short);
  const mayLonger = { ...plain, atMost: { kind: "time", ms: 120_000 } } as const;
  expect(strictestTerms(mayLonger, [short])).toEqual({ ...plain, atMost: short.remember });
  const byLeads = { ...plain, by: lists[1] as Reviewers };
  const byBob = { ...plain, by: lists[2] as Reviewers };
  const both = strictestTerms(byLeads, [byBob, byLeads]);
  expect(both).toMatchObject({ by: lists[1], andBy: [lists[2]] });
  expect(reviewers.filter((reviewer) => approves(both, reviewer))).toEqual([reviewers[3]]);
});
