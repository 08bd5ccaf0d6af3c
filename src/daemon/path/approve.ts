/**
 * Approve: only what the policy permits goes on. What wants a review waits at
 * the desk; what is denied stops here.
 */
import { createHash } from "node:crypto";
import { Refusal } from "../model/refusal.js";
import type { Desk } from "../reviews/desk.js";
import { type Approved, advance, type Decided, type Station } from "./station.js";

export interface ApproveOptions {
  readonly desk: Desk;
}

/** The longest a client is kept waiting, milliseconds: the SDKs give up at ten minutes. */
const patience = 9 * 60_000;

/** Creates the station that lets only permitted exchanges pass. */
export function createApprove({ desk }: ApproveOptions): Station<Decided, Approved> {
  return async function approve(exchange) {
    const { decision, operation } = exchange;
    if (decision.effect === "allow") return advance(exchange, { approved: true });
    if (decision.effect === "review") {
      const requestSha256 = createHash("sha256").update(exchange.body).digest("hex");
      const { session, connection, key, signal } = exchange;
      const settled = await desk.ask(
        {
          session,
          exchange: key,
          connection: connection.name,
          operation,
          verdict: decision,
          binding: requestSha256,
          requestSha256,
        },
        signal,
        patience,
      );
      if (settled.outcome === "approved" || settled.outcome === "granted") {
        return advance(exchange, { approved: true });
      }
      throw new Refusal("review_required", `${operation.action} was not approved`);
    }
    const code = operation.class === "unknown" ? "operation_unknown" : "policy_denied";
    throw new Refusal(code, `${operation.action} denied: ${decision.reason}`);
  };
}
