/**
 * Credentials: the list of all sources, and the one that the rest of the daemon
 * asks: it looks at a connection's kind and passes the question on. A new kind
 * is a file, a line here, and the contract suite of
 * test/contracts/credential-source.ts.
 */
import type { Connection } from "../model/connection.js";
import type { CredentialKind } from "../model/credential-config.js";
import type { Identity } from "../model/identity.js";
import type { SubjectTokens } from "../model/subject-token.js";
import type { CheckedFetch } from "../upstream/checked-fetch.js";
import { createAnthropicWorkloadSource } from "./anthropic-workload.js";
import { createAwsStsSource } from "./aws-sts.js";
import { createAzureEntraSource } from "./azure-entra.js";
import { createCachedSource } from "./cached.js";
import { createCommandSource } from "./command.js";
import { createGcpStsSource } from "./gcp-sts.js";
import { createOidcSource } from "./oidc.js";
import { createOpenaiWorkloadSource } from "./openai-workload.js";
import type { Credential, CredentialSource } from "./source.js";
import { createStaticKeySource } from "./static-key.js";
import type { SecretStores } from "./stored-secret.js";
import { createTokenCaller } from "./token-call.js";
import { createTokenExchangeSource } from "./token-exchange.js";

export interface CredentialsOptions {
  readonly stores: SecretStores;
  readonly subjects: SubjectTokens;
  readonly fetch: CheckedFetch;
  readonly now: () => Date;
  readonly monotonic: () => number;
  /** Milliseconds that obtaining a credential may take. */
  readonly limit: number;
  /** The daemon's own environment; commands get a part of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where credential commands run. */
  readonly folder: string;
  /** Aborts when the daemon stops. */
  readonly over: AbortSignal;
}

export interface Credentials extends CredentialSource {
  /** What was last had of short-lived ones, for any identity, and still lives; asks no issuer. */
  known(connection: Connection): Credential | undefined;
  /** Lets go of what an identity had; live sessions ask again. */
  forget(identity: Identity): void;
}

/** Creates the source for every kind of connection. */
export function createCredentials(options: CredentialsOptions): Credentials {
  const { stores, subjects, fetch, now, monotonic, limit, environment, folder, over } = options;
  const exchange = { subjects, call: createTokenCaller({ fetch, now }), now };
  const issuing: Readonly<Record<Exclude<CredentialKind, "static-key">, CredentialSource>> = {
    oidc: createOidcSource({ subjects, now }),
    "token-exchange": createTokenExchangeSource({ ...exchange, stores }),
    "openai-workload": createOpenaiWorkloadSource(exchange),
    "anthropic-workload": createAnthropicWorkloadSource(exchange),
    "azure-entra": createAzureEntraSource(exchange),
    "aws-sts": createAwsStsSource(exchange),
    "gcp-sts": createGcpStsSource(exchange),
    command: createCommandSource({ environment, folder, limit, now }),
  };
  const issued = createCachedSource({
    source: {
      async obtain(connection, identity, signal, rejected) {
        const { kind } = connection.credential;
        if (kind === "static-key") throw new Error("a permanent key has no issuer");
        return issuing[kind].obtain(connection, identity, signal, rejected);
      },
    },
    now: () => now().getTime(),
    monotonic,
    limit,
    over,
  });
  // It keeps keys itself: they have no end, and are told apart by their names.
  const keys = createStaticKeySource({ stores });

  return {
    obtain(connection, identity, signal, rejected) {
      const source = connection.credential.kind === "static-key" ? keys : issued;
      return source.obtain(connection, identity, signal, rejected);
    },
    known: (connection) => issued.known(connection),
    forget: (identity) => issued.forget(identity),
  };
}
