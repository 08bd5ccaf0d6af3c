/**
 * Gate: tool calls in the reply, held to the policy before the agent can act
 * on them. No rule of the built-in policy speaks of tool calls, so every reply
 * passes as it is.
 */
import { advance, type Forwarded, type Gated, type Station } from "./station.js";

/** Creates the station that stands between the model's tool calls and the agent. */
export function createGate(): Station<Forwarded, Gated> {
  return function gate(exchange) {
    return advance(exchange, { gated: true });
  };
}
