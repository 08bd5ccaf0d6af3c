/**
 * Published prices: the table of published-prices.json, which scripts/prices.js
 * writes from a maintained data package. It names the package and the day.
 */
import { createLruCache } from "../model/lru-cache.js";
import table from "./published-prices.json" with { type: "json" };

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Finds a model's price; undefined where it is not known. */
export type PriceOf = (model: string | null) => Price | undefined;

/** How the package says which names a price is for; letters in either case, but for `regex`. */
type Match =
  | { readonly or: readonly Match[] }
  | { readonly and: readonly Match[] }
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  | { readonly regex: string };

const rows = table.models as readonly (Price & { readonly match: Match })[];

/** No model's name is longer; an expression is not run on whatever a client sends. */
const longestName = 200;

/** Names whose price is remembered: an agent uses few. */
const mostKnown = 1000;

/** Creates what finds the published price of a model. */
export function createPublishedPrices(): PriceOf {
  const known = createLruCache<string, Price | undefined>(mostKnown);
  return (model) => {
    if (model === null || model.length > longestName) return undefined;
    return known.get(model, () => rows.find(({ match }) => matches(match, model)));
  };
}

function matches(match: Match, name: string): boolean {
  if ("or" in match) return match.or.some((each) => matches(each, name));
  if ("and" in match) return match.and.every((each) => matches(each, name));
  if ("regex" in match) return new RegExp(match.regex).test(name);
  const lower = name.toLowerCase();
  if ("equals" in match) return lower === match.equals.toLowerCase();
  if ("starts_with" in match) return lower.startsWith(match.starts_with.toLowerCase());
  if ("ends_with" in match) return lower.endsWith(match.ends_with.toLowerCase());
  return lower.includes(match.contains.toLowerCase());
}
