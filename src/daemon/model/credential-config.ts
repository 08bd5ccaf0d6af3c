/**
 * Credential config: how a connection's credential is had, by kind. Ids and
 * addresses only: a secret, where a kind has one, lies in a secret store and
 * is named here.
 */

export type SecretStoreName = "keychain" | "file";

interface StoredSecret {
  readonly secretStore: SecretStoreName;
  /** The secret's name in its store. */
  readonly secretName: string;
}

/** Which token of the login is handed in, and where. */
interface Exchange {
  /** Absent: the ID token. */
  readonly subjectToken?: "id_token" | "access_token";
  /** Audience to ask the login's access token for. */
  readonly subjectAudience?: string;
  /** Absent: the vendor's own endpoint. */
  readonly tokenUrl?: string;
}

/** A permanent key. */
interface StaticKeyConfig extends StoredSecret {
  readonly kind: "static-key";
}

/** The login's own access token. */
interface OidcConfig {
  readonly kind: "oidc";
  readonly audience?: string;
  readonly scope?: string;
}

/** RFC 8693. */
interface TokenExchangeConfig extends Exchange, Partial<StoredSecret> {
  readonly kind: "token-exchange";
  readonly tokenUrl: string;
  readonly audience?: string;
  readonly resource?: string;
  readonly scope?: string;
  readonly clientId?: string;
}

interface OpenaiWorkloadConfig extends Exchange {
  readonly kind: "openai-workload";
  readonly identityProviderId: string;
  readonly serviceAccountId: string;
  readonly clientId?: string;
}

interface AnthropicWorkloadConfig extends Exchange {
  readonly kind: "anthropic-workload";
  readonly federationRuleId: string;
  readonly organizationId: string;
  readonly serviceAccountId?: string;
  readonly workspaceId?: string;
}

interface AzureEntraConfig extends Exchange {
  readonly kind: "azure-entra";
  readonly tenantId: string;
  readonly clientId: string;
  readonly scope?: string;
}

interface AwsStsConfig extends Exchange {
  readonly kind: "aws-sts";
  readonly roleArn: string;
  readonly region: string;
  /** Signing name of the service; absent: bedrock. */
  readonly service?: string;
}

interface GcpStsConfig extends Exchange {
  readonly kind: "gcp-sts";
  /** `//iam.googleapis.com/projects/…/providers/…`. */
  readonly providerResource: string;
  /** E-mail of the service account to act as; absent: the federated principal itself. */
  readonly serviceAccountId?: string;
  readonly scope?: string;
  readonly impersonationUrl?: string;
}

/** A program of the user's prints it. */
interface CommandConfig {
  readonly kind: "command";
  readonly command: string;
  /** Where it prints AWS keys: the region and service to sign for. */
  readonly region?: string;
  readonly service?: string;
}

export type CredentialConfig =
  | StaticKeyConfig
  | OidcConfig
  | TokenExchangeConfig
  | OpenaiWorkloadConfig
  | AnthropicWorkloadConfig
  | AzureEntraConfig
  | AwsStsConfig
  | GcpStsConfig
  | CommandConfig;

export type CredentialKind = CredentialConfig["kind"];

export type ConfigOf<Kind extends CredentialKind> = Extract<
  CredentialConfig,
  { readonly kind: Kind }
>;

/** Configs that hand in a token of the login. */
export type ExchangeConfig = Exclude<
  CredentialConfig,
  StaticKeyConfig | OidcConfig | CommandConfig
>;

/** Where a config's secret lies; undefined where it has none. */
export function storedSecretOf(config: CredentialConfig): StoredSecret | undefined {
  if (!("secretName" in config)) return undefined;
  const { secretStore, secretName } = config;
  return secretStore === undefined || secretName === undefined
    ? undefined
    : { secretStore, secretName };
}
