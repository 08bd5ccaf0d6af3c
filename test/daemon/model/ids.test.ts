import { expect, test } from "vitest";
import { newGrantId, newReviewId } from "../../../src/daemon/model/review.js";
import { newSessionId } from "../../../src/daemon/model/session.js";

test("an id says of what it is, and no two are the same", () => {
  expect(newReviewId()).toMatch(/^rev_[0-9a-hjkmnp-tv-z]{16}$/);
  expect(newGrantId()).toMatch(/^gra_[0-9a-hjkmnp-tv-z]{16}$/);
  expect(newSessionId()).toMatch(/^ses_[0-9a-hjkmnp-tv-z]{16}$/);
  expect(new Set(Array.from({ length: 500 }, newReviewId)).size).toBe(500);
});
