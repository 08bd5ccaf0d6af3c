/**
 * What exchanges and sessions cost and how fast they went: keys beside those
 * of views.ts, in what `hoopx sessions` and `hoopx sessions show` answer.
 */
import type { ExchangeView, SessionView } from "./views.js";

export interface MeasuredExchangeView extends ExchangeView {
  /** US dollars, by the price table; null where it has no price for the model, or nothing was counted. */
  readonly cost: number | null;
  /** Of output, from the first byte to the end; null where nothing was counted. */
  readonly tokensPerSecond: number | null;
  /** Id of the exchange that this one is another try of. */
  readonly retryOf: string | null;
  /** Which retry this is; 0 for a first try. */
  readonly retries: number;
}

export interface MeasuredSessionView extends SessionView {
  /** US dollars; null where the price of some of it is not known. */
  readonly cost: number | null;
}
