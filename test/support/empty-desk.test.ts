/** The desk of tests that have none. */
import { expect, test } from "vitest";
import type { ReviewRequest } from "../../src/daemon/reviews/desk.js";
import { emptyDesk } from "./empty-desk.js";

test("where nobody can be asked, what wants a review is refused", async () => {
  const request = { operation: { action: "files.delete" }, verdict: { reason: "a write" } };
  const asked = emptyDesk.ask(request as ReviewRequest, new AbortController().signal, 1);
  await expect(asked).rejects.toMatchObject({ code: "review_required" });
});
