/** The straight path with a real listener, transport and upstream: reply and transcript together. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
} from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { usualMasking } from "../../../src/daemon/model/masking-terms.js";
import {
  authorized,
  type DataPathOptions,
  key,
  overToken,
  startDataPath,
  token,
} from "../../support/data-path.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];

async function dataPath(options: DataPathOptions): Promise<DataPath> {
  const started = await startDataPath(options);
  open.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const json = { ...authorized, "content-type": "application/json" };
const ok: RequestListener = (request, response) => {
  request.resume();
  request.on("end", () => response.end("{}"));
};

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("request and reply pass byte for byte, with the real key upstream only", async () => {
  const seen: { url?: string | undefined; headers: string[]; body: Buffer }[] = [];
  const { base, transcripts } = await dataPath({
    upstream: async (request, response) => {
      seen.push({ url: request.url, headers: request.rawHeaders, body: await bodyOf(request) });
      response.writeHead(200, "Fine", [
        "content-type",
        "application/json",
        "x-request-id",
        "req_1",
      ]);
      response.end('{"usage":{"input_tokens":3,"output_tokens":4}}');
    },
  });
  const sent = '{ "model":"gpt-5",  "input":"caf\u00e9" }';
  const reply = await fetch(`${base}/v1/responses?a=%20b`, {
    method: "POST",
    headers: json,
    body: sent,
  });

  expect(reply.status).toBe(200);
  expect(reply.statusText).toBe("Fine");
  expect(reply.headers.get("x-request-id")).toBe("req_1");
  const id = reply.headers.get("x-hoopx-exchange-id");
  expect(id).toMatch(/^exc_/);
  expect(await reply.text()).toBe('{"usage":{"input_tokens":3,"output_tokens":4}}');

  expect(seen[0]?.url).toBe("/v1/responses?a=%20b");
  expect(seen[0]?.body.toString()).toBe(sent);
  expect(seen[0]?.headers.join("\n")).toContain(`Bearer ${key}`);
  expect(seen[0]?.headers.join("\n")).not.toContain(token);

  const [exchange] = transcripts.exchanges;
  expect(exchange?.opening).toMatchObject({
    sessionId: "ses_0000000000000000",
    seq: 1,
    connection: "openai",
    operation: { action: "responses.create", class: "inference", model: "gpt-5" },
    decision: { effect: "allow", rule: "test" },
    requestBytes: Buffer.byteLength(sent),
  });
  expect(exchange?.ending).toMatchObject({
    status: 200,
    error: null,
    responseBytes: 46,
    tokens: { input: 3, output: 4 },
  });
  expect(exchange && transcripts.text(exchange, "reply-body")).toContain("output_tokens");
  const all = JSON.stringify(transcripts.exchanges, (_name, value) =>
    typeof value === "bigint"
      ? String(value)
      : value?.type === "Buffer"
        ? Buffer.from(value.data).toString()
        : value,
  );
  expect(all).not.toContain(key);
  expect(all).not.toContain(token);
});

test("a frame is in the transcript before the client has it, and streams are not held up", async () => {
  const steps: (() => void)[] = [];
  const { base, transcripts } = await dataPath({
    upstream: async (request, response) => {
      await bodyOf(request);
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (let index = 0; index < 5; index += 1) {
        response.write(`data: {"n":${index}}\n\n`);
        await new Promise<void>((resolve) => steps.push(resolve));
      }
      response.end();
    },
  });
  const reply = await fetch(`${base}/v1/responses`, {
    method: "POST",
    headers: json,
    body: '{"stream":true}',
  });
  let got = "";
  for await (const chunk of reply.body ?? []) {
    got += Buffer.from(chunk).toString();
    const [exchange] = transcripts.exchanges;
    expect(exchange && transcripts.text(exchange, "reply-body")).toContain(got);
    steps.shift()?.();
  }
  expect(got.match(/data:/g)).toHaveLength(5);
  expect(transcripts.exchanges[0]?.ending?.error).toBeNull();
});

test("binary and HEAD replies pass as they are", async () => {
  const bytes = Buffer.from([0, 255, 128, 13, 10]);
  const { base } = await dataPath({
    upstream: (request, response) => {
      if (request.method === "HEAD") {
        response.writeHead(200, { "content-length": 1234 }).end();
        return;
      }
      response.writeHead(200, { "content-length": bytes.length });
      response.end(bytes);
    },
  });
  const reply = await rawReply(base, "GET", "/v1/models");
  expect(reply.headers["content-length"]).toBe("5");
  expect(reply.body.equals(bytes)).toBe(true);
  const head = await rawReply(base, "HEAD", "/v1/models");
  expect(head.headers["content-length"]).toBe("1234");
});

test("a credential repeated in a compressed reply is hidden, also where nothing else is searched", async () => {
  let wished: string | undefined;
  const { base, transcripts } = await dataPath({
    upstream: (request, response) => {
      wished = request.headers["accept-encoding"];
      response.writeHead(401, { "content-encoding": "gzip" });
      response.end(gzipSync(`the key ${key} is not valid`));
    },
  });
  const reply = await rawReply(base, "GET", "/v1/models");
  expect(wished).toBe("identity");
  expect(reply.headers["content-encoding"]).toBeUndefined();
  expect(reply.body.toString()).toBe(`the key ${"*".repeat(key.length)} is not valid`);
  const [exchange] = transcripts.exchanges;
  expect(exchange && transcripts.text(exchange, "reply-body")).toBe(reply.body.toString());
});

test("a credential repeated in base64 or URL-encoded is hidden, cut anywhere", async () => {
  const echoed = Buffer.from(`Bearer ${key}`).toString("base64");
  const { base } = await dataPath({
    upstream: async (_request, response) => {
      response.writeHead(200, { "content-type": "text/plain", "x-echo": echoed });
      response.write(echoed.slice(0, 21));
      await new Promise(setImmediate);
      response.end(echoed.slice(21));
    },
  });
  const reply = await rawReply(base, "GET", "/v1/models");
  for (const text of [reply.body.toString(), String(reply.headers["x-echo"])]) {
    expect(text).toMatch(/^QmVhcmVyI.?\*+.{0,4}$/);
  }
});

function rawReply(base: string, method: string, path: string) {
  return new Promise<{ headers: IncomingMessage["headers"]; body: Buffer }>((resolve, reject) => {
    httpRequest(
      `${base}${path}`,
      { method, headers: { ...authorized, "accept-encoding": "gzip" } },
      async (reply) => {
        resolve({ headers: reply.headers, body: await bodyOf(reply) });
      },
    )
      .on("error", reject)
      .end();
  });
}

test.each([
  ["deny", "policy_denied"],
  ["review", "review_required"],
] as const)(
  "%s: 400 in the provider's shape, nothing upstream, all of it recorded",
  async (effect, code) => {
    const { base, transcripts, received } = await dataPath({
      upstream: ok,
      verdict: { effect, rule: "no", reason: "because" },
    });
    const reply = await fetch(`${base}/v1/files`, { headers: authorized });
    expect(reply.status).toBe(400);
    expect(reply.headers.get("x-should-retry")).toBe("false");
    const { error } = (await reply.json()) as { error: Record<string, string> };
    expect(error).toMatchObject({ type: `hoopx_${code}`, code, param: null });
    expect(error.message).toContain("because");
    expect(error.message).toContain(reply.headers.get("x-hoopx-exchange-id"));
    expect(received()).toBe(0);
    const [exchange] = transcripts.exchanges;
    expect(exchange?.ending).toMatchObject({ status: 400, error: code });
    expect(exchange && transcripts.text(exchange, "reply-body")).toContain("because");
  },
);

test("the token: missing, foreign, over, and dead with its session", async () => {
  const { base, transcripts, received, endSession } = await dataPath({ upstream: ok });
  const statusOf = async (headers: Record<string, string>) => {
    const reply = await fetch(`${base}/v1/models`, { headers });
    const { error } = (await reply.json()) as { error: { code: string } };
    return `${reply.status} ${error.code}`;
  };
  expect(await statusOf({})).toBe("401 token_missing");
  expect(await statusOf({ authorization: "Bearer sk-own" })).toBe("401 token_unknown");
  expect(await statusOf({ authorization: `Bearer ${overToken}` })).toBe("401 session_over");
  expect((await fetch(`${base}/v1/models`, { headers: { "x-api-key": token } })).status).toBe(200);
  endSession();
  expect(await statusOf(authorized)).toBe("401 session_over");
  expect(received()).toBe(1);
  expect(transcripts.exchanges.map(({ opening }) => opening.sessionId)).toEqual([
    null,
    null,
    "ses_0000000000000000",
    "ses_0000000000000000",
    "ses_0000000000000000",
  ]);
});

const outside = {
  inside: false,
  process: { pid: 4711, executable: "/usr/bin/curl", startedAt: new Date(0) },
  why: "from process 4711 (/usr/bin/curl)",
} as const;

test("a token from outside its run is refused once that is known, and who tried is recorded", async () => {
  let found: ((caller: typeof outside) => void) | undefined;
  const looking = new Promise<typeof outside>((resolve) => {
    found = resolve;
  });
  const { base, received, transcripts } = await dataPath({
    upstream: ok,
    callerOf: () => looking,
  });
  const asked = fetch(`${base}/v1/models`, { headers: authorized });
  found?.(outside);
  const reply = await asked;
  expect(reply.status).toBe(401);
  expect(reply.headers.get("x-should-retry")).toBe("false");
  const { error } = (await reply.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe("token_outside_run");
  expect(error.message).toContain("process 4711 (/usr/bin/curl)");
  expect(received()).toBe(0);
  const [attempt] = transcripts.exchanges;
  expect(attempt?.opening).toMatchObject({
    sessionId: "ses_0000000000000000",
    seq: 1,
    process: outside.process,
    decision: null,
  });
  expect(attempt?.ending).toMatchObject({ status: 401, error: "token_outside_run" });
  expect(attempt === undefined ? "" : transcripts.text(attempt, "request-head")).not.toContain(
    token,
  );
});

test("attempts without end are refused all the same, and recorded only so often", async () => {
  const { base, received, transcripts } = await dataPath({
    upstream: ok,
    callerOf: () => outside,
  });
  for (let round = 0; round < 30; round += 1) {
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => fetch(`${base}/v1/models`, { headers: authorized })),
    );
    for (const reply of replies) {
      expect(reply.status).toBe(401);
      await reply.arrayBuffer();
    }
  }
  expect(received()).toBe(0);
  const named = transcripts.exchanges.filter(({ opening }) => opening.sessionId !== null);
  expect(named).toHaveLength(120);
  expect(named.map(({ opening }) => opening.seq).at(-1)).toBe(120);
  expect(transcripts.exchanges.length).toBeLessThanOrEqual(240);
});

test("who opened the socket is in the record of what is let in", async () => {
  const { process } = outside;
  const { base, transcripts } = await dataPath({
    upstream: ok,
    callerOf: async () => ({ inside: true, process }),
  });
  expect((await fetch(`${base}/v1/models`, { headers: authorized })).status).toBe(200);
  expect(transcripts.exchanges[0]?.opening.process).toEqual(process);
});

test("a session that ends while its caller is looked for is over", async () => {
  let found: ((caller: { inside: true; process: null }) => void) | undefined;
  let asked: (() => void) | undefined;
  const asking = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { base, received, endSession } = await dataPath({
    upstream: ok,
    callerOf() {
      asked?.();
      return new Promise((resolve) => {
        found = resolve;
      });
    },
  });
  const reply = fetch(`${base}/v1/models`, { headers: authorized });
  await asking;
  endSession();
  found?.({ inside: true, process: null });
  expect((await reply).status).toBe(401);
  expect(received()).toBe(0);
});

test("a session has only its own connections", async () => {
  const { port, received } = await dataPath({ upstream: ok });
  const reply = await fetch(`http://127.0.0.1:${port}/other/v1/models`, { headers: authorized });
  expect(reply.status).toBe(404);
  expect(received()).toBe(0);
});

test("413 over the limit, declared or not, with the reason readable", async () => {
  const { base, received } = await dataPath({ upstream: ok, bodyBytes: 1000 });
  const body = `{"input":"${"x".repeat(5000)}"}`;
  const declared = await fetch(`${base}/v1/responses`, { method: "POST", headers: json, body });
  expect(declared.status).toBe(413);
  expect(await declared.text()).toContain("1000 bytes");
  const chunked = await fetch(`${base}/v1/responses`, {
    method: "POST",
    headers: json,
    body: new Blob([body]).stream(),
    duplex: "half",
  } as RequestInit);
  expect(chunked.status).toBe(413);
  expect(received()).toBe(0);
});

test("H7: large bodies that do not fit together are 503, small ones pass beside them, and room comes back", async () => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { base, received } = await dataPath({
    upstream: async (request, response) => {
      request.resume();
      if (request.url === "/v1/responses") await held;
      response.end("{}");
    },
    bodyBytes: 4 << 20,
    allBodiesBytes: 3 << 20,
  });
  const post = (operation: string, size: number) =>
    fetch(`${base}/v1/${operation}`, {
      method: "POST",
      headers: json,
      body: `{"input":"${"x".repeat(size)}"}`,
    });
  const first = post("responses", 2 << 20);
  await expect.poll(received).toBe(1);
  const second = await post("embeddings", 2 << 20);
  expect(second.status).toBe(503);
  expect(await second.text()).toContain("bodies_too_large");
  expect((await post("embeddings", 100_000)).status).toBe(200);
  answer();
  expect((await first).status).toBe(200);
  await expect.poll(async () => (await post("embeddings", 2 << 20)).status).toBe(200);
});

test("the client leaves: the upstream is aborted at once and the transcript says so", async () => {
  let aborted: Promise<unknown> | undefined;
  const { base, transcripts, path } = await dataPath({
    upstream: (_request, response) => {
      aborted = once(response, "close");
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
    },
  });
  const abort = new AbortController();
  const reply = await fetch(`${base}/v1/models`, { headers: authorized, signal: abort.signal });
  const reader = reply.body?.getReader();
  await reader?.read();
  abort.abort();
  await aborted;
  await expect.poll(() => transcripts.exchanges[0]?.ending?.error).toBe("client_left");
  await expect.poll(() => path.running()).toBe(0);
});

test("the client leaves before the head: the upstream call is aborted too", async () => {
  let asked = false;
  let aborted = false;
  const { base, transcripts } = await dataPath({
    upstream: (_request, response) => {
      asked = true;
      response.on("close", () => {
        aborted = true;
      });
    },
  });
  const abort = new AbortController();
  const reply = fetch(`${base}/v1/models`, { headers: authorized, signal: abort.signal });
  await expect.poll(() => asked).toBe(true);
  abort.abort();
  await expect(reply).rejects.toThrow();
  await expect.poll(() => aborted).toBe(true);
  await expect
    .poll(() => transcripts.exchanges[0]?.ending)
    .toMatchObject({ status: null, error: "client_left" });
});

test("the upstream is gone: 502 in the provider's shape, and the client may try again", async () => {
  const { base, transcripts } = await dataPath({
    upstream: (request) => request.socket.destroy(),
  });
  const reply = await fetch(`${base}/v1/models`, { headers: authorized });
  expect(reply.status).toBe(502);
  expect(reply.headers.get("x-should-retry")).toBeNull();
  expect(await reply.json()).toMatchObject({ error: { code: "upstream_unreachable" } });
  expect(transcripts.exchanges[0]?.ending?.error).toBe("upstream_unreachable");
});

test("the upstream breaks off: the client sees a broken reply, the transcript says truncated", async () => {
  const { base, transcripts } = await dataPath({
    upstream: (_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    },
  });
  const reply = await fetch(`${base}/v1/models`, { headers: authorized });
  await expect(reply.text()).rejects.toThrow();
  await expect
    .poll(() => transcripts.exchanges[0]?.ending)
    .toMatchObject({ status: 200, error: "truncated", responseBytes: 4 });
});

test("a slow client holds the upstream back, and memory stays bounded", async () => {
  const total = 64 << 20;
  let written = 0;
  const chunk = Buffer.alloc(64 << 10, 1);
  const { base } = await dataPath({
    upstream: async (_request, response) => {
      response.writeHead(200, { "content-length": String(total) });
      while (written < total) {
        written += chunk.length;
        if (!response.write(chunk)) await once(response, "drain");
      }
      response.end();
    },
  });
  const reply = await new Promise<IncomingMessage>((resolve) => {
    httpRequest(`${base}/v1/models`, { headers: authorized }, resolve).end();
  });
  reply.pause();
  let last = -1;
  await expect
    .poll(
      () => {
        const still = written === last;
        last = written;
        return still;
      },
      { interval: 200 },
    )
    .toBe(true);
  expect(written).toBeLessThan(total / 2);
  const hash = createHash("sha256");
  let size = 0;
  for await (const part of reply) {
    hash.update(part);
    size += part.length;
  }
  expect(size).toBe(total);
});

test("no redirect is followed: H5", async () => {
  const { base, received } = await dataPath({
    upstream: (_request, response) => {
      response.writeHead(302, { location: "http://evil.example/" }).end();
    },
  });
  const reply = await fetch(`${base}/v1/models`, { headers: authorized, redirect: "manual" });
  expect(reply.status).toBe(302);
  expect(received()).toBe(1);
});

test("an upstream that echoes the credential shows it to nobody", async () => {
  const { base, transcripts } = await dataPath({
    upstream: (request, response) => {
      const { authorization = "" } = request.headers;
      response.writeHead(401, { "x-echo": authorization, "content-type": "application/json" });
      response.write(`{"error":"bad key ${authorization.slice(0, 20)}`);
      setImmediate(() => response.end(`${authorization.slice(20)}"}`));
    },
  });
  const reply = await fetch(`${base}/v1/models`, { headers: authorized });
  const text = await reply.text();
  expect(text).not.toContain(key);
  expect(reply.headers.get("x-echo")).toBe(`Bearer ${"*".repeat(key.length)}`);
  const [exchange] = transcripts.exchanges;
  expect(exchange && transcripts.text(exchange, "reply-body")).toBe(text);
  expect(exchange?.ending?.masked).toEqual([{ detector: "credential", count: 2, place: "reply" }]);
});

test("the store fails before the decision: 503 and nothing leaves", async () => {
  const { base, transcripts, received } = await dataPath({ upstream: ok });
  transcripts.fail(new Error("disk full"));
  const reply = await fetch(`${base}/v1/models`, { headers: authorized });
  expect(reply.status).toBe(503);
  expect(await reply.json()).toMatchObject({ error: { code: "record_unavailable" } });
  expect(received()).toBe(0);
});

test("the store fails under the reply: nothing unrecorded is delivered", async () => {
  const { base, transcripts, ...rest } = await dataPath({
    upstream: (_request, response) => {
      transcripts.fail(new Error("disk full"));
      response.end("unseen");
    },
  });
  const reply = await fetch(`${base}/v1/models`, { headers: authorized });
  expect(reply.status).toBe(503);
  expect(await reply.text()).not.toContain("unseen");
  expect(rest.received()).toBe(1);
});

test("draining: what runs is finished, what is new is refused", async () => {
  let finish: (() => void) | undefined;
  const { base, path } = await dataPath({
    upstream: (_request, response) => {
      response.writeHead(200);
      response.write("a");
      finish = () => response.end("b");
    },
  });
  const running = await fetch(`${base}/v1/models`, { headers: authorized });
  const drained = path.drain(10_000);
  const late = await fetch(`${base}/v1/models`, { headers: authorized });
  expect(late.status).toBe(503);
  expect(await late.json()).toMatchObject({ error: { code: "daemon_stopping" } });
  expect(late.headers.get("retry-after")).toBe("6");
  finish?.();
  expect(await running.text()).toBe("ab");
  await drained;
});

test("a fault answers 500 with the exchange's id and no detail", async () => {
  const verdict = {
    get effect(): never {
      throw new Error("null inside");
    },
    rule: null,
    reason: "",
  };
  const broken = await dataPath({ upstream: ok, verdict });
  const reply = await fetch(`${broken.base}/v1/models`, { headers: authorized });
  expect(reply.status).toBe(500);
  const { error } = (await reply.json()) as { error: { message: string } };
  expect(error.message).toContain(reply.headers.get("x-hoopx-exchange-id"));
  expect(error.message).not.toContain("null inside");
  expect(broken.faults).toHaveLength(1);
});

test("P2: a body read twice two ways does not leave", async () => {
  const { base, received, transcripts } = await dataPath({ upstream: ok });
  for (const body of [
    '{"model":"a","model":"b"}',
    '\ufeff{"model":"a"}',
    Buffer.from([0x22, 0xff, 0x22]),
    "{",
  ]) {
    const reply = await fetch(`${base}/v1/responses`, { method: "POST", headers: json, body });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { code: "body_unreadable" } });
  }
  expect(received()).toBe(0);
  // What it was to be is known from method and path, and the record has it.
  for (const { opening } of transcripts.exchanges) {
    expect(opening).toMatchObject({
      decision: null,
      operation: { action: "responses.create", class: "inference", method: "POST", model: null },
    });
  }
  expect(transcripts.exchanges).toHaveLength(4);
});

test("a denial names an unknown operation as a rule would", async () => {
  const verdict = { effect: "deny", rule: "no-unknown", reason: "not known" } as const;
  const { base } = await dataPath({ upstream: ok, verdict });
  for (const [path, named] of [
    ["/v1/responses", "responses.create denied by rule no-unknown"],
    ["/v1/other", "POST /v1/other denied by rule no-unknown"],
  ]) {
    const reply = await fetch(`${base}${path}`, { method: "POST", headers: json, body: "{}" });
    const { error } = (await reply.json()) as { error: { message: string } };
    expect(error.message).toContain(`hoopx: ${named}`);
  }
});

test("P1: a compressed body is read by the policy, and sent as it came", async () => {
  const seen: { encoding: string | undefined; body: Buffer }[] = [];
  const prompts: unknown[] = [];
  const { base, transcripts } = await dataPath({
    upstream: async (request, response) => {
      seen.push({ encoding: request.headers["content-encoding"], body: await bodyOf(request) });
      response.end("{}");
    },
    policy: {
      evaluate({ prompt, operation }) {
        prompts.push([...prompt()]);
        return { effect: "allow", rule: "test", reason: String(operation.model) };
      },
    },
  });
  const body = gzipSync('{"model":"gpt-5","input":"drop table"}');
  const headers = { ...json, "content-encoding": "gzip" };
  const reply = await fetch(`${base}/v1/responses`, { method: "POST", headers, body });
  expect(reply.status).toBe(200);
  expect(seen).toEqual([{ encoding: "gzip", body }]);
  expect(prompts).toEqual([["drop table"]]);
  expect(transcripts.exchanges[0]?.opening.operation?.model).toBe("gpt-5");
});

test.each([
  ["gzip, gzip", gzipSync(gzipSync("{}")), 415, "encoding_unsupported"],
  ["compress", Buffer.from("{}"), 415, "encoding_unsupported"],
  ["gzip", Buffer.from("{}"), 400, "body_unreadable"],
  ["gzip", gzipSync(Buffer.alloc(8 << 20)), 413, "body_too_large"],
])(
  "P1: an encoding of %s that cannot be read does not leave (%#)",
  async (encoding, body, status, code) => {
    const { base, received, transcripts } = await dataPath({ upstream: ok });
    const headers = { ...json, "content-encoding": encoding };
    const reply = await fetch(`${base}/v1/responses`, { method: "POST", headers, body });
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ error: { code } });
    expect(received()).toBe(0);
    expect(transcripts.exchanges[0]?.opening.operation?.action).toBe("responses.create");
  },
);

test.each([
  ["responses", "responses.create", "inference"],
  ["realtime?model=gpt-realtime", "realtime.connect", "inference"],
  ["files", "unknown", "unknown"],
])(
  "a WebSocket to %s is refused with 426, and the record has its operation",
  async (asked, action, kind) => {
    const { raw, received, transcripts, port } = await dataPath({ upstream: ok });
    const answer = await raw(
      `GET /openai/v1/${asked} HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${token}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/);
    expect(answer).toMatch(/^upgrade: HTTP\/1\.1\r$/m);
    expect(answer).toMatch(/^connection: upgrade\r$/m);
    expect(answer).toContain("upgrade_unsupported");
    expect(received()).toBe(0);
    expect(transcripts.exchanges[0]?.opening.operation).toMatchObject({
      ...{ action, class: kind, method: "GET", path: expect.stringMatching(/^\/v1\//) },
    });
  },
);

test("after 426 a client of node:http can ask on the same connection", async () => {
  const { port } = await dataPath({ upstream: ok });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = {
        port,
        agent,
        path: "/openai/v1/responses",
        headers: { ...authorized, ...headers },
      };
      httpRequest(options, (reply) => {
        reply.resume().on("end", () => resolve(reply.statusCode));
      })
        .on("error", reject)
        .end();
    });
  const socket = { connection: "upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
  expect([await ask(socket), await ask({})]).toEqual([426, 200]);
  agent.destroy();
});

test("M6: a stored stream is not read from its middle where replies are searched", async () => {
  const masking = { ...usualMasking };
  const { base, received } = await dataPath({ upstream: ok, policy: { masking } });
  const status = async (query: string) =>
    (await fetch(`${base}/v1/responses/resp_1?${query}`, { headers: authorized })).status;
  expect(await status("stream=true")).toBe(200);
  expect(await status("stream=false&starting_after=0")).toBe(200);
  expect(received()).toBe(2);
  for (const name of [
    "starting_after",
    "starting%5Fafter",
    "startingAfter",
    "starting_after[]",
    "starting_%61fter",
  ]) {
    expect(await status(`stream=true&${name}=3`)).toBe(400);
  }
  expect(received()).toBe(2);
});

test.each([
  ["JSON, which is whole", "application/json", '{"data":[]}', 200],
  ["a stream", "text/event-stream", 'data: {"x":1}\n\n', 400],
  ["a stream by another name", "application/json", 'data: {"x":1}\n\n', 400],
  ["a text", "text/plain", "cret-of-somewhere", 400],
  ["lines of JSON", "application/json", '{"delta":"cret"}\n{"x":1}\n', 400],
  ["lines of JSON without a line between", "application/json", '{"delta":"cret"}{"x":1}', 400],
  ["the only line of JSON lines", "application/x-ndjson", '{"delta":"cret"}\n', 400],
  ["the only record of a sequence", "application/json-seq", '{"delta":"cret"}\n', 400],
  ["lines that do not say so", "application/octet-stream", '{"delta":"cret"}\n{"x":1}\n', 400],
  ["JSON that is not whole", "application/json", '{"delta":"cret"', 400],
])(
  "M6: what is not known to stream, asked for from its middle: %s",
  async (_, type, body, status) => {
    const upstream: RequestListener = (_request, reply) => {
      reply.writeHead(200, { "content-type": type, "content-length": body.length }).end(body);
    };
    const evaluate = () => ({ effect: "allow", rule: "all", reason: "" }) as const;
    const { base } = await dataPath({ upstream, policy: { evaluate, masking: usualMasking } });
    for (const path of ["unheard", "responses/resp_1"]) {
      const reply = await fetch(`${base}/v1/${path}?starting_after=3`, { headers: authorized });
      expect(reply.status).toBe(status);
    }
  },
);

test("M6: nothing leaves of lines from the middle that come one by one, or are never whole", async () => {
  const bodyOf = async (pieces: readonly string[]) => {
    const upstream: RequestListener = async (_request, reply) => {
      reply.writeHead(200, { "content-type": "application/json" });
      for (const piece of pieces) {
        reply.write(piece);
        await new Promise(setImmediate);
      }
      reply.end();
    };
    const evaluate = () => ({ effect: "allow", rule: "all", reason: "" }) as const;
    const { base, transcripts } = await dataPath({
      ...{ upstream, policy: { evaluate, masking: usualMasking } },
    });
    const reply = await fetch(`${base}/v1/unheard?starting_after=3`, { headers: authorized });
    let text = "";
    try {
      for await (const chunk of reply.body ?? []) text += Buffer.from(chunk).toString();
    } catch {
      // Cut.
    }
    return { text, error: transcripts.exchanges[0]?.ending?.error };
  };
  const line = '{"delta":"cret"}\n';
  const error = "reply_from_the_middle";
  expect(await bodyOf([line, line])).toEqual({ text: "", error });
  const item = `"${"a".repeat(1 << 16)}"`;
  const list = ["[", ...Array.from({ length: 12 }, () => `${item},`), `${item}]`];
  expect(await bodyOf(list)).toEqual({ text: list.join(""), error: null });
  const over = ["[", ...Array.from({ length: 20 }, () => `${item},`), `${item}]`];
  expect(await bodyOf(over)).toEqual({ text: "", error });
});

test("an unknown operation that a rule denies is denied by policy", async () => {
  const codeOf = async (rule: string | null) => {
    const evaluate = () => ({ effect: "deny", rule, reason: "no" }) as const;
    const { base } = await dataPath({ upstream: ok, policy: { evaluate } });
    const reply = await fetch(`${base}/v1/unheard`, { headers: authorized });
    return ((await reply.json()) as { error: { code: string } }).error.code;
  };
  expect(await codeOf("no-new-things")).toBe("policy_denied");
  expect(await codeOf(null)).toBe("operation_unknown");
});
