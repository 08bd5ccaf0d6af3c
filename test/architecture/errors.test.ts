/** docs/errors.md and the code's closed tables say the same, both ways. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { problemCodes } from "../../src/contract/problem.js";
import { cutShort, refusals } from "../../src/daemon/model/refusal.js";
import { root } from "../support/sources.js";

const sections = readFileSync(join(root, "docs/errors.md"), "utf8").split(/^## /m);

function rowsOf(title: string): readonly (readonly string[])[] {
  const section = sections.find((text) => text.startsWith(title)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, code = "", ...cells]) => [code.replaceAll("`", ""), ...cells]);
}

test("every refusal is told with its status, and no other", () => {
  const told = rowsOf("Refusals").map(([code, status]) => `${code} ${status}`);
  const known = Object.entries(refusals).map(([code, { status }]) => `${code} ${status}`);
  expect(told.sort()).toEqual(known.sort());
});

test("every way to end short is told, and no other", () => {
  const told = rowsOf("Endings").map(([code]) => code);
  expect(told.sort()).toEqual([...cutShort].sort());
});

test("every problem of the control API is told, and no other", () => {
  const told = rowsOf("Problems").map(([code]) => code);
  expect(told.sort()).toEqual([...problemCodes].sort());
});

test("every refusal says what mends it", () => {
  const mute = Object.entries(refusals).filter(([, { hint }]) => hint === "");
  expect(mute).toEqual([]);
});
