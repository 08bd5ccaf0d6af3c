/**
 * Azure Entra: an application's token by client assertion: the login's JWT
 * stands for the application's secret, as its federated credential permits
 * (Microsoft identity platform, client credentials with a federated credential).
 */
import { claim, createBearer } from "./bearer.js";
import { type CredentialSource, configOf } from "./source.js";
import { type ExchangeOptions, subjectFor } from "./subject.js";
import { lifetimeIn, tokenIn } from "./token-reply.js";

const defaultScope = "https://cognitiveservices.azure.com/.default";

/** RFC 7523, 2.2. */
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Creates the source of Entra tokens. */
export function createAzureEntraSource(options: ExchangeOptions): CredentialSource {
  const { subjects, call, now } = options;
  return {
    async obtain(connection, identity, signal) {
      const config = configOf(connection, "azure-entra");
      const { tenantId, clientId, scope = defaultScope } = config;
      const url =
        config.tokenUrl ?? `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;
      const { token } = await subjectFor(subjects, config, identity, signal);
      const reply = await call({
        connection,
        url,
        form: {
          grant_type: "client_credentials",
          client_id: clientId,
          scope,
          client_assertion_type: assertionType,
          client_assertion: token.reveal(),
        },
        secrets: [token],
        signal,
      });
      const issued = tokenIn(reply, { connection, url });
      const application = claim(issued, "appid", "azp") ?? clientId;
      return createBearer({
        connection,
        token: issued,
        lifetime: lifetimeIn(reply, issued),
        seenAs: `application ${application} of tenant ${claim(issued, "tid") ?? tenantId}`,
        now,
      });
    },
  };
}
