/**
 * OpenAI workload: a service account's token by OpenAI's workload identity
 * federation. Fields and the hour assumed where the reply names no lifetime
 * are those of the openai SDK (6.49, auth/workload-identity-auth).
 */
import { claim, createBearer, milliseconds } from "./bearer.js";
import { type CredentialSource, configOf } from "./source.js";
import { type ExchangeOptions, exchangeGrant, jwtTypeOf, subjectFor } from "./subject.js";
import { tokenIn } from "./token-reply.js";

const endpoint = "https://auth.openai.com/oauth/token";
const assumedLifetime = 3_600_000;

/** Creates the source of OpenAI service account tokens. */
export function createOpenaiWorkloadSource(options: ExchangeOptions): CredentialSource {
  const { subjects, call, now } = options;
  return {
    async obtain(connection, identity, signal) {
      const config = configOf(connection, "openai-workload");
      const { tokenUrl: url = endpoint, serviceAccountId } = config;
      const subject = await subjectFor(subjects, config, identity, signal);
      const reply = await call({
        connection,
        url,
        json: {
          grant_type: exchangeGrant,
          subject_token: subject.token.reveal(),
          subject_token_type: jwtTypeOf(subject),
          identity_provider_id: config.identityProviderId,
          service_account_id: serviceAccountId,
          ...(config.clientId !== undefined && { client_id: config.clientId }),
        },
        secrets: [subject.token],
        signal,
      });
      const token = tokenIn(reply, { connection, url });
      return createBearer({
        connection,
        token,
        lifetime: milliseconds(reply.fields.expires_in) ?? assumedLifetime,
        seenAs: `service account ${claim(token, "sub") ?? serviceAccountId}`,
        now,
      });
    },
  };
}
