/** Requests of an agent all the way: a login's token, a token endpoint, the path, and an upstream that checks what it gets. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { CredentialError } from "../../../src/daemon/credentials/source.js";
import { openCredentials, subjectToken } from "../../contracts/credential-source.js";
import { authorized, type DataPathOptions, startDataPath } from "../../support/data-path.js";
import { checkSigV4, type ReceivedRequest } from "../../support/sigv4-check.js";
import { startTokenEndpoint, stsXml, type TokenEndpoint } from "../../support/token-endpoint.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
let endpoint: TokenEndpoint;
let path: DataPath;
let received: (ReceivedRequest & { readonly status: number })[];

beforeEach(async () => {
  endpoint = await startTokenEndpoint();
  received = [];
});
afterEach(async () => {
  await path.close();
  await endpoint.close();
});

async function start(
  credential: DataPathOptions["credential"] & object,
  statusOf: (request: ReceivedRequest, authorization: string) => number,
) {
  const home = openCredentials();
  path = await startDataPath({
    source: home.credentials,
    credential,
    async upstream(request, response) {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method = "", url = "", rawHeaders } = request;
      const call = { method, url, rawHeaders, body: Buffer.concat(chunks) };
      const status = statusOf(call, request.headers.authorization ?? "");
      received.push({ ...call, status });
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    },
  });
  return home;
}

const post = (target = "/v1/responses?b=2&a=%20x+y") =>
  fetch(path.base + target, {
    method: "POST",
    headers: {
      ...authorized,
      "content-type": "application/json",
      "x-amz-date": "20000101T000000Z",
    },
    body: JSON.stringify({ model: "gpt-5", input: "grüße" }),
  });

test("openai-workload: the upstream sees the service account's token; agent and record see neither", async () => {
  await start(
    {
      kind: "openai-workload",
      identityProviderId: "idp_1",
      serviceAccountId: "sa_1",
      tokenUrl: endpoint.url,
    },
    (_request, authorization) => (authorization === "Bearer issued-token-1" ? 200 : 401),
  );
  const replies = await Promise.all(Array.from({ length: 20 }, () => post()));
  for (const reply of replies) expect(reply.status).toBe(200);
  expect(endpoint.calls).toHaveLength(1);
  expect(endpoint.calls[0]?.json.subject_token).toBe(subjectToken);
  const recorded = path.transcripts.exchanges.flatMap(({ frames }) =>
    frames.map(({ data }) => Buffer.from(data).toString("latin1")),
  );
  expect(recorded.join()).not.toMatch(/issued-token|eyJ/);
});

test("openai-workload: a token that the provider took back is exchanged anew, once for all", async () => {
  let good = "issued-token-1";
  const home = await start(
    {
      kind: "openai-workload",
      identityProviderId: "idp_1",
      serviceAccountId: "sa_1",
      tokenUrl: endpoint.url,
    },
    (_request, authorization) => (authorization === `Bearer ${good}` ? 200 : 401),
  );
  expect((await post()).status).toBe(200);
  good = "issued-token-2";
  const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await post()).status));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(endpoint.calls).toHaveLength(2);
  // Taken back for good: what the provider says is passed on, and no call a request is spent on it.
  good = "none";
  home.time.monotonic += 11_000;
  expect((await post()).status).toBe(401);
  expect((await post()).status).toBe(401);
  expect(endpoint.calls).toHaveLength(3);
});

test("aws-sts: the signature is over what arrives: method, path, query, headers and body", async () => {
  const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  endpoint.respond(() => ({
    body: stsXml({
      secret,
      session: "session-token-0123456789",
      expiration: new Date(endpoint.now().getTime() + 3_600_000).toISOString(),
    }),
  }));
  await start(
    {
      kind: "aws-sts",
      roleArn: "arn:aws:iam::123456789012:role/agents",
      region: "us-west-2",
      tokenUrl: endpoint.origin,
    },
    (request) => (checkSigV4(request, secret).valid ? 200 : 403),
  );
  for (const target of [undefined, "/v1/files/a%3Ab", "/v1/models?limit=2", "/v1/x:y~z"]) {
    expect((await post(target)).status, target).toBe(200);
  }
  const [first] = received;
  if (first === undefined) throw new Error("one arrived");
  const checked = checkSigV4(first, secret);
  expect(checked).toMatchObject({ accessKeyId: "ASIAEXAMPLE", scope: "us-west-2/bedrock" });
  expect(checked.signedHeaders).toEqual(
    expect.arrayContaining(["content-type", "host", "x-amz-date", "x-amz-security-token"]),
  );
  expect(checked.date).not.toBe("20000101T000000Z");
  // What cannot be signed as it is written goes nowhere.
  const before = received.length;
  const head = [`Host: 127.0.0.1:${path.port}`, `Authorization: ${authorized.authorization}`];
  const odd = ["GET /openai/v1/{a} HTTP/1.1", ...head, "", ""].join("\r\n");
  expect(await path.raw(odd)).toMatch(/^HTTP\/1\.1 503 .*"credential_unavailable"/s);
  expect(received).toHaveLength(before);
  expect(path.faults).toEqual([]);
  expect(endpoint.calls).toHaveLength(1);
});

test("a 503 for want of a credential says what mends it, as the source knows it", async () => {
  path = await startDataPath({
    upstream: (_request, response) => void response.end("{}"),
    source: {
      async obtain() {
        const hint = "hoopx connections test openai asks for the passphrase on a terminal";
        throw new CredentialError("the key of connection openai cannot be read", hint);
      },
    },
  });
  const reply = await post();
  expect(reply.status).toBe(503);
  expect(await reply.text()).toContain("hoopx connections test openai asks for the passphrase");
});
