import { expect, test } from "vitest";
import { needlesOf } from "../../../src/daemon/model/needles.js";

const needles = needlesOf(["sk-a+b.c/d", "hxs_0123456789"]);

test("one of them stands in a text, as it is written and no other way", () => {
  expect(needles.standIn("Bearer sk-a+b.c/d")).toBe(true);
  expect(needles.standIn("sk-aab.c/d hxs_01234567")).toBe(false);
  expect(needlesOf([]).standIn("anything")).toBe(false);
});

test("an end that begins one is told from the least length on, a whole one is no beginning", () => {
  expect(needles.begunAt("so: hxs_012", 1)).toBe(4);
  expect(needles.begunAt("so: hxs_012", 8)).toBe(11);
  expect(needles.begunAt("so: h", 1)).toBe(4);
  expect(needles.begunAt("hxs_0123456789", 1)).toBe(14);
  expect(needles.begunAt("hxs_0123456789hxs", 1)).toBe(14);
  expect(needlesOf([]).begunAt("hxs", 1)).toBe(3);
});

test("the same list is compiled once", () => {
  const texts = ["one", "other"];
  expect(needlesOf(texts)).toBe(needlesOf(texts));
});
