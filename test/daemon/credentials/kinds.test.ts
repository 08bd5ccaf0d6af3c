/** What single sources do beyond the contract. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOidcSource } from "../../../src/daemon/credentials/oidc.js";
import { CredentialError } from "../../../src/daemon/credentials/source.js";
import type { CredentialConfig } from "../../../src/daemon/model/credential-config.js";
import { Secret } from "../../../src/daemon/model/secret.js";
import type { SubjectTokenNeed } from "../../../src/daemon/model/subject-token.js";
import {
  ann,
  connectionWith,
  credentialErrorOf,
  issuedToken,
  openCredentials,
  requestTo,
  subjectToken,
} from "../../contracts/credential-source.js";
import { jwtOf } from "../../support/jwt.js";
import { startTokenEndpoint, type TokenEndpoint } from "../../support/token-endpoint.js";

const { signal } = new AbortController();
let endpoint: TokenEndpoint;
beforeEach(async () => {
  endpoint = await startTokenEndpoint();
});
afterEach(() => endpoint.close());

const obtain = (config: CredentialConfig, home = openCredentials()) =>
  home.credentials.obtain(connectionWith(config), ann, signal);

test("oidc: the login's access token, for its audience; another once it is refused", async () => {
  const needs: SubjectTokenNeed[] = [];
  const token = jwtOf({ sub: "ann", email: "ann@example.com" });
  let expiresAt: Date | null = new Date(Date.now() + 600_000);
  const source = createOidcSource({
    subjects: {
      async obtain(_identity, need) {
        needs.push(need);
        return { token: new Secret(token), kind: "access_token", expiresAt };
      },
    },
    now: () => new Date(),
  });
  const connection = connectionWith({ kind: "oidc", audience: "https://gw.example", scope: "llm" });
  const credential = await source.obtain(connection, ann, signal);
  expect(Math.abs((credential.lifetime ?? 0) - 600_000)).toBeLessThan(2_000);
  expect(credential.seenAs).toBe("ann@example.com");
  const request = requestTo();
  await credential.apply(request);
  expect(request.headers.slice(4)).toEqual(["authorization", `Bearer ${token}`]);
  await source.obtain(connection, ann, signal, credential);
  const asked = { kind: "access_token", audience: "https://gw.example", scope: "llm" };
  expect(needs).toEqual([asked, { ...asked, fresh: true }]);
  expiresAt = null;
  expect((await source.obtain(connection, ann, signal)).expiresAt).toBeUndefined();
});

test("a login that is missing is told in its own words", async () => {
  const none = new CredentialError("you are not logged in", "hoopx login", {
    problem: "login_needed",
  });
  const source = createOidcSource({
    subjects: { obtain: () => Promise.reject(none) },
    now: () => new Date(),
  });
  await expect(source.obtain(connectionWith({ kind: "oidc" }), ann, signal)).rejects.toBe(none);
});

test("token-exchange: a public client names itself in the form; another subject token is handed in", async () => {
  const home = openCredentials();
  await obtain(
    {
      kind: "token-exchange",
      tokenUrl: endpoint.url,
      clientId: "cli",
      subjectToken: "access_token",
      subjectAudience: "https://sts.example",
    },
    home,
  );
  const call = await endpoint.call(0);
  expect(call.header("authorization")).toBeUndefined();
  expect(call.form).toMatchObject({
    client_id: "cli",
    subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
  });
  expect(home.needs).toEqual([{ kind: "access_token", audience: "https://sts.example" }]);
});

test("token-exchange: a client secret goes to the endpoint it was given for and to no other", async () => {
  const home = openCredentials();
  home.secret.origin = "https://sts.example";
  const config = {
    kind: "token-exchange",
    tokenUrl: endpoint.url,
    clientId: "cli",
    secretStore: "keychain",
    secretName: "llm-1",
  } as const;
  expect((await credentialErrorOf(obtain(config, home))).message).toContain(
    "bound to https://sts.example",
  );
  expect(endpoint.calls).toHaveLength(0);
});

test("token-exchange: the lifetime of a JWT is its own, where the reply names none", async () => {
  const exp = Math.floor(endpoint.now().getTime() / 1000) + 120;
  endpoint.respond(() => ({
    body: { access_token: jwtOf({ exp, sub: "svc" }), token_type: "N_A", issued_token_type: "x" },
  }));
  const { lifetime = 0, seenAs } = await obtain({ kind: "token-exchange", tokenUrl: endpoint.url });
  expect(Math.abs(lifetime - 120_000)).toBeLessThan(3_000);
  expect(seenAs).toBe("svc");
});

test("a token of another scheme is not sent as a bearer", async () => {
  endpoint.respond(() => ({ body: { access_token: issuedToken, token_type: "DPoP" } }));
  await credentialErrorOf(obtain({ kind: "token-exchange", tokenUrl: endpoint.url }));
});

test("a redirect is not followed with a token", async () => {
  const other = await startTokenEndpoint();
  endpoint.respond(() => ({ status: 307, body: "", headers: { location: other.url } }));
  const { message, hint } = await credentialErrorOf(
    obtain({ kind: "token-exchange", tokenUrl: endpoint.url }),
  );
  expect(message).toContain("answered 307");
  expect(hint).toContain("redirects are not followed");
  expect(other.calls).toHaveLength(0);
  await other.close();
});

test.each([
  [
    { error: "invalid_target", error_description: "no such audience" },
    "invalid_target: no such audience",
  ],
  [
    { error: { status: "INVALID_ARGUMENT", message: "bad audience" } },
    "INVALID_ARGUMENT: bad audience",
  ],
  [
    { type: "error", error: { type: "invalid_grant", message: "rule disabled" } },
    "invalid_grant: rule disabled",
  ],
  [
    "<ErrorResponse><Error><Code>ExpiredTokenException</Code><Message>Token &lt;x&gt; expired</Message></Error></ErrorResponse>",
    "ExpiredTokenException: Token <x> expired",
  ],
  ["<html>", "answered 400"],
])("the endpoint's own words are told: %j", async (body, words) => {
  endpoint.respond(() => ({ status: 400, body }));
  const error = await credentialErrorOf(obtain({ kind: "token-exchange", tokenUrl: endpoint.url }));
  expect(error.message).toContain(words);
  expect(error.message).toContain(new URL(endpoint.url).host);
});

test("openai-workload: an access token is handed in as a JWT", async () => {
  await obtain({
    kind: "openai-workload",
    identityProviderId: "idp_1",
    serviceAccountId: "sa_1",
    subjectToken: "access_token",
    tokenUrl: endpoint.url,
  });
  expect((await endpoint.call(0)).json).toEqual({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: subjectToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    identity_provider_id: "idp_1",
    service_account_id: "sa_1",
  });
});

test("anthropic-workload: asks at the API's own origin, and keeps the client's betas", async () => {
  const home = openCredentials();
  const config = {
    kind: "anthropic-workload",
    federationRuleId: "fdrl_1",
    organizationId: "org_1",
  } as const;
  const connection = { ...connectionWith(config), origin: endpoint.origin };
  const credential = await home.credentials.obtain(connection, ann, signal);
  expect((await endpoint.call(0)).url).toBe("/v1/oauth/token");
  expect(credential.seenAs).toBe("organization org_1, by rule fdrl_1");
  for (const [said, sent] of [
    ["files-api-2025-04-14", "files-api-2025-04-14,oauth-2025-04-20"],
    ["a, oauth-2025-04-20", "a, oauth-2025-04-20"],
  ] as const) {
    const request = { ...requestTo(endpoint.origin), headers: ["Anthropic-Beta", said] };
    await credential.apply(request);
    expect(request.headers.slice(0, 2)).toEqual(["Anthropic-Beta", sent]);
    expect(request.headers).toHaveLength(4);
  }
});

test("gcp-sts: the service account's token, by the federated one", async () => {
  endpoint.respond(({ url }) =>
    url.includes(":generateAccessToken")
      ? {
          body: {
            accessToken: issuedToken,
            expireTime: new Date(endpoint.now().getTime() + 1_800_000).toISOString(),
          },
        }
      : { body: { access_token: "federated-token", token_type: "Bearer", expires_in: 3600 } },
  );
  endpoint.skew(-900_000);
  const credential = await obtain({
    kind: "gcp-sts",
    providerResource:
      "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
    scope: "https://www.googleapis.com/auth/aiplatform https://example/b",
    tokenUrl: endpoint.url,
    impersonationUrl: `${endpoint.origin}/v1/projects/-/serviceAccounts/agents%40p.example:generateAccessToken`,
  });
  const [first, second] = endpoint.calls;
  expect(first?.form.scope).toBe("https://www.googleapis.com/auth/cloud-platform");
  expect(second?.header("authorization")).toBe("Bearer federated-token");
  expect(second?.json).toEqual({
    scope: ["https://www.googleapis.com/auth/aiplatform", "https://example/b"],
    lifetime: "3600s",
  });
  expect(credential.sensitive).toEqual([issuedToken]);
  expect(credential.seenAs).toBe("service account agents@p.example");
  // Its end is a time of day, read by Google's clock.
  expect(Math.abs((credential.lifetime ?? 0) - 1_800_000)).toBeLessThan(3_000);
});

test.each([
  ["//iam", 403, { error: { status: "PERMISSION_DENIED", message: "no" } }, "PERMISSION_DENIED"],
  ["//iam", 200, { accessToken: issuedToken }, "without an expireTime"],
])("gcp-sts: an impersonation that fails (%s %i)", async (_what, status, body, words) => {
  endpoint.respond(({ url }) =>
    url.includes("generate")
      ? { status, body }
      : { body: { access_token: "federated-token", expires_in: 3600 } },
  );
  const error = await credentialErrorOf(
    obtain({
      kind: "gcp-sts",
      providerResource:
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
      tokenUrl: endpoint.url,
      impersonationUrl: `${endpoint.origin}/generate`,
    }),
  );
  expect(error.message).toContain(words);
  expect(error.message).not.toContain("federated-token");
});

test("aws-sts: a person's name becomes one that STS takes", async () => {
  const config = {
    kind: "aws-sts",
    roleArn: "arn:aws:iam::123456789012:role/agents",
    region: "us-east-1",
    tokenUrl: endpoint.origin,
  } as const;
  const home = openCredentials();
  const who = {
    ...ann,
    email: null,
    subject: "auth0|ünïcode and much longer than sixty-four characters it is",
  };
  await home.credentials.obtain(connectionWith(config), who, signal).catch(() => {});
  await home.credentials
    .obtain(connectionWith(config), { ...who, subject: "x" }, signal)
    .catch(() => {});
  const names = endpoint.calls.map(({ form }) => form.RoleSessionName);
  expect(names).toEqual([
    "auth0-n-code-and-much-longer-than-sixty-four-characters-it-is",
    "hoopx-x",
  ]);
});
