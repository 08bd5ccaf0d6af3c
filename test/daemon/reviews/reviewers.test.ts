/** Who counts as another person (SECURITY A8): a login that the requester's own issuer tells apart, and nobody else. */
import { expect, test } from "vitest";
import type { ReviewTerms } from "../../../src/daemon/model/decision.js";
import type { Identity } from "../../../src/daemon/model/identity.js";
import { checkApprover, countedApprovals } from "../../../src/daemon/reviews/reviewers.js";
import { reviewOf } from "../../contracts/review-records.js";
import { person, plain } from "./desk-room.js";

const ada = person("ada");
const system: Identity = { ...person("ada"), issuer: "os:laptop", email: null, profile: null };
const elsewhere = person("ada.l", { issuer: "https://other.example" });
const others = { ...plain, self: false };
const two = { ...plain, approvals: 2 };

const approval = (by: Identity) => ({ by, at: new Date(0), comment: null });
const asked = (terms: ReviewTerms, identity = ada, ...given: Identity[]) =>
  reviewOf({ id: "rev_1", rule: "r", terms, identity, approvals: given.map(approval) });

test.each([
  ["another person", others],
  ["two people", two],
])("a rule that wants %s takes logins at the requester's issuer alone", (_name, terms) => {
  const review = asked(terms);
  expect(() => checkApprover(review, person("bob"))).not.toThrow();
  for (const [reviewer, message, hint] of [
    [system, /the system's user ada may be the requester/, /approve rev_1 --profile NAME.*login/],
    [elsewhere, /another issuer than the requester/, /--issuer https:\/\/id\.example/],
  ] as const) {
    expect(() => checkApprover(review, reviewer)).toThrow(
      expect.objectContaining({
        code: "review_not_allowed",
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  }
});

test("a requester without a login cannot be told apart from any reviewer", () => {
  for (const terms of [others, two]) {
    for (const reviewer of [person("bob"), { ...system, subject: "bob" }]) {
      expect(() => checkApprover(asked(terms, system), reviewer)).toThrow(
        expect.objectContaining({
          message: expect.stringContaining("the requester has no login"),
          hint: expect.stringContaining("hoopx run --profile NAME"),
        }),
      );
    }
  }
});

test("an approval of before that is no other person's does not count", () => {
  expect(countedApprovals(asked(two, ada, system, ada, elsewhere)).map(({ by }) => by)).toEqual([
    ada,
  ]);
  expect(countedApprovals(asked(plain, ada, system))).toHaveLength(1);
});

test("a rule that wants one person, who may be the requester, takes the system's user", () => {
  expect(() => checkApprover(asked(plain), system)).not.toThrow();
  expect(() => checkApprover(asked(plain, system), system)).not.toThrow();
});
