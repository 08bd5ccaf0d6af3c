/**
 * Inject: obtain the credential that the upstream accepts, for this identity
 * on this connection. Nothing but `forward` sees it, nor the way to another
 * one where the upstream refuses it.
 */
import type { Credential } from "../../credentials/source.js";
import { Refusal, refusalCodeOf } from "../../model/refusal.js";
import type { Approved, Injected, Station } from "../exchange.js";

/** Creates the station that puts a credential beside the exchange. */
export function createInject(): Station<Approved, Injected> {
  async function obtain(exchange: Approved, rejected?: Credential): Promise<Credential> {
    const { connection, session, signal, route } = exchange;
    try {
      return await route.source.obtain(connection, session.identity, signal, rejected);
    } catch (error) {
      const code = refusalCodeOf(error);
      if (code === undefined) throw error;
      const { message, hint } = error as Error & { readonly hint?: string };
      throw new Refusal(code, message, { cause: error, hint });
    }
  }

  return async function inject(exchange) {
    const credential = await obtain(exchange);
    return { exchange, credential, renew: () => obtain(exchange, credential) };
  };
}
