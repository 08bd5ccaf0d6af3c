/**
 * Policy input: what a policy may ask about an exchange, for the request and
 * again for each tool call in its reply.
 */
import type { PolicyInput } from "../../policy/policy.js";
import type { Classified } from "../exchange.js";

export interface PolicyInputOptions {
  readonly now: () => Date;
  readonly spent: PolicyInput["spent"];
}

/** The input for one exchange. */
export function policyInputOf(exchange: Classified, options: PolicyInputOptions): PolicyInput {
  const { session, connection, operation, body, prompt } = exchange;
  return {
    identity: session.identity,
    process: session.process,
    processCheck: session.processCheck,
    connection: connection.name,
    operation,
    requestBytes: body.length,
    now: options.now(),
    prompt,
    spent: options.spent,
  };
}
