/**
 * Status: the words and colours for how a session or an exchange stands, the
 * same in every table.
 */
import type { ChalkInstance } from "chalk";
import type { ExchangeView, SessionStatus } from "../../contract/views.js";

/** A session's status in its colour. */
export function paintStatus(colours: ChalkInstance, text: string, status: SessionStatus): string {
  if (status === "active") return colours.green(text);
  return status === "revoked" ? colours.red(text) : colours.dim(text);
}

/** `allow 200`, `deny 400`, `allow 200 truncated`, `waiting`. */
export function outcomeOf({ decision, status, error, durationMs }: ExchangeView): string {
  const effect = decision?.effect ?? (status === null ? "waiting" : "refused");
  // A denial's own code would say the same again.
  const trouble = decision?.effect === "allow" || decision === null ? error : null;
  const open = status === null && durationMs === null && decision !== null ? "…" : status;
  return [effect, open, trouble].filter((part) => part !== null).join(" ");
}

/** An outcome in its colour: red where nothing went upstream or something broke. */
export function paintOutcome(colours: ChalkInstance, text: string, exchange: ExchangeView): string {
  const { decision, status, error } = exchange;
  if (decision?.effect === "deny" || decision === null || (status ?? 0) >= 500) {
    return colours.red(text);
  }
  if (decision.effect === "review" || error !== null || (status ?? 0) >= 400) {
    return colours.yellow(text);
  }
  return text;
}
