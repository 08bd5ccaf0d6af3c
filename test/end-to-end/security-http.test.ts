/**
 * SECURITY.md L2, L3, H1–H7, P2: hostile requests on raw sockets against the
 * real daemon. "Denied" is a clear 4xx and an upstream that received nothing.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectedHome } from "../support/connected-home.js";
import { type HeldSession, holdSession, type RawRequest } from "../support/held-session.js";
import { startModelApi } from "../support/model-api.js";
import { dial, sendRaw } from "../support/raw-http.js";

const key = "sk-http-0123456789abcdef0123456789";
const { api, home } = await connectedHome(key);
let held: HeldSession;

beforeAll(async () => {
  held = await holdSession(home);
});
afterAll(async () => {
  await held.end();
});

async function denied(request: RawRequest) {
  const before = api.calls.length;
  const reply = await held.request(request);
  expect(reply.status, reply.head).toBeGreaterThanOrEqual(400);
  expect(reply.status, reply.head).toBeLessThan(500);
  expect(api.calls.length).toBe(before);
  return reply;
}

/** Bytes as they are, with the token and the host put in. */
async function deniedRaw(lines: readonly string[], body = "") {
  const before = api.calls.length;
  const head = lines
    .join("\r\n")
    .replaceAll("HOST", `127.0.0.1:${held.port}`)
    .replaceAll("TOKEN", held.token);
  const reply = await sendRaw(held.relay, `${head}\r\n\r\n${body}`);
  expect(reply.status, reply.head).toBe(400);
  expect(api.calls.length).toBe(before);
  return reply;
}

test("the right request passes, so that every denial below is for its own reason", async () => {
  const before = api.calls.length;
  expect((await held.request({})).status).toBe(200);
  expect(api.calls.length).toBe(before + 1);
});

test.each([
  ["none", []],
  ["of a rebound name", ["Host: evil.example"]],
  ["of a rebound name with our port", ["Host: evil.example:PORT"]],
  ["of another port", ["Host: 127.0.0.1:1"]],
  ["two", ["Host: 127.0.0.1:PORT", "Host: 127.0.0.1:PORT"]],
  ["two, one of them evil", ["Host: 127.0.0.1:PORT", "Host: evil.example"]],
])("L2 a Host that is %s is denied", async (_, lines) => {
  const headers = lines.map((line) => line.replace("PORT", String(held.port)));
  await denied({ without: ["host"], headers });
});

test.each([
  "Origin: http://evil.example",
  "Origin: null",
  "Origin: http://127.0.0.1",
  "Sec-Fetch-Site: cross-site",
  "Sec-Fetch-Site: same-origin",
])(
  "L3 a browser's request (%s) is denied before its token is looked at, without CORS",
  async (header) => {
    const reply = await denied({ headers: [header] });
    const stranger = await denied({ headers: [header], without: ["authorization"] });
    expect(stranger.status).toBe(reply.status);
    expect(reply.head.toLowerCase()).not.toContain("access-control-");
  },
);

test("L3 a preflight gets no permission", async () => {
  const reply = await denied({
    method: "OPTIONS",
    headers: ["Origin: http://evil.example", "Access-Control-Request-Method: POST"],
  });
  expect(reply.head.toLowerCase()).not.toContain("access-control-");
});

test.each([
  ["no HTTP at all", ["hello"]],
  ["no version", ["GET /openai/v1/models"]],
  ["a space before the colon", ["GET /openai/v1/models HTTP/1.1", "Host : HOST"]],
  ["a zero byte in a header", ["GET /openai/v1/models HTTP/1.1", "Host: HOST", "X-A: a\0b"]],
  ["a header without a name", ["GET /openai/v1/models HTTP/1.1", "Host: HOST", ": x"]],
])("H1 %s gets 400 and a closed connection", async (_, lines) => {
  await deniedRaw(lines);
});

const post = ["POST /openai/v1/responses HTTP/1.1", "Host: HOST", "Authorization: Bearer TOKEN"];

test.each([
  [
    "Content-Length and Transfer-Encoding",
    [...post, "Content-Length: 4", "Transfer-Encoding: chunked"],
    "0\r\n\r\n",
  ],
  ["two lengths", [...post, "Content-Length: 4", "Content-Length: 5"], "12345"],
  ["a length with a sign", [...post, "Content-Length: +4"], "1234"],
  ["an encoding that is none", [...post, "Transfer-Encoding: xchunked"], "0\r\n\r\n"],
  ["chunked that is not last", [...post, "Transfer-Encoding: chunked, identity"], "0\r\n\r\n"],
  ["a folded header", [...post, "X-A: a", " folded"], ""],
  ["a bare LF", [...post.slice(0, 2), "X-A: a\nX-B: b", ...post.slice(2)], ""],
  ["a bare CR", [...post, "X-A: a\rX-B: b"], ""],
  ["a chunk size that is none", [...post, "Transfer-Encoding: chunked"], "zz\r\nab\r\n0\r\n\r\n"],
])("H2 %s is 400", async (_, lines, body) => {
  await deniedRaw(lines, body);
});

test("H2 framing upstream is built anew: a chunked body arrives with its length", async () => {
  const body = '{"model":"gpt-mock","input":"x"}';
  const bytes = `${post.join("\r\n").replace("HOST", `127.0.0.1:${held.port}`).replace("TOKEN", held.token)}\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\nX-Trailer: t\r\n\r\n`;
  expect((await sendRaw(held.relay, bytes)).status).toBe(200);
  const call = api.calls.at(-1);
  expect(call?.header("content-length")).toBe(String(body.length));
  expect(call?.header("transfer-encoding")).toBeUndefined();
  expect(call?.header("x-trailer")).toBeUndefined();
  expect(call?.body.toString()).toBe(body);
});

test.each([
  "/openai/v1/../v1/models",
  "/openai/v1/./models",
  "/openai/v1/%2e%2e/models",
  "/openai/v1/%2E./models",
  "/openai/v1/..%2fmodels",
  "/openai/v1%2Fmodels",
  "/openai/v1%5cmodels",
  "/openai/v1\\models",
  "/openai//v1/models",
  "//evil.example/v1/models",
  "/openai//evil.example/v1/models",
  "/openai/v1/models#fragment",
  "/openai/v1/mod\x01els",
  "/openai/v1/mod%00els",
  "/openai/v1/mod%0d%0aels",
  "http://evil.example/v1/models",
  "http://127.0.0.1/openai/v1/models",
  "*",
])("H3 the path %j is rejected, never normalised", async (target) => {
  await denied({ target });
});

test.each(["TRACE", "CONNECT", "OPTIONS", "PROPFIND"])(
  "H4 the method %s is denied",
  async (method) => {
    await denied({ method });
  },
);

test("H4 what belongs to a hop or poses as another is dropped; the client's keys are replaced", async () => {
  const reply = await held.request({
    target: "/openai/v1/models?a=1",
    without: ["connection"],
    headers: [
      "Connection: close, authorization, X-Listed",
      "X-Listed: 1",
      "Keep-Alive: timeout=5",
      "Proxy-Authorization: Basic eA==",
      "TE: trailers",
      "X-HTTP-Method-Override: DELETE",
      "Forwarded: for=1.2.3.4",
      "X-Forwarded-For: 1.2.3.4",
      "X-Forwarded-Host: evil.example",
      "X-Api-Key: sk-of-the-client",
      "X-Kept: yes",
    ],
  });
  expect(reply.status).toBe(200);
  const call = api.calls.at(-1);
  expect(call?.header("authorization")).toBe(`Bearer ${key}`);
  expect(call?.header("host")).toBe(`127.0.0.1:${api.port}`);
  expect(call?.header("x-kept")).toBe("yes");
  expect(call?.url).toBe("/v1/models?a=1");
  const names = call?.rawHeaders
    .filter((_, place) => place % 2 === 0)
    .map((name) => name.toLowerCase());
  const dropped = [
    "x-listed",
    "keep-alive",
    "proxy-authorization",
    "te",
    "x-http-method-override",
  ].concat([...["forwarded", "x-forwarded-for", "x-forwarded-host"]]);
  expect(names?.filter((name) => dropped.includes(name))).toEqual([]);
  expect(call?.rawHeaders.join("\n")).not.toContain("sk-of-the-client");
  expect(call?.rawHeaders.join("\n")).not.toContain(held.token);
  expect(names?.filter((name) => name === "authorization")).toHaveLength(1);
});

test("H5 a redirect is passed on, never followed with the credential", async () => {
  const elsewhere = await startModelApi();
  const location = `${elsewhere.baseUrl}/models`;
  for (const status of [301, 302, 307, 308]) {
    api.script({ act: { kind: "reply", status, headers: { location }, body: {} } });
    const reply = await held.request({});
    expect(reply.status).toBe(status);
  }
  expect(elsewhere.calls).toEqual([]);
  await elsewhere.close();
});

test.each([
  "http://api.example/v1",
  "http://10.0.0.1/v1",
  "http://169.254.169.254/latest/meta-data",
  "https://169.254.169.254/v1",
  "https://10.1.2.3/v1",
  "https://192.168.1.1/v1",
  "https://[fe80::1]/v1",
  "https://[fd00::1]/v1",
  "https://[::ffff:10.0.0.1]/v1",
  "https://[::ffff:169.254.169.254]/v1",
  "https://[::ffff:127.0.0.1]/v1",
  "http://[::ffff:127.0.0.1]/v1",
  "http://0x7f.1/v1",
  "https://0x7f.1/v1",
  "http://2130706433/v1",
  "https://2130706433/v1",
  "https://0xa9.0xfe.0xa9.0xfe/v1",
  "https://2852039166/v1",
  "https://0.0.0.0/v1",
  "https://user:password@api.example/v1",
  "https://api.example/v1?x=1",
  "https://api.example/v1#x",
  "ftp://api.example/v1",
  "file:///etc/passwd",
  "not a url",
])("H6 the upstream %s is refused", async (baseUrl) => {
  const { code, stderr } = await home.hoopx(
    ["connections", "add", "bad", "--base-url", baseUrl, "--secret-env", "KEY"].concat([
      "--secret-store",
      "file",
    ]),
    { environment: { KEY: "sk-bad" } },
  );
  expect(stderr).toContain("error: ");
  expect([1, 2]).toContain(code);
  expect(await home.json<{ name: string }[]>(["connections"])).toHaveLength(1);
});

test("H7 headers over the cap are 431", async () => {
  const reply = await denied({ headers: [`X-Long: ${"x".repeat(40_000)}`] });
  expect(reply.status).toBe(431);
});

test("H7 a body over 64 MiB is a clear 413, said before it is read", async () => {
  const before = api.calls.length;
  const limit = 64 * 1024 * 1024;
  const lines = [
    ...post,
    "Content-Type: application/json",
    `Content-Length: ${limit + 1}`,
    "Connection: close",
  ];
  const head = lines
    .join("\r\n")
    .replace("HOST", `127.0.0.1:${held.port}`)
    .replace("TOKEN", held.token);
  const reply = await sendRaw(held.relay, `${head}\r\n\r\n`);
  expect(reply.status).toBe(413);
  expect(JSON.parse(reply.body).error).toMatchObject({ code: "body_too_large" });
  expect(reply.body).toContain("limits.bodyBytes");
  expect(api.calls.length).toBe(before);
});

test("H7 a body of just 64 MiB passes whole", async () => {
  const frame = '{"model":"gpt-mock","input":""}';
  const body = frame.replace('""', `"${"x".repeat(64 * 1024 * 1024 - frame.length)}"`);
  const reply = await held.request({ method: "POST", target: "/openai/v1/responses", body });
  expect(reply.status).toBe(200);
  expect(api.calls.at(-1)?.body.length).toBe(64 * 1024 * 1024);
});

test("H7 slow senders hold no upstream connection and block nobody", async () => {
  const before = api.calls.length;
  const head = post
    .join("\r\n")
    .replace("HOST", `127.0.0.1:${held.port}`)
    .replace("TOKEN", held.token);
  const slow = await Promise.all(Array.from({ length: 20 }, () => dial(held.relay)));
  for (const socket of slow) socket.write(`${head}\r\nContent-Length: 1000\r\n\r\n{`);
  for (let round = 0; round < 5; round += 1) expect((await held.request({})).status).toBe(200);
  expect(api.calls.length).toBe(before + 5);
  for (const socket of slow) socket.destroy();
});

test.each([
  [
    "not UTF-8",
    Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
  ],
  [
    "an overlong form",
    Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
  ],
  ["a byte order mark", Buffer.from('\ufeff{"model":"m","input":"x"}')],
  ["UTF-16", Buffer.from('{"model":"m","input":"x"}', "utf16le")],
  ["a key twice", '{"model":"m","input":"x","model":"n"}'],
  ["a key twice, once escaped", '{"model":"m","input":"x","m\\u006fdel":"n"}'],
  ["a key twice, deep down", '{"model":"m","input":[{"role":"user","content":"a","content":"b"}]}'],
  ["no JSON", "{model: 'm'}"],
  ["JSON and more", '{"model":"m","input":"x"} {}'],
])("P2 a body that is %s is 400: two parsers would read two requests", async (_, body) => {
  const reply = await denied({ method: "POST", target: "/openai/v1/responses", body });
  expect(reply.status).toBe(400);
  expect(JSON.parse(reply.body).error).toMatchObject({ code: "body_unreadable" });
});
