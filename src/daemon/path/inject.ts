/**
 * Inject: obtain the credential that the upstream accepts, for this identity
 * on this connection. Nothing but `forward` sees it.
 */
import type { CredentialSource } from "../credentials/source.js";
import { Refusal, refusalCodeOf } from "../model/refusal.js";
import type { Approved, Injected, Station } from "./station.js";

export interface InjectOptions {
  readonly source: CredentialSource;
}

/** Creates the station that puts a credential beside the exchange. */
export function createInject({ source }: InjectOptions): Station<Approved, Injected> {
  return async function inject(exchange) {
    const { connection, session, signal } = exchange;
    try {
      const credential = await source.obtain(connection, session.identity, signal);
      return { exchange, credential };
    } catch (error) {
      const code = refusalCodeOf(error);
      if (code === undefined) throw error;
      throw new Refusal(code, (error as Error).message, { cause: error });
    }
  };
}
