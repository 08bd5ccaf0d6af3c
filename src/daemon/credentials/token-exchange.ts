/**
 * Token exchange: a token for the upstream in exchange for the login's
 * (RFC 8693). A form POST; a client secret, where the endpoint wants one, lies
 * in the secret store and goes to the endpoint it was given for, by HTTP Basic
 * (RFC 6749, 2.3.1).
 */
import type { Connection } from "../model/connection.js";
import type { ConfigOf } from "../model/credential-config.js";
import { storedSecretOf } from "../model/credential-config.js";
import type { Secret } from "../model/secret.js";
import { within } from "../secrets/within.js";
import { claim, createBearer } from "./bearer.js";
import { type CredentialSource, configOf } from "./source.js";
import { boundElsewhere, readStoredSecret, type SecretStores } from "./stored-secret.js";
import { type ExchangeOptions, exchangeGrant, subjectFor, tokenTypes } from "./subject.js";
import { lifetimeIn, tokenIn } from "./token-reply.js";

export interface TokenExchangeOptions extends ExchangeOptions {
  readonly stores: SecretStores;
}

/** Creates the source that exchanges tokens. */
export function createTokenExchangeSource(options: TokenExchangeOptions): CredentialSource {
  const { subjects, call, stores, now } = options;

  async function clientSecret(connection: Connection, url: string): Promise<Secret | undefined> {
    if (storedSecretOf(connection.credential) === undefined) return undefined;
    const { origin, value } = await readStoredSecret(stores, connection);
    const to = new URL(url).origin;
    if (origin !== to) throw boundElsewhere(connection.name, origin, to);
    return value;
  }

  return {
    async obtain(connection, identity, signal) {
      const config = configOf(connection, "token-exchange");
      const { tokenUrl: url, clientId } = config;
      const secret = await within(signal, clientSecret(connection, url));
      const { token, kind } = await subjectFor(subjects, config, identity, signal);
      const reply = await call({
        connection,
        url,
        ...(secret && { headers: { authorization: basic(clientId ?? "", secret) } }),
        form: {
          grant_type: exchangeGrant,
          ...targets(config),
          subject_token: token.reveal(),
          subject_token_type: tokenTypes[kind],
          requested_token_type: tokenTypes.access_token,
          // RFC 6749 2.3.1: a client says who it is in one way only.
          ...(secret === undefined && { client_id: clientId }),
        },
        secrets: secret === undefined ? [token] : [token, secret],
        signal,
      });
      const issued = tokenIn(reply, { connection, url });
      return createBearer({
        connection,
        token: issued,
        lifetime: lifetimeIn(reply, issued),
        seenAs: claim(issued, "email", "sub", "client_id"),
        now,
      });
    },
  };
}

function targets({ audience, resource, scope }: ConfigOf<"token-exchange">) {
  return { audience, resource, scope };
}

/** RFC 6749 2.3.1: both parts are form-encoded before they are joined. */
function basic(clientId: string, secret: Secret): string {
  const encode = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
  const pair = `${encode(clientId)}:${encode(secret.reveal())}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
