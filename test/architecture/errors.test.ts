/** docs/errors.md and the code's closed tables say the same, both ways. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { outcomes } from "../../src/contract/outcome.js";
import { problemCodes } from "../../src/contract/problem.js";
import { endings, outcomeOfCode, refusals } from "../../src/daemon/model/refusal.js";
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

test("every outcome is told, in the order of the list, and no other", () => {
  expect(rowsOf("Outcomes").map(([outcome]) => outcome)).toEqual([...outcomes]);
});

test("every refusal is told with its status and outcome, and no other", () => {
  const told = rowsOf("Refusals").map(([code, status, outcome]) => `${code} ${status} ${outcome}`);
  const known = Object.entries(refusals).map(
    ([code, { status, outcome }]) => `${code} ${status} \`${outcome}\``,
  );
  expect(told.sort()).toEqual(known.sort());
});

test("every way to end badly is told with its outcome, and no other", () => {
  const told = rowsOf("Endings").map(([code, outcome]) => `${code} ${outcome}`);
  const known = Object.keys(endings).map((code) => `${code} \`${outcomeOfCode(code)}\``);
  expect(told.sort()).toEqual(known.sort());
});

test("every problem of the control API is told, and no other", () => {
  const told = rowsOf("Problems").map(([code]) => code);
  expect(told.sort()).toEqual([...problemCodes].sort());
});

test("every refusal says what mends it", () => {
  const mute = Object.entries(refusals).filter(([, { hint }]) => hint === "");
  expect(mute).toEqual([]);
});
