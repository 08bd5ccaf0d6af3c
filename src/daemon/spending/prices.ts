/**
 * Prices: what tokens of a model cost, about. The table is data, of this
 * repository or of a file of the user's own (`prices` in config.yaml), which
 * replaces it whole: a price nobody looked at is worth less than a high guess.
 */
import { readFileSync } from "node:fs";
import * as z from "zod";
import type { TokenUsage } from "../model/transcript.js";
import builtIn from "./price-table.json" with { type: "json" };

const price = z.strictObject({ input: z.number().min(0), output: z.number().min(0) });

const schema = z.strictObject({
  comment: z.string().optional(),
  /** US dollars for a million tokens, by how the model's name begins; "" for all others. */
  models: z.record(z.string(), price),
});

/** The cost of tokens, US dollars. */
export type Prices = (model: string | null, tokens: TokenUsage) => number;

/** The file cannot be used; the message says why. */
export class PricesError extends Error {}

/** Reads a price table; without a file, the built-in one. */
export function loadPrices(file: string | null): Prices {
  return pricesOf(file === null ? schema.parse(builtIn) : readTable(file));
}

function readTable(file: string): z.infer<typeof schema> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    throw new PricesError(`${file}: ${why}`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the file";
  throw new PricesError(`${file}: ${where}: ${issue?.message.toLowerCase()}`);
}

function pricesOf({ models }: z.infer<typeof schema>): Prices {
  const names = Object.keys(models).sort((one, other) => other.length - one.length);
  return (model, { input, output }) => {
    const name = names.find((beginning) => (model ?? "").startsWith(beginning));
    const found = name === undefined ? undefined : models[name];
    return found === undefined ? 0 : (input * found.input + output * found.output) / 1e6;
  };
}
