/** The table is what the pinned data package says, and is read as that package reads it. */
import { calcPrice } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import { createPublishedPrices } from "../../../src/daemon/spending/published-prices.js";
import table from "../../../src/daemon/spending/published-prices.json" with { type: "json" };

const publishedPrice = createPublishedPrices();

test("the table is fresh: if not, run node scripts/prices.js", async () => {
  const script = new URL("../../../scripts/prices.js", import.meta.url).href;
  const { publishedPrices } = (await import(script)) as { publishedPrices: () => typeof table };
  expect(table).toEqual(publishedPrices());
});

test.each([
  ...[
    "gpt-5",
    "gpt-5-mini-2025-08-07",
    "gpt-5.2",
    "gpt-5.4-pro",
    "gpt-4.1",
    "gpt-4o",
    "GPT-4o-mini",
  ],
  ...["o1-pro", "o3", "o4-mini-2025-04-16", "gpt-4-turbo", "gpt-3.5-turbo", "gpt-5-codex"],
  ...["text-embedding-3-small", "omni-moderation-latest", "gpt-5.6-sol", "chatgpt-4o-latest"],
])("%s of OpenAI costs what the package says", (model) => {
  const at = { providerId: "openai", timestamp: new Date(table.released) };
  const one = { input_tokens: 1, output_tokens: 1 };
  const said = calcPrice(one, model, at);
  const { input, output } = publishedPrice(model) ?? {};
  expect(said).not.toBeNull();
  expect([input, output]).toEqual([
    expect.closeTo((said?.input_price ?? Number.NaN) * 1e6, 6),
    expect.closeTo((said?.output_price ?? Number.NaN) * 1e6, 6),
  ]);
});

test.each(["claude-opus-4-1", "gemini-2.5-pro", "grok-4", "deepseek-chat"])(
  "%s, of another maker, has a price",
  (model) => expect(publishedPrice(model)?.output).toBeGreaterThan(0),
);
