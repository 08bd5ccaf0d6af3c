/** Every source that asks somebody, each with its own wire format, held to the one contract. */
import { expect } from "vitest";
import type { OutgoingRequest } from "../../../src/daemon/credentials/source.js";
import {
  clientSecret,
  credentialSourceContract,
  subjectToken,
} from "../../contracts/credential-source.js";
import { checkSigV4 } from "../../support/sigv4-check.js";
import { stsXml, type TokenEndpoint } from "../../support/token-endpoint.js";

const bearerOnly = (request: OutgoingRequest, token: string) =>
  expect(request.headers).toEqual([
    ...["accept", "*/*", "content-type", "application/json"],
    ...["authorization", `Bearer ${token}`],
  ]);

/** RFC 6749, 5.1. */
const oauth = (token: string, seconds: number | undefined) => ({
  body: {
    access_token: token,
    token_type: "Bearer",
    ...(seconds !== undefined && { expires_in: seconds }),
  },
});

const grant = "urn:ietf:params:oauth:grant-type:token-exchange";
const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`;

credentialSourceContract("token-exchange", {
  config: ({ url }) => ({
    kind: "token-exchange",
    tokenUrl: url,
    audience: "https://llm.example",
    resource: "https://llm.example/v1",
    scope: "chat embed",
    clientId: "hoopx cli",
    secretStore: "keychain",
    secretName: "llm-1",
  }),
  answer: oauth,
  unsaid: undefined,
  sent({ header, form }) {
    expect(header("content-type")).toBe("application/x-www-form-urlencoded");
    const pair = `hoopx+cli:${new URLSearchParams({ s: clientSecret }).toString().slice(2)}`;
    expect(header("authorization")).toBe(`Basic ${Buffer.from(pair).toString("base64")}`);
    expect(form).toEqual({
      grant_type: grant,
      subject_token: subjectToken,
      subject_token_type: type("id_token"),
      requested_token_type: type("access_token"),
      audience: "https://llm.example",
      resource: "https://llm.example/v1",
      scope: "chat embed",
    });
  },
  carried: bearerOnly,
  // Nothing is known of an opaque token.
  seenAs: undefined,
  handsIn: true,
});

credentialSourceContract("openai-workload", {
  config: ({ url }) => ({
    kind: "openai-workload",
    identityProviderId: "idp_1",
    serviceAccountId: "sa_1",
    clientId: "client_1",
    tokenUrl: url,
  }),
  answer: oauth,
  unsaid: 3_600_000,
  sent({ header, json }) {
    expect(header("content-type")).toBe("application/json");
    expect(header("authorization")).toBeUndefined();
    expect(json).toEqual({
      grant_type: grant,
      subject_token: subjectToken,
      subject_token_type: type("id_token"),
      identity_provider_id: "idp_1",
      service_account_id: "sa_1",
      client_id: "client_1",
    });
  },
  carried: bearerOnly,
  seenAs: "service account sa_1",
  handsIn: true,
});

credentialSourceContract("anthropic-workload", {
  config: ({ url }) => ({
    kind: "anthropic-workload",
    federationRuleId: "fdrl_1",
    organizationId: "org_1",
    serviceAccountId: "svac_1",
    workspaceId: "wrkspc_1",
    tokenUrl: url,
  }),
  answer: oauth,
  unsaid: undefined,
  sent({ header, json }) {
    expect(header("anthropic-beta")).toBe("oauth-2025-04-20,oidc-federation-2026-04-01");
    expect(json).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: subjectToken,
      federation_rule_id: "fdrl_1",
      organization_id: "org_1",
      service_account_id: "svac_1",
      workspace_id: "wrkspc_1",
    });
  },
  carried: (request, token) =>
    expect(request.headers.slice(4)).toEqual([
      ...["authorization", `Bearer ${token}`],
      ...["anthropic-beta", "oauth-2025-04-20"],
    ]),
  seenAs: "service account svac_1",
  handsIn: true,
});

credentialSourceContract("azure-entra", {
  config: ({ url }) => ({
    kind: "azure-entra",
    tenantId: "contoso.example",
    clientId: "app-1",
    tokenUrl: url,
  }),
  // Its v1 endpoints say digits as text.
  answer: (token, seconds) => oauth(token, seconds === undefined ? undefined : seconds),
  unsaid: undefined,
  sent: ({ form }) =>
    expect(form).toEqual({
      grant_type: "client_credentials",
      client_id: "app-1",
      scope: "https://cognitiveservices.azure.com/.default",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: subjectToken,
    }),
  carried: bearerOnly,
  seenAs: "application app-1 of tenant contoso.example",
  handsIn: true,
});

const awsSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

credentialSourceContract("aws-sts", {
  config: ({ origin }: TokenEndpoint) => ({
    kind: "aws-sts",
    roleArn: "arn:aws:iam::123456789012:role/agents",
    region: "eu-central-1",
    tokenUrl: `${origin}/`,
  }),
  answer: (token, seconds, at) => ({
    headers: { "content-type": "text/xml" },
    body: stsXml({
      secret: awsSecret,
      session: token,
      expiration:
        seconds === undefined ? undefined : new Date(at.getTime() + seconds * 1000).toISOString(),
    }),
  }),
  unsaid: "refused",
  sent({ header, form }) {
    expect(header("accept")).toBe("text/xml");
    expect(form).toEqual({
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: "arn:aws:iam::123456789012:role/agents",
      RoleSessionName: "ann@example.com",
      WebIdentityToken: subjectToken,
    });
  },
  carried({ method, path, headers, body }, token) {
    expect(headers[headers.indexOf("x-amz-security-token") + 1]).toBe(token);
    const rawHeaders = [...headers, "host", "llm.example"];
    const received = { method, url: path, rawHeaders, body: Buffer.from(body) };
    expect(checkSigV4(received, awsSecret)).toMatchObject({
      valid: true,
      accessKeyId: "ASIAEXAMPLE",
      scope: "eu-central-1/bedrock",
    });
  },
  seenAs: "arn:aws:sts::123456789012:assumed-role/agents/ann@example.com",
  handsIn: true,
});

credentialSourceContract("gcp-sts", {
  config: ({ url }) => ({
    kind: "gcp-sts",
    providerResource:
      "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
    tokenUrl: url,
  }),
  answer: oauth,
  unsaid: undefined,
  sent: ({ form }) =>
    expect(form).toEqual({
      grant_type: grant,
      audience:
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
      scope: "https://www.googleapis.com/auth/cloud-platform",
      requested_token_type: type("access_token"),
      subject_token: subjectToken,
      subject_token_type: type("id_token"),
    }),
  carried: bearerOnly,
  seenAs:
    "a principal of //iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
  handsIn: true,
});

/** A program that asks the endpoint itself and prints what it hears. */
const asks = (url: string) =>
  `'${process.execPath}' -e 'fetch("${url}", { method: "POST" }).then((r) => r.text()).then((t) => process.stdout.write(t))'`;

credentialSourceContract("command", {
  config: ({ url }) => ({ kind: "command", command: asks(url) }),
  answer: (token, seconds) => ({ body: { token, expires_in: seconds } }),
  unsaid: undefined,
  carried: bearerOnly,
  seenAs: undefined,
  handsIn: false,
  // A program has to start first.
  patience: 5_000,
});
