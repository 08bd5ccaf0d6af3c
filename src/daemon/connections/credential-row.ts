/**
 * Credential row: the settings of each kind of credential, as connections.yaml
 * has them and as `connections add` gives them. Ids and addresses are held to
 * their form here, since some become part of a URL, and a URL is one that a
 * token may be sent to; none may hold a secret.
 */
import * as z from "zod";
import { credentialKinds } from "../../contract/credential-kinds.js";
import type { CredentialConfig, CredentialKind } from "../model/credential-config.js";
import { BaseUrlError, parseBaseUrl } from "../upstream/address.js";
import { checkShape, type Mistake } from "../yaml/check-shape.js";

const form = (pattern: RegExp, what: string) => z.string().max(2048).regex(pattern, what);
/** An id goes into a JSON field or a form; no blank belongs in one. */
const id = form(/^[\x21-\x7e]+$/, "must be an id without blanks");
/** RFC 6749, 3.3: words with one blank between. */
const scope = form(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/, "must be a scope");
const tenant = form(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, "must be a tenant's id or domain");
const region = form(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region, such as us-east-1");
const service = form(
  /^[a-z0-9][a-z0-9-]*$/,
  "must be an AWS service's signing name, such as bedrock",
);
const role = form(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, "must be the ARN of a role");
const resource = form(
  /^\/\/iam\.googleapis\.com\/[\w./-]+\/providers\/[\w.-]+$/,
  "must be a provider's resource, such as //iam.googleapis.com/projects/…/providers/…",
);
const command = form(/^[^\0\r\n]+$/, "must be a command on one line");

const exchange = {
  subjectToken: z.enum(["id_token", "access_token"]).exactOptional(),
  subjectAudience: id.exactOptional(),
  tokenUrl: z.string().exactOptional(),
};

const storedSecret = {
  secretStore: z.enum(["keychain", "file"]),
  secretName: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "is not a secret's name"),
};

export const shapes = {
  "static-key": storedSecret,
  oidc: { audience: id.exactOptional(), scope: scope.exactOptional() },
  "token-exchange": {
    ...exchange,
    tokenUrl: z.string(),
    audience: id.exactOptional(),
    resource: id.exactOptional(),
    scope: scope.exactOptional(),
    clientId: id.exactOptional(),
    secretStore: storedSecret.secretStore.exactOptional(),
    secretName: storedSecret.secretName.exactOptional(),
  },
  "openai-workload": {
    ...exchange,
    identityProviderId: id,
    serviceAccountId: id,
    clientId: id.exactOptional(),
  },
  "anthropic-workload": {
    ...exchange,
    federationRuleId: id,
    organizationId: id,
    serviceAccountId: id.exactOptional(),
    workspaceId: id.exactOptional(),
  },
  "azure-entra": { ...exchange, tenantId: tenant, clientId: id, scope: scope.exactOptional() },
  "aws-sts": { ...exchange, roleArn: role, region, service: service.exactOptional() },
  "gcp-sts": {
    ...exchange,
    providerResource: resource,
    serviceAccountId: id.exactOptional(),
    scope: scope.exactOptional(),
    impersonationUrl: z.string().exactOptional(),
  },
  command: { command, region: region.exactOptional(), service: service.exactOptional() },
} satisfies Record<CredentialKind, z.ZodRawShape>;

/** A row that cannot be used: where in it, and why. */
export class RowProblem extends Error {
  readonly path: readonly string[];

  constructor(path: readonly string[], message: string) {
    super(message);
    this.path = path;
  }
}

/** The settings as a config; throws RowProblem. */
export function readCredential(
  kind: string,
  settings: Readonly<Record<string, unknown>>,
  allowPrivateNetwork: boolean,
): CredentialConfig {
  if (!Object.hasOwn(shapes, kind)) {
    throw new RowProblem(["credential"], `must be one of ${Object.keys(shapes).join(", ")}`);
  }
  const known = kind as CredentialKind;
  const { value, mistakes } = checkShape(
    z.strictObject(shapes[known] as z.ZodRawShape),
    settings as Record<string, unknown>,
  );
  if (value === undefined) throw problemOf(known, settings, mistakes[0]);
  for (const name of ["tokenUrl", "impersonationUrl"]) {
    const text = value[name];
    if (typeof text === "string") checkUrl(name, text, allowPrivateNetwork);
  }
  const { subjectAudience, subjectToken, secretName, clientId } = value;
  if (subjectAudience !== undefined && subjectToken !== "access_token") {
    const why = "is for an access token: set subjectToken to access_token with it";
    throw new RowProblem(["subjectAudience"], why);
  }
  if (kind === "token-exchange" && secretName !== undefined && clientId === undefined) {
    throw new RowProblem(["clientId"], "is missing: a client secret belongs to a client id");
  }
  // The shape of its kind has passed; the union is what the shapes say together.
  return { kind: known, ...value } as CredentialConfig;
}

function problemOf(
  kind: CredentialKind,
  settings: Readonly<Record<string, unknown>>,
  mistake: Mistake,
): RowProblem {
  if (mistake.key !== null) {
    const { required, optional } = credentialKinds[kind];
    const taken = [...required, ...optional];
    const rest = taken.length === 0 ? "takes no settings" : `takes ${taken.join(", ")}`;
    return new RowProblem([mistake.key], `is not for ${kind}, which ${rest}`);
  }
  const path = mistake.path.map(String);
  if (settings[path[0] ?? ""] === undefined) {
    return new RowProblem(path, `is missing: ${kind} needs it`);
  }
  return rowProblem(mistake);
}

/** A value of the row that has not its form. */
export function rowProblem({ path, says, hint }: Mistake): RowProblem {
  return new RowProblem(path.map(String), hint === null ? says : `${says}; ${hint}`);
}

function checkUrl(name: string, text: string, allowPrivateNetwork: boolean): void {
  try {
    parseBaseUrl(text, { allowPrivateNetwork });
  } catch (error) {
    if (!(error instanceof BaseUrlError)) throw error;
    const said = (line: string) =>
      line.replace("the base URL's", "its").replace("the base URL", "it");
    throw new RowProblem([name], `cannot be used: ${said(error.message)}; ${error.hint}`);
  }
}
