import { expect, test } from "vitest";
import type { GrantScope } from "../../../src/daemon/model/decision.js";
import { grantOf } from "../../../src/daemon/reviews/grant-scope.js";
import { reviewOf } from "../../contracts/review-records.js";
import { plain } from "./desk-room.js";

const now = new Date(0);
const once: GrantScope = { kind: "once" };
const session: GrantScope = { kind: "session" };
const minutes = (count: number): GrantScope => ({ kind: "time", ms: count * 60_000 });
const bounded = (most: GrantScope, asked: GrantScope | undefined) =>
  grantOf(reviewOf({ terms: { ...plain, remember: most } }), asked, now);

test("a grant for one request is bound to it, and lasts as long as its question would", () => {
  const review = reviewOf();
  expect(bounded(session, once)).toMatchObject({
    scope: once,
    sessionId: review.sessionId,
    binding: review.binding,
    expiresAt: new Date(600_000),
    identity: review.identity,
    rule: review.rule,
  });
});

test.each([
  ["a time within a time", minutes(30), minutes(15), minutes(15), null, 15],
  ["a time within a session is that session's", session, minutes(15), minutes(15), "session", 15],
  ["a session within a time ends with either", minutes(30), session, session, "session", 30],
  ["a session within a session ends with it", session, session, session, "session", null],
])("%s", (_name, most, asked, scope, bound, ends) => {
  const grant = bounded(most as GrantScope, asked as GrantScope | undefined);
  expect(grant).toMatchObject({ scope, binding: reviewOf().likeness });
  expect(grant.sessionId).toBe(bound === null ? null : reviewOf().sessionId);
  expect(grant.expiresAt).toEqual(ends === null ? null : new Date(Number(ends) * 60_000));
});

test.each([
  ["a session where once is allowed", once, session, /once at most/],
  ["a time where once is allowed", once, minutes(1), /once at most/],
  ["a longer time", minutes(15), minutes(16), /15m at most/],
])("never %s", (_name, most, asked, why) => {
  expect(() => bounded(most as GrantScope, asked as GrantScope)).toThrow(why as RegExp);
});

test("where a reviewer says nothing, it is for this once, whatever the rule would allow", () => {
  for (const most of [once, session, minutes(30)]) {
    expect(bounded(most, undefined)).toMatchObject({ scope: once, binding: reviewOf().binding });
  }
});

test("a rule may allow more than it remembers by itself", () => {
  const terms = { ...plain, atMost: minutes(90) };
  expect(grantOf(reviewOf({ terms }), undefined, now).scope).toEqual(once);
  expect(grantOf(reviewOf({ terms }), minutes(90), now).scope).toEqual(minutes(90));
  expect(() => grantOf(reviewOf({ terms }), minutes(91), now)).toThrow(/90m at most/);
});
