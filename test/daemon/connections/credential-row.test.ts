/** Every kind's settings: the table that people see and the shapes that are checked say the same. */
import { describe, expect, test } from "vitest";
import {
  type CredentialKind,
  type CredentialKindRow,
  credentialKindNames,
  credentialKinds,
} from "../../../src/contract/credential-kinds.js";
import {
  RowProblem,
  readCredential,
  shapes,
} from "../../../src/daemon/connections/credential-row.js";

/** A good value of each setting. */
const good: Readonly<Record<string, string>> = {
  audience: "https://llm.example",
  clientId: "client-1",
  command: "llm-token --json",
  federationRuleId: "fdrl_1",
  identityProviderId: "idp_1",
  impersonationUrl: "https://iam.example/v1/x:generateAccessToken",
  organizationId: "org_1",
  providerResource:
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
  region: "eu-central-1",
  resource: "https://llm.example/v1",
  roleArn: "arn:aws:iam::123456789012:role/path/agents",
  scope: "chat embed",
  service: "bedrock",
  serviceAccountId: "sa_1",
  subjectAudience: "https://sts.example",
  subjectToken: "access_token",
  tenantId: "0b1c-contoso",
  tokenUrl: "https://sts.example/token",
  workspaceId: "wrk_1",
};

const kindRow = (kind: CredentialKind): CredentialKindRow => credentialKinds[kind];
const settingsOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, good[name] ?? ""]));
const stored = { secretStore: "keychain", secretName: "llm-1" };

function problemOf(kind: string, settings: Record<string, unknown>, allowPrivate = false): string {
  try {
    readCredential(kind, settings, allowPrivate);
  } catch (error) {
    if (error instanceof RowProblem) return `${error.path.join(".")} ${error.message}`;
    throw error;
  }
  throw new Error("it was taken");
}

test("the kinds are the same", () => {
  expect(Object.keys(shapes).sort()).toEqual([...credentialKindNames].sort());
});

describe.each(credentialKindNames)("%s", (kind) => {
  const { required, optional, secret } = kindRow(kind);
  const place = secret === "required" ? stored : {};

  test("takes what the table says, all of it and the least of it", () => {
    for (const names of [required, [...required, ...optional]]) {
      const settings = { ...settingsOf(names), ...place };
      expect(readCredential(kind, settings, false)).toEqual({ kind, ...settings });
    }
    const known = Object.keys(shapes[kind]).filter((name) => !(name in stored));
    expect(known.sort()).toEqual([...required, ...optional].sort());
  });

  test("says which setting is missing, and which is not its own", () => {
    for (const name of required) {
      const rest = required.filter((other) => other !== name);
      expect(problemOf(kind, { ...settingsOf(rest), ...place })).toBe(
        `${name} is missing: ${kind} needs it`,
      );
    }
    const stray = Object.keys(good).find((name) => !(name in shapes[kind])) ?? "";
    expect(problemOf(kind, { ...settingsOf([...required, stray]), ...place })).toContain(
      `${stray} is not for ${kind}, which takes`,
    );
    const secretless = kind !== "static-key" && kind !== "token-exchange";
    if (secretless) {
      expect(problemOf(kind, { ...settingsOf(required), ...stored })).toMatch(
        /^secret\w+ is not for/,
      );
    }
  });
});

test.each([
  ["openai-workload", { serviceAccountId: "sa 1" }, "serviceAccountId must be an id"],
  ["openai-workload", { serviceAccountId: "" }, "serviceAccountId must be an id"],
  ["openai-workload", { serviceAccountId: 7 }, "serviceAccountId must be text, and is a number"],
  ["azure-entra", { tenantId: "a/../b" }, "tenantId must be a tenant"],
  ["aws-sts", { region: "x.evil.example/" }, "region must be an AWS region"],
  ["aws-sts", { roleArn: "agents" }, "roleArn must be the ARN"],
  [
    "gcp-sts",
    { providerResource: "//evil.example/providers/x" },
    "providerResource must be a provider",
  ],
  ["oidc", { scope: "a  b" }, "scope must be a scope"],
  ["command", { command: "a\nb" }, "command must be a command"],
  ["token-exchange", { tokenUrl: "http://sts.example/" }, "tokenUrl cannot be used: http"],
  [
    "token-exchange",
    { tokenUrl: "https://10.1.2.3/" },
    "tokenUrl cannot be used: its host is a private address",
  ],
  [
    "token-exchange",
    { tokenUrl: "https://a:b@sts.example/" },
    "tokenUrl cannot be used: it holds a user name",
  ],
  ["gcp-sts", { impersonationUrl: "file:///x" }, "impersonationUrl cannot be used"],
  ["token-exchange", { subjectAudience: "x" }, "subjectAudience is for an access token"],
  [
    "token-exchange",
    { subjectToken: "refresh_token" },
    'subjectToken must be "id_token" or "access_token"',
  ],
  ["token-exchange", stored, "clientId is missing"],
  ["toString", {}, "credential must be one of static-key, oidc"],
] as const)("%s with %j is refused", (kind, change, problem) => {
  const row = credentialKinds[kind as CredentialKind] as CredentialKindRow | undefined;
  expect(problemOf(kind, { ...settingsOf(row?.required ?? []), ...change })).toContain(problem);
});

test("a token endpoint on a private network, where the connection may", () => {
  const settings = { tokenUrl: "https://10.1.2.3/token" };
  expect(readCredential("token-exchange", settings, true)).toMatchObject(settings);
});
