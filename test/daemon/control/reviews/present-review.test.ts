import { expect, test } from "vitest";
import {
  presentGrant,
  presentReview,
} from "../../../../src/daemon/control/reviews/present-review.js";
import { sessionOf } from "../../../contracts/records.js";
import { grantFor, reviewOf } from "../../../contracts/review-records.js";

test("a review is shown with who asks, what runs it and who may answer, without its binding", () => {
  const review = reviewOf({
    approvals: [{ by: reviewOf().identity, at: new Date(0), comment: "a" }],
  });
  const view = presentReview(review, sessionOf(), 321, "{}");
  expect(view).toMatchObject({
    id: review.id,
    status: "pending",
    exchangeId: expect.stringMatching(/^exc_/),
    process: { command: "node agent.js" },
    sessionTitle: "nightly report",
    requestBytes: 321,
    by: { groups: ["leads"], emails: ["boss@example.com"] },
    self: false,
    remember: "15m",
    atMost: "15m",
    approvalsNeeded: 2,
    approvals: [{ at: "1970-01-01T00:00:00.000Z", comment: "a" }],
    decidedAt: null,
  });
  const text = JSON.stringify(view);
  expect(text).not.toContain(review.binding);
  expect(text).not.toContain("runner");
});

test("a grant is shown without what it is bound to", () => {
  const review = reviewOf();
  const grant = grantFor(review, { scope: { kind: "time", ms: 1 }, expiresAt: null });
  const view = presentGrant(grant, review, { endedAt: null });
  expect(view).toMatchObject({ id: grant.id, scope: "time", expiresAt: null, uses: 0 });
  expect(view.covers).toEqual({
    ...{ layer: "user", file: "/etc/policy.yaml", connection: "openai" },
    ...{ action: "files.create", tool: "delete_file" },
  });
  expect(JSON.stringify(view)).not.toContain(review.binding);
  expect(JSON.stringify(view)).not.toContain(review.likeness);
});

test("a grant says when the session that it is for ended", () => {
  const review = reviewOf();
  const grant = grantFor(review, { scope: { kind: "session" } });
  const endedAt = new Date(5000);
  expect(presentGrant(grant, review, { endedAt })).toMatchObject({
    sessionEndedAt: endedAt.toISOString(),
  });
  expect(presentGrant(grant, review, { endedAt: null }).sessionEndedAt).toBeNull();
});

test("a grant of an older version covers nothing", () => {
  const old = grantFor(reviewOf(), { scope: { kind: "session" }, binding: null });
  expect(presentGrant(old, reviewOf({ origin: null }), undefined).covers).toBeNull();
  expect(presentGrant(old, reviewOf(), undefined).covers).toBeNull();
  expect(presentGrant(grantFor(reviewOf()), undefined, undefined).covers).toBeNull();
});
