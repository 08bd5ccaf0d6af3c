/**
 * Status: the words and colours for how a session or an exchange stands, the
 * same on every screen. An exchange's word is its outcome
 * (contract/outcome.ts); the daemon derives it, and nothing here does again.
 */
import type { ChalkInstance } from "chalk";
import { isDenial, type Outcome, outcomes } from "../../contract/outcome.js";
import type { CountsView, ExchangeView, SessionStatus } from "../../contract/views.js";
import { grouped } from "./time.js";

/** A session's status in its colour. */
export function paintStatus(colours: ChalkInstance, text: string, status: SessionStatus): string {
  if (status === "active") return colours.green(text);
  return status === "revoked" ? colours.red(text) : colours.dim(text);
}

/** Codes that say no more than their outcome. */
const plainCodes: readonly string[] = ["policy_denied", "review_denied", "review_expired"];

/** `allowed 200`, `denied 400`, `failed 502`, `cut 200 client_left`; `running` while it does. */
export function outcomeText({ outcome, status, error }: ExchangeView): string {
  if (outcome === null) return "running";
  const code = error !== null && plainCodes.includes(error) ? null : error;
  return [outcome, status, code].filter((part) => part !== null).join(" ");
}

/** An outcome in its colour: red where hoopx stopped it, yellow where it went wrong. */
export function paintOutcome(
  colours: ChalkInstance,
  text: string,
  { outcome }: { readonly outcome: Outcome | null },
): string {
  if (isDenial(outcome) || outcome === "refused") return colours.red(text);
  return outcome === "failed" || outcome === "cut" ? colours.yellow(text) : text;
}

/** `9 allowed, 1 denied-by-reviewer`: how many went how, without those that none did. */
export function outcomeCounts({ outcomes: counts }: Pick<CountsView, "outcomes">): string {
  const told = outcomes.filter((outcome) => counts[outcome] > 0);
  return told.map((outcome) => `${grouped(counts[outcome])} ${outcome}`).join(", ");
}

/** `12: 11 allowed, 1 denied`. */
export function exchangeCounts(counts: CountsView): string {
  return [grouped(counts.exchanges), outcomeCounts(counts)]
    .filter((part) => part !== "")
    .join(": ");
}
