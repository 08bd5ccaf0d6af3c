import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPrices, PricesError } from "../../../src/daemon/spending/prices.js";

const million = { input: 1e6, output: 1e6 };

test("a model's published price counts, and is shown", () => {
  const { prices, costOf } = loadPrices(null);
  for (const of of [prices, costOf]) {
    expect(of("gpt-4o-mini-2024-07-18", million)).toBeCloseTo(0.75);
    expect(of("gpt-4o-2024-11-20", million)).toBeCloseTo(12.5);
    expect(of("gpt-4.1-nano", { input: 0, output: 1e6 })).toBeCloseTo(0.4);
    // Free is a price.
    expect(of("omni-moderation-latest", million)).toBe(0);
  }
});

test.each([null, "", "brand-new", "gpt-9", "whisper-1", "g".repeat(100_000)])(
  "a price that is not known is no $0: unknown where it is shown, a high guess for budgets (%#)",
  (model) => {
    const { prices, costOf } = loadPrices(null);
    expect(costOf(model, million)).toBeNull();
    expect(prices(model, million)).toBe(210);
  },
);

test("a table of the user's own replaces it; what it does not name is not known either", () => {
  const folder = mkdtempSync(join(tmpdir(), "hoopx-prices-"));
  const file = join(folder, "prices.json");
  const write = (models: object) => writeFileSync(file, JSON.stringify({ models }));
  write({ mine: { input: 3, output: 4 }, "mine-small": { input: 1, output: 1 } });
  expect(loadPrices(file).costOf("mine-1", million)).toBe(7);
  expect(loadPrices(file).costOf("mine-small-2", million)).toBe(2);
  expect(loadPrices(file).costOf("gpt-5", million)).toBeNull();
  expect(loadPrices(file).prices("gpt-5", million)).toBe(210);
  // All others are named by "".
  write({ "": { input: 0, output: 0 } });
  expect(loadPrices(file).costOf("gpt-5", million)).toBe(0);
  expect(loadPrices(file).costOf(null, million)).toBe(0);
  expect(loadPrices(file).prices("gpt-5", million)).toBe(0);
});

test("a table that is none is told", () => {
  const folder = mkdtempSync(join(tmpdir(), "hoopx-prices-"));
  const file = join(folder, "prices.json");
  for (const [text, why] of [
    ["{", /prices\.json: it is not JSON/],
    [
      '{"models":{"a":{"input":-1,"output":0}}}',
      /prices\.json: models\.a\.input must be at least 0/,
    ],
  ] as const) {
    writeFileSync(file, text);
    expect(() => loadPrices(file)).toThrow(why);
    expect(() => loadPrices(file)).toThrow(PricesError);
  }
  expect(() => loadPrices(join(folder, "none.json"))).toThrow(/none\.json/);
});
