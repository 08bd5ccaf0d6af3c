/** Facts: what stands below an exchange's heading, and how its review went. */
import type { ExchangeView } from "../../../contract/views.js";
import { escapeLine } from "../../output/escape.js";
import { lasting } from "../../output/time.js";
import { tokenFlow } from "../../output/tokens.js";

/** Tokens, time, what was masked; escaped, on one line. */
export function factsOf({ tokens, firstByteMs, durationMs, masked }: ExchangeView): string {
  const spots = masked.map(({ detector, count }) => `${detector}${count > 1 ? ` ×${count}` : ""}`);
  const parts = [
    durationMs === null ? "without an end" : `took ${lasting(durationMs)}`,
    firstByteMs === null ? undefined : `first byte after ${lasting(firstByteMs)}`,
    tokens === null ? undefined : `${tokenFlow(tokens)} tokens`,
    spots.length === 0 ? undefined : `masked: ${spots.join(", ")}`,
  ];
  return escapeLine(parts.filter((part) => part !== undefined).join(" · "));
}

/** That its review let it through, and by which rule; undefined where there was none. */
export function reviewedOf({ outcome, decision, review }: ExchangeView): string | undefined {
  if (decision?.effect !== "review" || (outcome !== "approved" && outcome !== "granted")) {
    return undefined;
  }
  return escapeLine(
    [
      outcome,
      decision.rule === null ? undefined : `by rule ${decision.rule}`,
      review === null ? undefined : `(review ${review})`,
      `· ${decision.reason}`,
    ]
      .filter((part) => part !== undefined)
      .join(" "),
  );
}
