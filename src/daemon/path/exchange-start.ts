/**
 * Exchange start: what is written of an exchange before anything leaves, however far
 * it got: the request as it may be shown, and the session token hidden in it
 * wherever the client put it.
 */
import type { Outcome } from "../../contract/outcome.js";
import { endedOutcome } from "../model/outcome.js";
import type { RefusalPlace } from "../model/refusal.js";
import type { Ending, Frame } from "../model/transcript.js";
import type { Opening } from "../store/store.js";
import type { Begun, Recorded } from "./exchange.js";
import type { ShownRequest } from "./request/request-masking.js";

/** An exchange that went some of the way: once it has a decision its opening is written. */
export type Reached = Begun & Partial<Omit<Recorded, keyof Begun>>;

/** How an exchange went that ends with this status and code. */
export function outcomeOf(
  { decision, settled, calls }: Reached,
  ending: Pick<Ending, "status" | "error">,
): Outcome {
  return endedOutcome({
    decision: decision ?? null,
    settled,
    calls,
    status: ending.status,
    error: ending.error,
  });
}

/** The opening of an exchange whose request may be shown like this; `place` where the session is known and the exchange does not say so. */
export function openingOf(exchange: Reached, shown: ShownRequest, place?: RefusalPlace): Opening {
  const { body, session } = exchange;
  return {
    key: exchange.key,
    sessionId: session?.id ?? place?.sessionId ?? null,
    seq: exchange.seq ?? place?.seq ?? 0,
    connection: exchange.connection?.name ?? null,
    process: exchange.process ?? place?.process ?? null,
    startedAt: exchange.startedAt,
    operation: shown.operation,
    decision: exchange.decision ?? null,
    requestBytes: body?.length ?? 0,
    frames: requestFrames(exchange, shown),
  };
}

function requestFrames(exchange: Reached, { head: text, body }: ShownRequest): readonly Frame[] {
  const { token } = exchange;
  const at = exchange.elapsed();
  const head: Frame = { kind: "request-head", at, data: withoutToken(text, token?.reveal()) };
  if (body.length === 0) return [head];
  return [head, { kind: "request-body", at, data: withoutToken(body, token?.reveal()) }];
}

/** Bytes with every occurrence of the token starred out; the same bytes where there is none. */
function withoutToken(bytes: Buffer, token: string | undefined): Buffer {
  if (token === undefined) return bytes;
  let at = bytes.indexOf(token);
  if (at === -1) return bytes;
  const masked = Buffer.from(bytes);
  while (at !== -1) {
    masked.fill("*", at, at + token.length);
    at = masked.indexOf(token, at + token.length);
  }
  return masked;
}
