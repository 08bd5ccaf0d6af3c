/**
 * Deciding call: the tool call of a reply that gave its exchange the outcome
 * it has. Frames are read only where the outcome can be a call's: few
 * exchanges are denied or held after their request was let through.
 */
import { callOutcome, type Outcome } from "../../../contract/outcome.js";
import type { CallView } from "../../../contract/record-views.js";
import { exchangeOutcome } from "../../model/outcome.js";
import type { Frame, StoredCall } from "../../model/transcript.js";
import type { ExchangeLog, ExchangeRecord } from "../../store/store.js";
import { isDamaged } from "./damaged.js";

/** Outcomes that no tool call of a reply has: the reply itself has them, or nothing was held. */
const never: readonly (Outcome | null)[] = [null, "allowed", "failed", "cut"];

/** False where an exchange's outcome is certainly not that of a tool call in its reply. */
export function mayTellOfCall(record: ExchangeRecord): boolean {
  const outcome = exchangeOutcome(record);
  const effect = record.decision?.effect;
  if (effect === undefined || effect === "deny" || never.includes(outcome)) return false;
  // The request's own review let it through.
  return effect !== "review" || (outcome !== "approved" && outcome !== "granted");
}

/** The call that an exchange's outcome is about; null where the outcome is the request's own. */
export async function decidingCall(
  record: ExchangeRecord,
  frames: ExchangeLog["frames"],
): Promise<CallView | null> {
  if (!mayTellOfCall(record)) return null;
  try {
    return callIn(await frames(record.key), exchangeOutcome(record));
  } catch (error) {
    if (isDamaged(error)) return null;
    throw error;
  }
}

function callIn(frames: readonly Frame[], outcome: Outcome | null): CallView | null {
  for (const { kind, data } of frames) {
    if (kind !== "tool-call") continue;
    const call = JSON.parse(Buffer.from(data).toString()) as StoredCall;
    if (callOutcome(call) === outcome) return presentCall(call);
  }
  return null;
}

function presentCall(call: StoredCall): CallView {
  const { name, rule, layer = null, file = null, reason, review } = call;
  return { name, outcome: callOutcome(call), rule, layer, file, reason, review };
}
