/**
 * What `hoopx tail` and other live views receive, and what a login tells while
 * it goes on: one JSON object a line on the control API's streams, in the order
 * things happened.
 */
import type { Problem } from "./problem.js";
import type { ReviewView } from "./review-views.js";
import type { ExchangeView, IdentityView, SessionView } from "./views.js";

export type LiveEvent =
  | { readonly type: "session.started"; readonly at: string; readonly session: SessionView }
  | { readonly type: "session.ended"; readonly at: string; readonly session: SessionView }
  /** Decided, not yet answered. */
  | { readonly type: "exchange.started"; readonly at: string; readonly exchange: ExchangeView }
  /** Answered in full, refused, or cut short. */
  | { readonly type: "exchange.ended"; readonly at: string; readonly exchange: ExchangeView }
  /** With `text=1` only. */
  | DeltaEvent
  | { readonly type: "review.opened"; readonly at: string; readonly review: ReviewView }
  /** One more approval, or settled. */
  | { readonly type: "review.changed"; readonly at: string; readonly review: ReviewView }
  /** With `only=reviews`: those that were pending are told; what comes now is new. */
  | { readonly type: "stream.caught-up"; readonly at: string }
  /** The last line: the daemon stops, or this listener fell too far behind to be told all. */
  | { readonly type: "stream.closed"; readonly at: string; readonly reason: string };

/** A piece of a reply, as it was recorded. */
export interface DeltaEvent {
  readonly type: "exchange.delta";
  readonly at: string;
  readonly exchange: {
    readonly id: string;
    readonly sessionId: string | null;
    readonly seq: number;
  };
  /** Tells the reply's turns apart: pieces of several may come interleaved. */
  readonly turn: string;
  readonly kind: "message" | "tool-call" | "tool-result" | "note";
  /** Of a message. */
  readonly role: string | null;
  /** Of the tool that is called; null until it was said. */
  readonly name: string | null;
  /** What comes now: of a message its text, of a call its arguments. */
  readonly text: string;
}

/** Device login, first: what the person is to enter, and where (RFC 8628). */
export interface DeviceCodeEvent {
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same with the code in it; null where the provider has none. */
  readonly verificationUriComplete: string | null;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Login by browser, first: where to send it. */
export interface AuthorizationEvent {
  readonly authorizationUrl: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** A login's lines: what to show, then how it ended. */
export type LoginEvent =
  | DeviceCodeEvent
  | AuthorizationEvent
  /** Last: who logged in. */
  | {
      readonly identity: IdentityView;
      /** Where the refresh token is; `memory`: there is none. */
      readonly kept: "keychain" | "file" | "memory";
    }
  /** Last: why the login failed. */
  | { readonly problem: Problem };
