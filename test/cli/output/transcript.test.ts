/** What stands under an exchange that a rule wanted reviewed. */
import { expect, test } from "vitest";
import { colours } from "../../../src/cli/output/colour.js";
import { piecesOf } from "../../../src/cli/output/transcript.js";
import { conversationView, decisionView, exchangeView } from "../support/views.js";

const decision = decisionView("review", "writes", "writes need a person");

function textOf(error: string | null): string {
  const exchange = exchangeView({
    decision,
    review: "rev_1",
    status: error === null ? 200 : 400,
    error,
  });
  const pieces = piecesOf(conversationView({ exchange, complete: error === null }), colours(false));
  return [...pieces].map(({ text }) => text).join("");
}

test("a reply that a review let through is shown", () => {
  expect(textOf(null)).toContain("14 °C");
  expect(textOf(null)).not.toContain("✗");
});

test("one that nobody approved never left: why is all there is", () => {
  expect(textOf("review_denied")).toContain(
    "✗ denied-by-reviewer, rule writes: writes need a person",
  );
  expect(textOf("review_denied")).not.toContain("14 °C");
});
