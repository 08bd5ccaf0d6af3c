import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadCosts } from "../../../src/daemon/spending/prices.js";

const tokens = { input: 1_000_000, output: 1_000_000 };

test("a cost that is shown is by a price that somebody wrote down for the model", () => {
  const costOf = loadCosts(null);
  expect(costOf("gpt-4o-mini-2024", tokens)).toBeCloseTo(0.75);
  expect(costOf("somebody-else", tokens)).toBeNull();
  expect(costOf(null, tokens)).toBeNull();
  // Free is a price.
  expect(costOf("omni-moderation-latest", tokens)).toBe(0);
});

test("a table of the user's own speaks for all models where it says so", () => {
  const file = join(mkdtempSync(join(tmpdir(), "hoopx-prices-")), "prices.json");
  const write = (models: object) => writeFileSync(file, JSON.stringify({ models }));
  write({ own: { input: 1, output: 2 } });
  expect(loadCosts(file)("own-1", tokens)).toBe(3);
  expect(loadCosts(file)("other", tokens)).toBeNull();
  write({ "": { input: 1, output: 1 } });
  expect(loadCosts(file)("other", tokens)).toBe(2);
  expect(loadCosts(file)(null, tokens)).toBe(2);
});
