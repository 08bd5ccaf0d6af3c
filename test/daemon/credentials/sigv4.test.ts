/** Signatures against AWS's own published vectors, and against a receiver that shares no code with the signer. */
import { expect, test } from "vitest";
import { createSignature } from "../../../src/daemon/credentials/sigv4.js";
import type { OutgoingRequest } from "../../../src/daemon/credentials/source.js";
import { Secret } from "../../../src/daemon/model/secret.js";
import { connectionWith } from "../../contracts/credential-source.js";
import { checkSigV4 } from "../../support/sigv4-check.js";

/** The credentials of the AWS Signature Version 4 test suite. */
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const config = { kind: "command", command: "x" } as const;

function signatureFor(origin: string, sessionToken?: string, ahead = 0) {
  return createSignature({
    connection: { ...connectionWith(config), origin },
    keys: {
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: new Secret(secretAccessKey),
      sessionToken: sessionToken === undefined ? undefined : new Secret(sessionToken),
    },
    region: "us-east-1",
    service: "service",
    lifetime: undefined,
    seenAs: undefined,
    ahead,
    now: () => new Date("2015-08-30T12:36:00Z"),
  });
}

test.each([
  [
    "get-vanilla",
    { method: "GET", path: "/", headers: [], body: "" },
    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  ],
  [
    "get-vanilla-query-order-key-case",
    { method: "GET", path: "/?Param2=value2&Param1=value1", headers: [], body: "" },
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  ],
  [
    "post-vanilla",
    { method: "POST", path: "/", headers: [], body: "" },
    "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  ],
  [
    "post-x-www-form-urlencoded",
    {
      method: "POST",
      path: "/",
      headers: ["Content-Type", "application/x-www-form-urlencoded"],
      body: "Param1=value1",
    },
    "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  ],
])("AWS's vector %s", async (_name, given, signature) => {
  const request = requestOf("https://example.amazonaws.com", given);
  await signatureFor("https://example.amazonaws.com").apply(request);
  const authorization = request.headers[request.headers.indexOf("authorization") + 1];
  expect(authorization).toContain("Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request");
  expect(authorization).toMatch(new RegExp(`Signature=${signature}$`));
});

interface Given {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: string | Buffer;
}

function requestOf(origin: string, { method, path, headers, body }: Given): OutgoingRequest {
  return { method, origin, path, headers: [...headers], body: Buffer.from(body) };
}

const origin = "https://bedrock-runtime.us-east-1.amazonaws.com";

test.each<[string, Given]>([
  [
    "a model's name with a colon, plain",
    { method: "POST", path: "/model/a.b-v1:0/invoke", headers: [], body: "{}" },
  ],
  [
    "the same, percent-encoded",
    { method: "POST", path: "/model/a.b-v1%3A0/converse-stream", headers: [], body: "{}" },
  ],
  [
    "a query with all kinds of marks",
    { method: "GET", path: "/v1/models?b=2&a=x%20y&a=*&c=%7E!'()&d=", headers: [], body: "" },
  ],
  ["a plus in a query", { method: "GET", path: "/v1/models?a=x+y", headers: [], body: "" }],
  [
    "headers that come twice, with blanks, and one that is not signed",
    {
      method: "POST",
      path: "/openai/v1/chat/completions",
      headers: [
        ...["X-Custom", "  one   two "],
        ...["x-custom", "three"],
        ...["User-Agent", "sdk/1"],
        ...["content-type", "application/json"],
      ],
      body: '{"a":"é"}',
    },
  ],
  [
    "bytes that are no text",
    { method: "POST", path: "/x", headers: [], body: Buffer.from([0, 255, 128, 10]) },
  ],
])("the receiver agrees on %s", async (_what, given) => {
  const request = requestOf(origin, given);
  await signatureFor(origin, "session-token").apply(request);
  const received = {
    method: request.method,
    url: request.path,
    rawHeaders: [...request.headers, "Host", "bedrock-runtime.us-east-1.amazonaws.com"],
    body: Buffer.from(request.body),
  };
  const checked = checkSigV4(received, secretAccessKey);
  expect(checked).toMatchObject({ valid: true, accessKeyId: "AKIDEXAMPLE" });
  expect(checked.signedHeaders).toContain("x-amz-security-token");
  expect(checked.signedHeaders).not.toContain("user-agent");
  // The check can fail: another body, path, query, header or key is found out.
  const last = received.rawHeaders.length - 1;
  const forged = [
    { ...received, body: Buffer.from("other") },
    { ...received, url: `${request.path}x` },
    { ...received, method: "PUT" },
    { ...received, rawHeaders: received.rawHeaders.with(last, "evil.example") },
  ];
  for (const each of forged) expect(checkSigV4(each, secretAccessKey).valid).toBe(false);
  expect(checkSigV4(received, "another key").valid).toBe(false);
});

test("a client's own AWS headers stand in for nothing of ours", async () => {
  const request = requestOf(origin, {
    method: "POST",
    path: "/x",
    headers: [
      ...["X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"],
      ...["x-amz-date", "20000101T000000Z"],
      ...["X-Amz-Security-Token", "the client's"],
    ],
    body: "{}",
  });
  await signatureFor(origin, "ours").apply(request);
  const names = request.headers.filter((_, index) => index % 2 === 0);
  expect(names).toEqual(["x-amz-date", "x-amz-security-token", "authorization"]);
  expect(request.headers).toContain("ours");
  const rawHeaders = [...request.headers, "host", "bedrock-runtime.us-east-1.amazonaws.com"];
  const received = { method: "POST", url: "/x", rawHeaders, body: Buffer.from("{}") };
  expect(checkSigV4(received, secretAccessKey).valid).toBe(true);
});

test("a path that two readers could read differently is not signed", async () => {
  const request = requestOf(origin, { method: "GET", path: "/v1/{a}", headers: [], body: "" });
  await expect(signatureFor(origin).apply(request)).rejects.toThrow("cannot be signed");
  expect(request.headers).toEqual([]);
});

test("signs by AWS's clock, not by one that is wrong", async () => {
  const request = requestOf(origin, { method: "GET", path: "/", headers: [], body: "" });
  await signatureFor(origin, undefined, 600_000).apply(request);
  expect(request.headers).toContain("20150830T124600Z");
});
