import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createProbe } from "../../../../src/daemon/control/access/probe.js";
import { createProbeRecord } from "../../../../src/daemon/control/access/probe-record.js";
import type { CredentialSource } from "../../../../src/daemon/credentials/source.js";
import type { Connection } from "../../../../src/daemon/model/connection.js";
import { createExchangeKeys } from "../../../../src/daemon/model/exchange.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import type { RunAround } from "../../../../src/daemon/sessions/registry.js";
import { createUndiciTransport } from "../../../../src/daemon/upstream/undici-transport.js";
import { actorWith } from "../../../support/actors.js";
import { createMemoryTranscripts } from "../../../support/memory-transcripts.js";

const key = "sk-real-0123456789abcdef";
let server: Server | undefined;
const transport = createUndiciTransport({
  replyTimeout: 5_000,
  connectTimeout: 5_000,
  connections: 4,
});
afterEach(() => server?.closeAllConnections());

const keySource: CredentialSource = {
  obtain: async () => ({
    sensitive: [key],
    apply: (request) => void request.headers.push("authorization", `Bearer ${key}`),
  }),
};

const asking = { pid: 77, executable: "/usr/bin/node", startedAt: new Date(0) };
/** Inside a run that is over, which is inside one that lives. */
const actor = actorWith({
  program: () => asking,
  runsAround: () => [
    { id: "ses_2", holder: undefined },
    { id: "ses_1", holder: { session: { id: "ses_1" }, nextSeq: () => 7 } } as RunAround,
  ],
});
let transcripts = createMemoryTranscripts();
beforeEach(() => {
  transcripts = createMemoryTranscripts();
});

const probe = (limit = 5_000, source = keySource) =>
  createProbe({
    providerNamed: () => openai,
    source,
    transport,
    identityOf: async () => ({
      issuer: "os:test",
      subject: "tester",
      email: null,
      groups: [],
      profile: null,
    }),
    limit,
    record: createProbeRecord({
      transcripts: transcripts.log,
      nextKey: createExchangeKeys(Date.now),
      now: () => new Date(0),
    }),
    now: () => new Date("2026-11-24T09:10:00.000Z"),
  });

async function upstream(answer: RequestListener): Promise<Connection> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return connectionTo((server.address() as AddressInfo).port);
}

const connectionTo = (port: number): Connection => ({
  name: "openai",
  provider: "openai",
  origin: `http://127.0.0.1:${port}`,
  basePath: "/v1",
  credential: { kind: "static-key", secretStore: "file", secretName: "x" },
  allowPrivateNetwork: false,
  createdAt: new Date(0),
  rotatedAt: null,
});

const { signal } = new AbortController();

test("a good key: what was asked, with the real credential, and how much came back", async () => {
  let seen = "";
  const connection = await upstream((request, response) => {
    seen = `${request.method} ${request.url} ${request.headers.authorization}`;
    response.end(JSON.stringify({ object: "list", data: [{ id: "a" }, { id: "b" }] }));
  });
  expect(await probe()(connection, actor, signal)).toMatchObject({
    connection: "openai",
    ok: true,
    request: "GET /v1/models",
    status: 200,
    message: "2 models",
  });
  expect(seen).toBe(`GET /v1/models Bearer ${key}`);
});

test("says how long the credential lives and whom the provider sees", async () => {
  const credential = { kind: "oidc" as const };
  const connection = {
    ...(await upstream((_request, response) => response.end("{}"))),
    credential,
  };
  const source = {
    obtain: async () => ({
      sensitive: [key],
      apply() {},
      expiresAt: new Date("2026-11-24T10:09:59.500Z"),
      seenAs: "ann@example.com",
    }),
  };
  const view = await probe(5_000, source)(connection, actor, signal);
  expect(view).toMatchObject({
    credential: { kind: "oidc", lifetime: "short-lived, 59 min" },
    seenAs: "ann@example.com",
  });
  expect(JSON.stringify(view)).not.toContain(key);
});

test.each([
  ["Tue, 24 Nov 2026 09:10:00 GMT", 0],
  ["Tue, 24 Nov 2026 09:00:00 GMT", 600_000],
  ["Tue, 24 Nov 2026 09:10:30 GMT", -30_000],
  ["some day", null],
])("an upstream's date of %s: this clock is %s ms ahead", async (date, ahead) => {
  const connection = await upstream((_request, response) => {
    response.setHeader("date", date);
    response.end("{}");
  });
  expect(await probe()(connection, actor, signal)).toMatchObject({ clockAheadMs: ahead });
});

test.each([
  [401, "the provider rejects this key"],
  [404, "nothing is there; check the base URL"],
  [302, "a redirect, which is not followed; check the base URL"],
  [500, "the provider reports an error of its own"],
])(
  "%i is told in our words, and what the upstream says of the key is not",
  async (status, message) => {
    const connection = await upstream((_request, response) => {
      response.writeHead(status, { location: "http://127.0.0.1:1/" });
      response.end(JSON.stringify({ error: { message: `Incorrect API key provided: ${key}` } }));
    });
    const view = await probe()(connection, actor, signal);
    expect(view).toMatchObject({ ok: false, status, message });
    expect(JSON.stringify(view)).not.toContain(key);
  },
);

test("a reply of something else is said to be that", async () => {
  const connection = await upstream((_request, response) => response.end('{"hello":"there"}'));
  expect(await probe()(connection, actor, signal)).toMatchObject({
    ok: true,
    message: "a reply that is not a list of models",
  });
});

test("no upstream there, and none that answers", async () => {
  const gone = await upstream(() => undefined);
  const silent = gone;
  expect(await probe(200)(silent, actor, signal)).toMatchObject({
    ok: false,
    status: null,
    message: "no answer within 0.2 s",
  });
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  expect(await probe()(gone, actor, signal)).toMatchObject({
    ok: false,
    status: null,
    message: "unreachable: ECONNREFUSED",
  });
});

test("a reply without an end is read to the limit and let go", async () => {
  let closed = () => {};
  const left = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const connection = await upstream((request, response) => {
    request.socket.on("close", closed);
    const pour = () => {
      while (response.write("x".repeat(65_536)));
    };
    response.on("drain", pour);
    pour();
  });
  expect(await probe()(connection, actor, signal)).toMatchObject({
    ok: true,
    message: "a reply that is not JSON",
  });
  await left;
});

test("it has a row, in the session that the caller is inside of, without the credential", async () => {
  const connection = await upstream((_request, response) => response.end('{"data":[]}'));
  await probe()(connection, actor, signal);
  const [row] = transcripts.exchanges;
  expect(row).toMatchObject({
    opening: {
      sessionId: "ses_1",
      seq: 7,
      connection: "openai",
      process: asking,
      operation: { action: "models.list", class: "read", path: "/v1/models" },
      decision: { effect: "allow", rule: null, reason: "hoopx connections test" },
    },
    ending: { status: 200, error: null, responseBytes: 11 },
  });
  expect(row?.frames.map(({ data }) => String(Buffer.from(data))).join()).not.toContain(key);
  await probe()(connection, actorWith(), signal);
  expect(transcripts.exchanges[1]?.opening).toMatchObject({ sessionId: null, process: null });
});

test("one that fails has a row too, and without a row nothing is sent", async () => {
  let calls = 0;
  const connection = await upstream((request) => {
    calls += 1;
    request.socket.destroy();
  });
  await probe()(connection, actor, signal);
  expect(transcripts.exchanges[0]?.ending).toMatchObject({
    status: null,
    error: "upstream_unreachable",
  });
  const before = calls;
  transcripts.fail(new Error("disk full"));
  await expect(probe()(connection, actor, signal)).rejects.toThrow("disk full");
  expect(calls).toBe(before);
});
