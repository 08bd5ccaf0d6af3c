/** Whether terms look for anything. */
import { expect, test } from "vitest";
import { hasDetectors, usualMasking } from "../../../src/daemon/model/masking-terms.js";

test("terms without detectors, patterns and words look for nothing", () => {
  const nothing = { ...usualMasking, detectors: [] };
  expect(hasDetectors(usualMasking)).toBe(true);
  expect(hasDetectors(nothing)).toBe(false);
  expect(hasDetectors({ ...nothing, patterns: [{ name: "a", match: "b" }] })).toBe(true);
  expect(hasDetectors({ ...nothing, words: [{ name: "a", words: ["b"] }] })).toBe(true);
});
