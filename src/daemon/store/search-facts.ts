/**
 * Search facts: what filters ask for of an exchange's session, besides words.
 */
import { cutShort } from "../model/refusal.js";
import type { ExchangeRecord } from "./store.js";

export type Fact = readonly [kind: string, value: string, input?: number, output?: number];

/** The facts of an exchange, whose reply calls these tools. */
export function factsOf(
  { operation, decision, ending }: ExchangeRecord,
  calls: readonly string[],
): readonly Fact[] {
  const tokens = ending?.tokens;
  const model = operation?.model ?? "";
  const facts: Fact[] = [];
  if (model !== "" || tokens) facts.push(["model", model, tokens?.input ?? 0, tokens?.output ?? 0]);
  for (const tool of new Set([...(operation?.tools ?? []), ...calls])) facts.push(["tool", tool]);
  const error = ending?.error ?? null;
  const refused = deniedCodes.some((code) => code === error);
  const unheard = decision === null && error !== null && !accidents.some((code) => code === error);
  if (decision?.effect === "deny" || refused || unheard) facts.push(["denied", ""]);
  if ((ending?.masked.length ?? 0) > 0) facts.push(["masked", ""]);
  return facts;
}

/** Denied by policy or by a person, a tool call of the reply among them. */
const deniedCodes = ["policy_denied", "review_denied", "tool_call_denied"] as const;

/** Endings without a decision that nobody refused (totals.ts counts likewise). */
const accidents = [...cutShort, "fault"] as const;
