/**
 * Published prices: the table of published-prices.json, which scripts/prices.js
 * writes from a maintained data package. It names the package and the day.
 */
import type { Price } from "./prices.js";
import table from "./published-prices.json" with { type: "json" };

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

/** Names that were looked up: an agent uses few. */
const known = new Map<string, Price | undefined>();
const mostKnown = 1000;

/** The price of a model of this name; undefined where none was published. */
export function publishedPrice(model: string | null): Price | undefined {
  if (model === null || model.length > longestName) return undefined;
  if (!known.has(model)) {
    if (known.size >= mostKnown) known.clear();
    known.set(
      model,
      rows.find(({ match }) => matches(match, model)),
    );
  }
  return known.get(model);
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
