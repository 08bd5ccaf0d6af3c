/**
 * What `hoopx tail` and other live views receive: one JSON object a line on
 * the control API's event stream, in the order things happened.
 */
import type { ExchangeView, SessionView } from "./views.js";

export type LiveEvent =
  | { readonly type: "session.started"; readonly at: string; readonly session: SessionView }
  | { readonly type: "session.ended"; readonly at: string; readonly session: SessionView }
  /** Decided, not yet answered. */
  | { readonly type: "exchange.started"; readonly at: string; readonly exchange: ExchangeView }
  /** Answered in full, refused, or cut short. */
  | { readonly type: "exchange.ended"; readonly at: string; readonly exchange: ExchangeView }
  /** The last line: the daemon stops, or this listener fell too far behind to be told all. */
  | { readonly type: "stream.closed"; readonly at: string; readonly reason: string };
