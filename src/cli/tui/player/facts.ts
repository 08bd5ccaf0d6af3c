/** Facts: what stands below an exchange's heading, and how its review went. */
import type { ExchangeView } from "../../../contract/views.js";
import { escapeLine } from "../../output/escape.js";
import { grouped, lasting } from "../../output/time.js";

/** Tokens, time, what was masked; escaped, on one line. */
export function factsOf({ tokens, firstByteMs, durationMs, masked }: ExchangeView): string {
  const spots = masked.map(({ detector, count }) => `${detector}${count > 1 ? ` ×${count}` : ""}`);
  const parts = [
    durationMs === null ? "without an end" : `took ${lasting(durationMs)}`,
    firstByteMs === null ? undefined : `first byte after ${lasting(firstByteMs)}`,
    tokens === null ? undefined : `${grouped(tokens.input)} → ${grouped(tokens.output)} tokens`,
    spots.length === 0 ? undefined : `masked: ${spots.join(", ")}`,
  ];
  return escapeLine(parts.filter((part) => part !== undefined).join(" · "));
}

/** That it was reviewed, and by which rule; undefined where it was not. */
export function reviewedOf({ decision, review }: ExchangeView): string | undefined {
  if (decision?.effect !== "review") return undefined;
  return escapeLine(
    [
      "approved, asked for",
      decision.rule === null ? undefined : `by rule ${decision.rule}`,
      review === null ? undefined : `(review ${review})`,
      `· ${decision.reason}`,
    ]
      .filter((part) => part !== undefined)
      .join(" "),
  );
}
