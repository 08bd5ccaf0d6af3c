/** A review that several rules want names all of them, wherever it is told. */
import { expect, test } from "vitest";
import { coverText, ruleNames, ruleText } from "../../../src/cli/output/review.js";
import { reviewView } from "../support/review-views.js";

const review = reviewView({
  ...{ rule: "writes", ruleLayer: "organisation", ruleFile: "/etc/hoopx/policy.yaml" },
  alsoBy: [
    { rule: "uploads", layer: "project", file: "/home/ada/weather/.hoopx/policy.yaml" },
    { rule: "masking/requests", layer: "masking", file: null },
  ],
});

test("with the file of each", () => {
  expect(ruleText(review)).toBe(
    "writes (organisation policy, /etc/hoopx/policy.yaml) and uploads (project policy, " +
      "/home/ada/weather/.hoopx/policy.yaml) and masking/requests",
  );
  expect(ruleNames(review)).toBe("writes and uploads and masking/requests");
});

test("in what a longer approval covers", () => {
  expect(coverText({ ...review, toolCall: null }, { for: "session" })).toBe(
    ", and other files.create requests on openai that rules writes and uploads and " +
      "masking/requests review in this session",
  );
});
