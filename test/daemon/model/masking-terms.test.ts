import { expect, test } from "vitest";
import {
  hasDetectors,
  requestMaskings,
  usualMasking,
} from "../../../src/daemon/model/masking-terms.js";

test("something is looked for where any detector is named, of the user's own too", () => {
  const none = { ...usualMasking, detectors: [] };
  expect(hasDetectors(usualMasking)).toBe(true);
  expect(hasDetectors(none)).toBe(false);
  expect(hasDetectors({ ...none, patterns: [{ name: "x", match: "x" }] })).toBe(true);
  expect(hasDetectors({ ...none, words: [{ name: "x", words: ["x"] }] })).toBe(true);
});

test("what is usual is neither the least nor the strictest", () => {
  expect(requestMaskings.indexOf(usualMasking.requests)).toBe(1);
});
