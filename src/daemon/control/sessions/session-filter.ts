/**
 * Session filter: a session list's query as the store is asked.
 */
import { denials } from "../../../contract/outcome.js";
import type { Costs } from "../../spending/prices.js";
import type { SessionFilter } from "../../store/store.js";
import type { checkQuery } from "../schemas.js";

/** Sessions listed where the query does not say how many. */
const usualLimit = 50;

/** What a checked query means. */
export function sessionFilter(
  query: ReturnType<typeof checkQuery<"sessionsList">>,
  costOf: Costs,
): SessionFilter {
  const { limit = usualLimit, since, denied, outcome, masked, costOver: usd, ...texts } = query;
  return {
    ...texts,
    limit,
    ...(since !== undefined && { since: new Date(since) }),
    ...((denied ?? outcome) !== undefined && {
      outcomes: outcome === undefined ? denials : [outcome],
    }),
    ...(masked !== undefined && { masked: true }),
    ...(usd !== undefined && { costOver: { usd, costOf } }),
  };
}
