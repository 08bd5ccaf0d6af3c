/**
 * Inject: obtain the credential that the upstream accepts, for this identity
 * on this connection. Nothing but `forward` sees it, nor the way to another
 * one where the upstream refuses it.
 */
import type { Credential, CredentialSource } from "../credentials/source.js";
import { Refusal, refusalCodeOf } from "../model/refusal.js";
import type { Approved, Injected, Station } from "./station.js";

export interface InjectOptions {
  readonly source: CredentialSource;
}

const none: Credential = { sensitive: [], async apply() {} };

/** Creates the station that puts a credential beside the exchange. */
export function createInject({ source }: InjectOptions): Station<Approved, Injected> {
  async function obtain(exchange: Approved, rejected?: Credential): Promise<Credential> {
    const { connection, session, signal } = exchange;
    try {
      return await source.obtain(connection, session.identity, signal, rejected);
    } catch (error) {
      const code = refusalCodeOf(error);
      if (code === undefined) throw error;
      const { message, hint } = error as Error & { readonly hint?: string };
      throw new Refusal(code, message, { cause: error, hint });
    }
  }

  return async function inject(exchange) {
    // The record accepts anybody: neither secret store nor token endpoint is asked.
    if (exchange.recorded !== undefined)
      return { exchange, credential: none, renew: async () => none };
    const credential = await obtain(exchange);
    return { exchange, credential, renew: () => obtain(exchange, credential) };
  };
}
