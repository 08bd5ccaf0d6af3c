// Writes src/daemon/spending/published-prices.json: what OpenAI and other makers
// of models ask for a million tokens, by the pinned data package
// @pydantic/genai-prices. After an update of that package set `released` to the
// day it was published, and run this: `node scripts/prices.js`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findProvider } from "@pydantic/genai-prices";

const released = "2026-09-23";
const name = "@pydantic/genai-prices";

/** OpenAI's own prices go before those of others, whose models compatible servers offer. */
const makers = [
  ...["openai", "anthropic", "google", "deepseek", "mistral", "x-ai", "moonshotai", "minimax"],
  "cohere",
];

/** The table, as it has to be. */
export function publishedPrices() {
  const { devDependencies } = JSON.parse(readFileSync(place("../package.json"), "utf8"));
  const models = makers.flatMap((id) => {
    const maker = findProvider({ providerId: id });
    if (maker === undefined) throw new Error(`${name} has no ${id}`);
    return maker.models.flatMap(({ match, prices }) => {
      const price = priceOf(prices);
      if (price === undefined) return [];
      const own = id === "openai" ? match : { and: [maker.model_match, match] };
      return [{ match: own, ...price }];
    });
  });
  return { source: `${name} ${devDependencies[name]}`, released, models };
}

/** Of a model that is paid by the hour or the picture tokens say nothing; undefined then. */
function priceOf(prices) {
  const { input_mtok, output_mtok, ...other } = inForce(prices);
  if (input_mtok === undefined && Object.keys(other).length > 0) return undefined;
  return { input: baseOf(input_mtok), output: baseOf(output_mtok) };
}

/** Where a price has a beginning, the latest that has begun; where it depends on the hour, the dearest. */
function inForce(prices) {
  if (!Array.isArray(prices)) return prices;
  const begun = prices.filter(({ constraint }) => !(constraint?.start_date > released));
  const hourly = begun.filter(({ constraint }) => constraint?.type === "time_of_date");
  if (hourly.length === 0) return begun.at(-1).prices;
  const all = begun.map((each) => each.prices);
  return all.reduce((one, other) =>
    baseOf(other.output_mtok) > baseOf(one.output_mtok) ? other : one,
  );
}

/** Prices that rise with the length of a prompt are taken at their beginning. */
const baseOf = (price = 0) => (typeof price === "number" ? price : price.base);

const place = (path) => fileURLToPath(new URL(path, import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { models, ...about } = publishedPrices();
  const lines = models.map((model) => `    ${JSON.stringify(model)}`).join(",\n");
  const head = JSON.stringify(about, null, 2).replace(/\n\}$/, "");
  const text = `${head},\n  "models": [\n${lines}\n  ]\n}\n`;
  writeFileSync(place("../src/daemon/spending/published-prices.json"), text);
}
