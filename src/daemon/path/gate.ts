/**
 * Gate: tool calls in the reply, held to the policy before the agent can act
 * on them. No rule of the built-in policy speaks of tool calls, so every reply
 * passes as it is.
 */
import type { Desk } from "../reviews/desk.js";
import { advance, type Forwarded, type Gated, type Station } from "./station.js";

export interface GateOptions {
  readonly desk: Desk;
}

/** Creates the station that stands between the model's tool calls and the agent. */
export function createGate(_options: GateOptions): Station<Forwarded, Gated> {
  return function gate(exchange) {
    return advance(exchange, { gated: true });
  };
}
