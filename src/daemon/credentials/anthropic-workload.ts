/**
 * Anthropic workload: a token for a federation rule by the login's JWT
 * (RFC 7523, as JSON). The endpoint is the API's own origin; requests with
 * such a token say so in `anthropic-beta`, beside what the client says there.
 */
import { createBearer } from "./bearer.js";
import { type CredentialSource, configOf, type OutgoingRequest } from "./source.js";
import { type ExchangeOptions, subjectFor } from "./subject.js";
import { lifetimeIn, tokenIn } from "./token-reply.js";

const beta = "oauth-2025-04-20";
const endpointBeta = `${beta},oidc-federation-2026-04-01`;

/** RFC 7523, 2.1. */
const jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** Creates the source of Anthropic tokens. */
export function createAnthropicWorkloadSource(options: ExchangeOptions): CredentialSource {
  const { subjects, call, now } = options;
  return {
    async obtain(connection, identity, signal) {
      const config = configOf(connection, "anthropic-workload");
      const { tokenUrl: url = `${connection.origin}/v1/oauth/token`, serviceAccountId } = config;
      const { token } = await subjectFor(subjects, config, identity, signal);
      const reply = await call({
        connection,
        url,
        headers: { "anthropic-beta": endpointBeta },
        json: {
          grant_type: jwtBearerGrant,
          assertion: token.reveal(),
          federation_rule_id: config.federationRuleId,
          organization_id: config.organizationId,
          ...(serviceAccountId !== undefined && { service_account_id: serviceAccountId }),
          ...(config.workspaceId !== undefined && { workspace_id: config.workspaceId }),
        },
        secrets: [token],
        signal,
      });
      const issued = tokenIn(reply, { connection, url });
      const seenAs =
        serviceAccountId === undefined
          ? `organization ${config.organizationId}, by rule ${config.federationRuleId}`
          : `service account ${serviceAccountId}`;
      return createBearer({
        connection,
        token: issued,
        lifetime: lifetimeIn(reply, issued),
        seenAs,
        now,
        beside: sayBeta,
      });
    },
  };
}

/** One header with all of its values: two lines of it may be read as the first alone. */
function sayBeta({ headers }: OutgoingRequest): void {
  for (let index = 0; index < headers.length; index += 2) {
    if ((headers[index] as string).toLowerCase() !== "anthropic-beta") continue;
    const said = headers[index + 1] as string;
    if (!said.split(",").some((each) => each.trim() === beta)) {
      headers[index + 1] = said.trim() === "" ? beta : `${said},${beta}`;
    }
    return;
  }
  headers.push("anthropic-beta", beta);
}
