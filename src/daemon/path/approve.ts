/**
 * Approve: only what the policy permits goes on. Until reviews exist nobody
 * can be asked, so what wants one stops here like what is denied.
 */
import { Refusal } from "../model/refusal.js";
import { type Approved, advance, type Decided, type Station } from "./station.js";

/** Creates the station that lets only permitted exchanges pass. */
export function createApprove(): Station<Decided, Approved> {
  return function approve(exchange) {
    const { decision, operation } = exchange;
    if (decision.effect === "allow") return advance(exchange, { approved: true });
    if (decision.effect === "review") {
      const why = `${operation.action} needs a review: ${decision.reason}`;
      throw new Refusal("review_required", why);
    }
    const code = operation.class === "unknown" ? "operation_unknown" : "policy_denied";
    throw new Refusal(code, `${operation.action} denied: ${decision.reason}`);
  };
}
