/**
 * Search facts: what filters ask for of an exchange's session, besides words.
 */
import { exchangeOutcome } from "../model/outcome.js";
import type { ExchangeRecord } from "./store.js";

export type Fact = readonly [kind: string, value: string, input?: number, output?: number];

/** The facts of an exchange, whose reply calls these tools. */
export function factsOf(record: ExchangeRecord, calls: readonly string[]): readonly Fact[] {
  const { operation, ending } = record;
  const tokens = ending?.tokens;
  const model = operation?.model ?? "";
  const facts: Fact[] = [];
  if (model !== "" || tokens) facts.push(["model", model, tokens?.input ?? 0, tokens?.output ?? 0]);
  for (const tool of new Set([...(operation?.tools ?? []), ...calls])) facts.push(["tool", tool]);
  const outcome = exchangeOutcome(record);
  if (outcome !== null) facts.push(["outcome", outcome]);
  if ((ending?.masked.length ?? 0) > 0) facts.push(["masked", ""]);
  return facts;
}
