/**
 * GCP STS: a Google Cloud token by workload identity federation, and from it,
 * where a service account is configured, that account's token. The steps are
 * those of google-auth-library's external accounts; a configuration file of
 * theirs names the same URLs.
 */
import type { Connection } from "../model/connection.js";
import type { ConfigOf } from "../model/credential-config.js";
import type { Secret } from "../model/secret.js";
import { createBearer } from "./bearer.js";
import { type CredentialSource, configOf } from "./source.js";
import {
  type ExchangeOptions,
  exchangeGrant,
  jwtTypeOf,
  subjectFor,
  tokenTypes,
} from "./subject.js";
import { type TokenCaller, unusable } from "./token-call.js";
import { lifetimeIn, tokenIn } from "./token-reply.js";

const endpoint = "https://sts.googleapis.com/v1/token";
const cloudScope = "https://www.googleapis.com/auth/cloud-platform";
const assumedSeconds = 3600;

/** Creates the source of Google Cloud tokens. */
export function createGcpStsSource(options: ExchangeOptions): CredentialSource {
  const { subjects, call, now } = options;
  return {
    async obtain(connection, identity, signal) {
      const config = configOf(connection, "gcp-sts");
      const { tokenUrl: url = endpoint, providerResource, scope = cloudScope } = config;
      const impersonates = impersonationOf(config) !== undefined;
      const subject = await subjectFor(subjects, config, identity, signal);
      const reply = await call({
        connection,
        url,
        form: {
          grant_type: exchangeGrant,
          audience: providerResource,
          // The federated token only has to reach the impersonation; the account's has the scope.
          scope: impersonates ? cloudScope : scope,
          requested_token_type: tokenTypes.access_token,
          subject_token: subject.token.reveal(),
          subject_token_type: jwtTypeOf(subject),
        },
        secrets: [subject.token],
        signal,
      });
      const federated = tokenIn(reply, { connection, url });
      const issued = impersonates
        ? await impersonate(call, connection, federated, signal)
        : { token: federated, lifetime: lifetimeIn(reply, federated) };
      return createBearer({
        connection,
        ...issued,
        seenAs: seenAs(config),
        now,
      });
    },
  };
}

async function impersonate(
  call: TokenCaller,
  connection: Connection,
  federated: Secret,
  signal: AbortSignal,
): Promise<{ readonly token: Secret; readonly lifetime: number }> {
  const config = configOf(connection, "gcp-sts");
  const url = impersonationOf(config) ?? "";
  const reply = await call({
    connection,
    url,
    headers: { authorization: `Bearer ${federated.reveal()}` },
    json: { scope: (config.scope ?? cloudScope).split(" "), lifetime: `${assumedSeconds}s` },
    secrets: [federated],
    signal,
  });
  const token = tokenIn(reply, { connection, url, field: "accessToken" });
  const expires = Date.parse(String(reply.fields.expireTime));
  if (Number.isNaN(expires)) throw unusable(connection, url, "without an expireTime");
  return { token, lifetime: expires - reply.clock };
}

function impersonationOf(config: ConfigOf<"gcp-sts">): string | undefined {
  const { impersonationUrl, serviceAccountId } = config;
  if (impersonationUrl !== undefined) return impersonationUrl;
  if (serviceAccountId === undefined) return undefined;
  const account = encodeURIComponent(serviceAccountId);
  return `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
}

function seenAs({ serviceAccountId, impersonationUrl, providerResource }: ConfigOf<"gcp-sts">) {
  const account =
    serviceAccountId ?? /serviceAccounts\/([^/:]+):/.exec(impersonationUrl ?? "")?.[1];
  return account === undefined
    ? `a principal of ${providerResource}`
    : `service account ${decodeURIComponent(account)}`;
}
