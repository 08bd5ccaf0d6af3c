/**
 * Used tokens: what an exchange is written down to have used. What its whole
 * reply stated counts. What a part of a reply states does not have to be its
 * sum, nor the provider's word: a request's tools are repeated in the first
 * event. Of a part, and of a reply that stated nothing, at least the estimate
 * of what flowed counts, and is marked so.
 */
import type { ReplyHead } from "../../model/reply.js";
import type { TokenUsage } from "../../model/transcript.js";
import type { Decided, Forwarded } from "../exchange.js";
import { valueIn } from "../headers.js";
import type { Metered } from "./usage-tap.js";

/** Tokens of a reply, as its meter has them; `whole`: it came to the end that its provider gave it. */
export function usedTokens(
  exchange: Pick<Forwarded, "operation" | "expected" | "mostOutput" | "replyHead">,
  { stated, output }: Metered,
  whole: boolean,
): TokenUsage | null {
  const { replyHead, mostOutput } = exchange;
  if (replyHead.status < 200 || replyHead.status >= 300) return stated;
  // Of a reply that is media its bytes are no tokens.
  const estimate = estimated(exchange, mostOutput === 0 ? 0 : output);
  if (stated === null || estimate === null) return stated ?? estimate;
  const saysNothing = stated.input === 0 && stated.output === 0 && estimate.output > 0;
  if (whole && !saysNothing) return stated;
  if (stated.input >= estimate.input && stated.output >= estimate.output) return stated;
  return {
    input: Math.max(stated.input, estimate.input),
    output: Math.max(stated.output, estimate.output),
    estimated: true,
  };
}

/** Tokens of a request that was sent, and whose client left before a reply came. */
export function unansweredTokens(
  exchange: Pick<Decided, "operation" | "expected">,
): TokenUsage | null {
  return estimated(exchange, 0);
}

/** Is a reply a stream of events, by its head? */
export const isEventStream = ({ headers }: Pick<ReplyHead, "headers">): boolean =>
  /\bevent-stream\b/i.test(valueIn(headers, "content-type"));

/** A model's work may be read with another request than asked for it: then it comes as events. */
function estimated(
  { operation, expected, replyHead }: Pick<Decided, "operation" | "expected"> & Partial<Forwarded>,
  output: number,
): TokenUsage | null {
  const works = operation.class === "inference" || (replyHead && isEventStream(replyHead));
  return works ? { input: expected().input, output, estimated: true } : null;
}
