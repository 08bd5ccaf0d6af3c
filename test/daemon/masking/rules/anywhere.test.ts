/** A token of its own beginning is found inside what it is joined to; a filled one is none. */
import { expect, test } from "vitest";
import { anywhere, written } from "../../../../src/daemon/masking/rules/anywhere.js";
import { matchesOf } from "../../../support/rule-matches.js";

const rule = anywhere({ detector: "acme-token", about: "Acme token" }, ["acme.$"], "[a-z0-9]{8}");
const token = ["acme.$", "k3u9x7w1"].join("");

test.each([`%3D${token}`, `\\n${token}`, `Bearer${token}`])("%s", (text) => {
  expect(matchesOf([rule], text).map(({ start, end }) => text.slice(start, end))).toEqual([token]);
});

test.each([`${token}x`, token.toUpperCase(), token.replace(".", "-")])("is none: %s", (text) => {
  expect(matchesOf([rule], text)).toEqual([]);
});

test("what is filled up is not written", () => {
  expect(written(`${token}${"x".repeat(8)}`)).toBe(false);
  expect(written(["AKIA", "IOSFODNN7EXAMPLE"].join(""))).toBe(false);
  expect(written("a".repeat(31))).toBe(false);
  expect(written(token)).toBe(true);
});
