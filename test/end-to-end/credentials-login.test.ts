/** A login's tokens handed in for short-lived credentials: a real identity provider, a token endpoint, an upstream that checks. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectionTestView } from "../../src/contract/views.js";
import { holdSession } from "../support/held-session.js";
import { createHome, type TestHome } from "../support/home.js";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.js";
import { type ModelApi, startModelApi } from "../support/model-api.js";
import { checkSigV4 } from "../support/sigv4-check.js";
import { startTokenEndpoint, stsXml, type TokenEndpoint } from "../support/token-endpoint.js";

const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
let idp: IdentityProvider;
let endpoint: TokenEndpoint;
let api: ModelApi;
let home: TestHome;
let workload: string;

beforeAll(async () => {
  idp = await startIdentityProvider();
  endpoint = await startTokenEndpoint();
  api = await startModelApi();
  home = createHome();
  workload = await idp.workloadToken({ groups: ["ci"] });
  const login = [
    "login",
    "--issuer",
    idp.issuer,
    "--audience",
    "hoopx",
    "--id-token-env",
    "CI_TOKEN",
  ];
  const { code, stderr } = await home.hoopx(login, { environment: { CI_TOKEN: workload } });
  expect({ code, stderr }).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await home.dispose();
  await Promise.all([idp.close(), endpoint.close(), api.close()]);
});

async function add(name: string, ...flags: readonly string[]): Promise<void> {
  const given = ["--provider", "openai", "--base-url", api.baseUrl, ...flags];
  const { code, stderr } = await home.hoopx(["connections", "add", name, ...given]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

test("openai-workload: the workload's token goes to the endpoint, the service account's upstream", async () => {
  const ids = ["--identity-provider-id", "idp_1", "--service-account-id", "sa_1"];
  await add("openai", "--credential", "openai-workload", ...ids, "--token-url", endpoint.url);
  const tested = await home.json<ConnectionTestView>(["connections", "test", "openai"]);
  expect(tested).toMatchObject({
    ok: true,
    credential: { kind: "openai-workload", lifetime: "short-lived, 59 min" },
    seenAs: "service account sa_1",
  });
  const call = await endpoint.call(0);
  expect(call.json).toMatchObject({
    subject_token: workload,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    identity_provider_id: "idp_1",
    service_account_id: "sa_1",
  });
  expect(api.calls.at(-1)?.header("authorization")).toBe("Bearer issued-token-1");

  const held = await holdSession(home, { flags: ["--connection", "openai"] });
  const session = await home.lastSession();
  expect(session.identity.subject).toBe("system:serviceaccount:ci:agent");
  expect(session.credentials).toMatchObject([
    { connection: "openai", kind: "openai-workload", lifetime: "short-lived, 59 min" },
  ]);
  // The provider takes the first one back: exchanged anew, and the agent sees nothing of it.
  api.set({ key: "issued-token-2" });
  const body = JSON.stringify({ model: "gpt-mock", input: "hello" });
  const reply = await held.request({ method: "POST", target: "/openai/v1/responses", body });
  api.set({ key: undefined });
  expect(reply.status).toBe(200);
  expect(endpoint.calls).toHaveLength(2);
  for (const text of [workload, "issued-token-"]) expect(home.filesWith(text)).toEqual([]);
  await held.end();
});

test("aws-sts: the role's session is named for the workload, and its signature is over what arrives", async () => {
  endpoint.respond(() => ({
    body: stsXml({
      secret,
      session: "session-1",
      expiration: new Date(endpoint.now().getTime() + 3_600_000).toISOString(),
    }),
  }));
  const role = ["--role-arn", "arn:aws:iam::123456789012:role/agents", "--region", "us-west-2"];
  await add("bedrock", "--credential", "aws-sts", ...role, "--token-url", endpoint.origin);
  const { code, stdout } = await home.agent("agent.mjs", [], {
    flags: ["--connection", "bedrock"],
  }).done;
  expect([code, stdout]).toEqual([
    0,
    "I asked the tool, and it says: 21 degrees and sunny in Lisbon\n",
  ]);
  expect(endpoint.calls.at(-1)?.form).toMatchObject({
    WebIdentityToken: workload,
    RoleSessionName: "system-serviceaccount-ci-agent",
  });
  for (const call of api.calls.slice(-2)) {
    expect(checkSigV4(call, secret)).toMatchObject({ valid: true, scope: "us-west-2/bedrock" });
  }
});
