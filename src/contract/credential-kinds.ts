/**
 * Credential kinds: how a connection can come by its credential, and what each
 * kind is told. One table, so that the command line asks for what the daemon
 * takes; `test/daemon/connections/credential-row.test.ts` holds the two together.
 */
export const credentialSettings = {
  audience: "audience of the token that is asked for",
  clientId: "client id at the token endpoint",
  command: "program that prints the credential and its expiry",
  federationRuleId: "Anthropic federation rule",
  identityProviderId: "OpenAI identity provider",
  impersonationUrl: "Google's generateAccessToken URL, where it is not the public one",
  organizationId: "Anthropic organization",
  providerResource: "Google workload identity provider: //iam.googleapis.com/projects/…",
  region: "AWS region to sign for",
  resource: "resource of the token that is asked for (RFC 8693)",
  roleArn: "AWS role to assume",
  scope: "scope of the token that is asked for",
  service: "AWS service to sign for (bedrock)",
  serviceAccountId: "service account to act as",
  subjectAudience: "audience of the login's access token that is handed in",
  subjectToken: "which of the login's tokens is handed in (id_token)",
  tenantId: "Entra tenant",
  tokenUrl: "token endpoint (the vendor's own, unless said)",
  workspaceId: "Anthropic workspace",
} as const;

export type CredentialSetting = keyof typeof credentialSettings;

export interface CredentialKindRow {
  /** What is sent upstream, for people. */
  readonly summary: string;
  readonly secret: "required" | "optional" | "none";
  readonly required: readonly CredentialSetting[];
  readonly optional: readonly CredentialSetting[];
}

const exchange = ["subjectToken", "subjectAudience", "tokenUrl"] as const;

export const credentialKinds = {
  "static-key": {
    summary: "a permanent key",
    secret: "required",
    required: [],
    optional: [],
  },
  oidc: {
    summary: "the login's own access token",
    secret: "none",
    required: [],
    optional: ["audience", "scope"],
  },
  "token-exchange": {
    summary: "a token exchanged for the login's (RFC 8693)",
    secret: "optional",
    required: ["tokenUrl"],
    optional: ["audience", "resource", "scope", "clientId", "subjectToken", "subjectAudience"],
  },
  "openai-workload": {
    summary: "an OpenAI service account's token, by workload identity federation",
    secret: "none",
    required: ["identityProviderId", "serviceAccountId"],
    optional: ["clientId", ...exchange],
  },
  "anthropic-workload": {
    summary: "an Anthropic token, by workload identity federation (RFC 7523)",
    secret: "none",
    required: ["federationRuleId", "organizationId"],
    optional: ["serviceAccountId", "workspaceId", ...exchange],
  },
  "azure-entra": {
    summary: "an Entra application's token, by client assertion",
    secret: "none",
    required: ["tenantId", "clientId"],
    optional: ["scope", ...exchange],
  },
  "aws-sts": {
    summary: "a signature of an assumed AWS role",
    secret: "none",
    required: ["roleArn", "region"],
    optional: ["service", ...exchange],
  },
  "gcp-sts": {
    summary: "a Google Cloud token, by workload identity federation",
    secret: "none",
    required: ["providerResource"],
    optional: ["serviceAccountId", "scope", "impersonationUrl", ...exchange],
  },
  command: {
    summary: "what a program of yours prints",
    secret: "none",
    required: ["command"],
    optional: ["region", "service"],
  },
} as const satisfies Record<string, CredentialKindRow>;

export type CredentialKind = keyof typeof credentialKinds;

export const credentialKindNames = Object.keys(credentialKinds) as readonly CredentialKind[];

export type CredentialSettings = { readonly [Name in CredentialSetting]?: string };

/** Where a secret goes: the keychain unless the file was chosen. */
export type SecretStoreChoice = "keychain" | "file";
