/**
 * Prices: what tokens of a model cost, about. They come from a published table
 * (published-prices.ts), or from a file of the user's own (`prices` in
 * config.yaml), which replaces it whole. A cost that is not known is shown as
 * unknown; against a budget such a model counts at a high guess.
 */
import { readFileSync } from "node:fs";
import * as z from "zod";
import type { TokenUsage } from "../model/transcript.js";
import { checkShape, mistakeLine } from "../yaml/check-shape.js";
import { createPublishedPrices, type Price, type PriceOf } from "./published-prices.js";

const price = z.strictObject({ input: z.number().min(0), output: z.number().min(0) });

const schema = z.strictObject({
  comment: z.string().optional(),
  /** US dollars for a million tokens, by how the model's name begins; "" for all others. */
  models: z.record(z.string(), price),
});

/** The cost of tokens, US dollars. */
export type Prices = (model: string | null, tokens: TokenUsage) => number;

/** The same to be shown: null where the model's price is not known. */
export type Costs = (model: string | null, tokens: TokenUsage) => number | null;

/** Counted against budgets for a model without a known price: what the dearest common models cost. */
const guess: Price = { input: 30, output: 180 };

/** The file cannot be used; the message says why. */
export class PricesError extends Error {}

/** Reads prices: for budgets, where every model has one, and for costs that are shown. */
export function loadPrices(file: string | null): {
  readonly prices: Prices;
  readonly costOf: Costs;
} {
  const priceOf = file === null ? createPublishedPrices() : pricesIn(readTable(file));
  return {
    prices: (model, tokens) => costBy(priceOf(model) ?? guess, tokens),
    costOf(model, tokens) {
      const known = priceOf(model);
      return known === undefined ? null : costBy(known, tokens);
    },
  };
}

const costBy = (by: Price, { input, output }: TokenUsage): number =>
  (input * by.input + output * by.output) / 1e6;

function readTable(file: string): z.infer<typeof schema> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    throw new PricesError(`${file}: ${why}`, { cause: error });
  }
  const checked = checkShape(schema, value);
  if (checked.value !== undefined) return checked.value;
  const wording = { whole: "the file", key: "key" };
  throw new PricesError(`${file}: ${mistakeLine(checked.mistakes[0], wording)}`);
}

/** The longest beginning of a model's name says its price. */
function pricesIn({ models }: z.infer<typeof schema>): PriceOf {
  const names = Object.keys(models).sort((one, other) => other.length - one.length);
  return (model) => {
    const name = names.find((beginning) => (model ?? "").startsWith(beginning));
    return name === undefined ? undefined : models[name];
  };
}
