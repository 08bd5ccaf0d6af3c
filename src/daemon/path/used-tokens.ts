/**
 * Used tokens: what an exchange is written down to have used. What its reply
 * stated counts. A reply of a model that stated nothing, or was cut before it
 * did, is estimated from what flowed, and marked so.
 */
import type { TokenUsage } from "../model/transcript.js";
import type { Decided, Forwarded } from "./station.js";
import type { Metered } from "./usage-tap.js";

/** Tokens of a reply, as its meter has them. */
export function usedTokens(
  exchange: Pick<Forwarded, "operation" | "expected" | "mostOutput" | "replyHead">,
  { stated, output }: Metered,
): TokenUsage | null {
  const { status } = exchange.replyHead;
  if (stated !== null || status < 200 || status >= 300) return stated;
  // Of a reply that is media its bytes are no tokens.
  return estimated(exchange, exchange.mostOutput === 0 ? 0 : output);
}

/** Tokens of a request that was sent, and whose client left before a reply came. */
export function unansweredTokens(
  exchange: Pick<Decided, "operation" | "expected">,
): TokenUsage | null {
  return estimated(exchange, 0);
}

function estimated(
  { operation, expected }: Pick<Decided, "operation" | "expected">,
  output: number,
): TokenUsage | null {
  if (operation.class !== "inference") return null;
  return { input: expected().input, output, estimated: true };
}
