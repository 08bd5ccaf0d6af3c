/** SECURITY L2, L3, H1–H4 and H7 with raw sockets: "denied" is a clear 4xx and an upstream count of 0. */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDataPath, token } from "../../../support/data-path.js";

let dataPath: Awaited<ReturnType<typeof startDataPath>>;
let host: string;

beforeAll(async () => {
  dataPath = await startDataPath({
    upstream: (request, response) => {
      request.resume();
      request.on("end", () => response.end("{}"));
    },
    headerBytes: 8 * 1024,
    headersTimeout: 2_000,
  });
  host = `127.0.0.1:${dataPath.port}`;
});

afterAll(() => dataPath.close());

interface Shape {
  readonly line?: string;
  readonly host?: readonly string[];
  readonly headers?: readonly string[];
  readonly body?: string;
}

async function send(
  shape: Shape,
): Promise<{ readonly status: number; readonly text: string; readonly upstream: number }> {
  const before = dataPath.received();
  const hosts = (shape.host ?? [host]).map((value) => `Host: ${value}`);
  const lines = [
    shape.line ?? "GET /openai/v1/models HTTP/1.1",
    ...hosts,
    `Authorization: Bearer ${token}`,
  ];
  const head = [...lines, ...(shape.headers ?? []), "", ""].join("\r\n");
  const text = await dataPath.raw(Buffer.from(head + (shape.body ?? ""), "latin1"));
  return { status: Number(text.slice(9, 12)), text, upstream: dataPath.received() - before };
}

test("a plain request passes", async () => {
  expect(await send({})).toMatchObject({ status: 200, upstream: 1 });
  expect(await send({ host: [`localhost:${dataPath.port}`] })).toMatchObject({ status: 200 });
  expect(await send({ headers: ["Sec-Fetch-Mode: cors"] })).toMatchObject({ status: 200 });
});

test.each([
  ["none", []],
  ["another name", ["evil.example"]],
  ["a rebound name with our port", ["evil.example:4141"]],
  ["two", ["$", "$"]],
  ["two, the second foreign", ["$", "evil.example"]],
  ["ours without the port", ["127.0.0.1"]],
  ["ours with a user", ["x@$"]],
  ["empty", [""]],
])("L2: Host %s is denied", async (_name, hosts) => {
  const { status, upstream } = await send({ host: hosts.map((value) => value.replace("$", host)) });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(upstream).toBe(0);
});

test.each([
  "Origin: http://127.0.0.1:4141",
  "Origin: null",
  "Sec-Fetch-Site: cross-site",
  "Sec-Fetch-Site: same-origin",
])("L3: a browser (%s) is denied, and no CORS header invites it", async (header) => {
  const { status, upstream, text } = await send({ headers: [header] });
  expect(status).toBe(403);
  expect(upstream).toBe(0);
  expect(text.toLowerCase()).not.toContain("access-control-");
});

test.each([
  "/openai/v1/../models",
  "/openai/v1/./models",
  "/openai/v1/..",
  "/openai/v1/%2e%2e/models",
  "/openai/v1/%2E/models",
  "/openai%2fv1/models",
  "/openai/v1/models/%2fx",
  "/openai/v1/models/x%2f",
  "/openai/v1/models/a%2f%2fx",
  "/openai/v1/models/a%2f..%2fx",
  "/openai/v1/models/..%2fx",
  "/openai/v1/models/a%2f.;b/x",
  "/openai/v1/models/a%252fx",
  "/openai/v1/models%5cx",
  "/openai/v1/models%252fx",
  "/openai/v1/models%00",
  "/openai/v1/%6dodels",
  "/openai/v1/models%2541",
  "/openai/v1/models%zz",
  "/openai/v1/models%",
  "/openai/v1\\models",
  "/openai//v1/models",
  "//evil.example/v1/models",
  "/openai/v1/..;/models",
  "/openai/v1/models#x",
  "/openai/v1/models?a=b#x",
  "/openai/v1/models?a=b\\c",
  "/openai/v1/mod\xe9ls",
  "/openai",
  "/",
  "http://127.0.0.1:4141/openai/v1/models",
  "openai/v1/models",
])("H3: the target %j is rejected, not normalised", async (target) => {
  const { status, upstream } = await send({ line: `GET ${target} HTTP/1.1` });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(upstream).toBe(0);
});

test("a model's name may have a slash in it, escaped once", async () => {
  const line = "GET /openai/v1/models/org%2Fname HTTP/1.1";
  expect(await send({ line })).toMatchObject({ status: 200, upstream: 1 });
});

test("a header that the provider is to get cannot be taken off by Connection", async () => {
  const headers = ["OpenAI-Project: p", "Connection: close, OpenAI-Project"];
  expect(await send({ headers })).toMatchObject({ status: 400, upstream: 0 });
});

test("what is escaped for a reason passes", async () => {
  const line = "GET /openai/v1/models/ft%3Agpt%40x%20y%5B%7E HTTP/1.1";
  expect(await send({ line })).toMatchObject({ status: 200, upstream: 1 });
});

test.each([
  ["Content-Type: application/json", "content-type: text/plain"],
  ["Content-Encoding: identity", "Content-Encoding: gzip"],
])("%s said twice is refused", async (...headers) => {
  expect(await send({ headers })).toMatchObject({ status: 400, upstream: 0 });
});

test.each(["OPTIONS", "TRACE", "PROPFIND", "CONNECT", "QUERY", "BREW"])(
  "H4: the method %s is denied",
  async (method) => {
    const line =
      method === "CONNECT" ? `CONNECT ${host} HTTP/1.1` : `${method} /openai/v1/models HTTP/1.1`;
    const { status, upstream } = await send({ line });
    expect([400, 405]).toContain(status);
    expect(upstream).toBe(0);
  },
);

const post = "POST /openai/v1/responses HTTP/1.1";
test.each<[string, Shape]>([
  ["no HTTP", { line: "hello" }],
  ["HTTP/1.1 without a version", { line: "GET /openai/v1/models" }],
  ["a space before the colon", { headers: ["X-A : 1"] }],
  ["a header name with a space", { headers: ["X A: 1"] }],
  ["a zero byte in a value", { headers: ["X-A: a\0b"] }],
  [
    "CL and TE",
    { line: post, headers: ["Content-Length: 5", "Transfer-Encoding: chunked"], body: "0\r\n\r\n" },
  ],
  [
    "TE and CL",
    { line: post, headers: ["Transfer-Encoding: chunked", "Content-Length: 5"], body: "0\r\n\r\n" },
  ],
  [
    "two different lengths",
    { line: post, headers: ["Content-Length: 2", "Content-Length: 3"], body: "{}x" },
  ],
  ["a signed length", { line: post, headers: ["Content-Length: +2"], body: "{}" }],
  [
    "an unknown coding last",
    { line: post, headers: ["Transfer-Encoding: chunked, foo"], body: "0\r\n\r\n" },
  ],
  [
    "a coding spelt oddly",
    { line: post, headers: ["Transfer-Encoding: xchunked"], body: "0\r\n\r\n" },
  ],
  ["obs-fold", { headers: ["X-A: 1\r\n folded"] }],
  ["a bare CR in a value", { headers: ["X-A: a\rb"] }],
  ["a bare LF between lines", { headers: ["X-A: 1\nX-B: 2"] }],
  [
    "a bad chunk size",
    { line: post, headers: ["Transfer-Encoding: chunked"], body: "zz\r\n{}\r\n0\r\n\r\n" },
  ],
])("H1, H2: %s is 400 and closes the connection", async (_name, shape) => {
  const { status, text, upstream } = await send(shape);
  expect(status).toBe(400);
  expect(text.toLowerCase()).toContain("connection: close");
  expect(upstream).toBe(0);
});

test("H7: a head over the limit is 431, a head that never ends is cut off", async () => {
  const big = await send({ headers: [`X-A: ${"a".repeat(9_000)}`] });
  expect(big).toMatchObject({ status: 431, upstream: 0 });
  const socket = connect(dataPath.port, "127.0.0.1");
  socket.write("GET /openai/v1/models HTTP/1.1\r\nX-Never:");
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toContain("body_timeout");
});

test("an expectation that nobody knows is passed over, and the answer is ours", async () => {
  const { status, text } = await send({ headers: ["Expect: miracles"] });
  expect(status).toBe(200);
  expect(text).toContain("x-hoopx-exchange-id: exc_");
});

test("an x-http-method-override reaches nobody", async () => {
  const { status } = await send({ headers: ["X-HTTP-Method-Override: DELETE"] });
  expect(status).toBe(200);
});
