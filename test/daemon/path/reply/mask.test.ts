/** Masking on the real path: what the client and the record get of replies with a secret in them. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import {
  authorized,
  type DataPathOptions,
  key,
  startDataPath,
} from "../../../support/data-path.js";
import { fakeSecret, openFakeMasking } from "../../../support/fake-masking.js";
import {
  eventText,
  type StreamShape,
  streamShapes,
  streamText,
} from "../../../support/masked-streams.js";
import { response, responseStream } from "../../../support/tool-call-replies.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

type Reply = (response: ServerResponse, request: IncomingMessage) => unknown;
const secret = fakeSecret(1);
const mark = "[masked:fake]#1";

async function dataPath(reply: Reply, options: Partial<DataPathOptions> = {}): Promise<DataPath> {
  const started = await startDataPath({
    upstream(request, answer) {
      request.resume();
      request.on("end", () => reply(answer, request));
    },
    masking: { open: openFakeMasking, forget() {} },
    ...options,
  });
  open.push(started);
  return started;
}

/** Answers with these bytes, written one part after the other. */
const answering =
  (
    type: string,
    parts: string | Buffer | readonly (string | Buffer)[],
    headers = {},
    status = 200,
  ): Reply =>
  async (answer) => {
    answer.writeHead(status, { "content-type": type, ...headers });
    for (const part of [parts].flat()) {
      answer.write(part);
      await new Promise(setImmediate);
    }
    answer.end();
  };
const events = "text/event-stream";
const json = "application/json";

const ask = (path: DataPath, operation = "responses", headers: Record<string, string> = {}) =>
  fetch(`${path.base}/v1/${operation}`, {
    method: "POST",
    headers: { ...authorized, "content-type": "application/json", ...headers },
    body: '{"model":"gpt-mock","stream":true}',
  });

function recorded(path: DataPath, place = 0) {
  const exchange = path.transcripts.exchanges[place];
  if (exchange === undefined) throw new Error("nothing is recorded");
  const { text } = path.transcripts;
  const body = Buffer.from(text(exchange, "reply-body"), "latin1").toString();
  return { body, head: text(exchange, "reply-head"), ending: exchange.ending };
}

const shape = streamShapes[0] as StreamShape;

test.each(streamShapes)("$name: neither client nor record get the secret", async (one) => {
  const text = one.json ? JSON.stringify({ a: `is ${secret}` }) : `is ${secret}.`;
  const bytes = Buffer.from(streamText(one.events([text.slice(0, 14), text.slice(14)])));
  const cuts = [bytes.subarray(0, 301), bytes.subarray(301, 444), bytes.subarray(444)];
  const path = await dataPath(answering(events, cuts));
  const got = await (await ask(path, one.operation)).text();
  expect(got).toContain(mark);
  expect(got).not.toMatch(/SECRET\d{3}|0000000001/);
  const { body, ending } = recorded(path);
  expect(body).toBe(got);
  expect(ending).toMatchObject({
    error: null,
    masked: [{ detector: "fake", count: expect.any(Number), place: "reply" }],
  });
});

test("a stream without findings is the same with masking and without, and so is its head", async () => {
  const reply = answering(events, responseStream, { "x-own": "1" });
  const [masked, plain] = [
    await dataPath(reply),
    await dataPath(reply, { masking: undefined as never }),
  ];
  const [one, other] = [await ask(masked), await ask(plain)];
  expect(await one.text()).toBe(responseStream);
  expect(await other.text()).toBe(responseStream);
  const names = ({ headers }: Response) =>
    [...headers].filter(([name]) => name !== "date" && name !== "x-hoopx-exchange-id");
  expect(names(one)).toEqual(names(other));
  expect(recorded(masked).ending?.masked).toEqual([]);
});

test("prose: each event arrives before the upstream sends the next", async () => {
  const pieces = "In the beginning there was SE and a [list] of {things}. ".split(/(?<= )/);
  const sent = shape.events(pieces).map(eventText);
  let next = () => {};
  const path = await dataPath(async (answer) => {
    answer.writeHead(200, { "content-type": events });
    for (const event of sent) {
      const asked = new Promise<void>((resolve) => {
        next = resolve;
      });
      answer.write(event);
      await asked;
    }
    answer.end();
  });
  const reader = (await ask(path)).body?.getReader();
  let got = "";
  for (const [index, event] of sent.entries()) {
    const until = sent.slice(0, index + 1).join("");
    while (got.length < until.length) {
      const { value } = (await reader?.read()) ?? {};
      got += Buffer.from(value ?? []).toString();
    }
    expect(got.endsWith(event)).toBe(true);
    next();
  }
  expect(got).toBe(sent.join(""));
});

test("the credential, cut over events, is hidden too", async () => {
  const text = `it is ${key}.`;
  for (const cut of [12, 20, 25]) {
    const path = await dataPath(
      answering(events, streamText(shape.events([text.slice(0, cut), text.slice(cut)]))),
    );
    const got = await (await ask(path)).text();
    expect(got).not.toContain(key.slice(5, 20));
    expect(got).not.toContain(key.slice(10));
    expect(recorded(path).ending?.masked).toMatchObject([{ detector: "credential" }]);
  }
});

test.each([
  ["a JSON body", json, JSON.stringify({ ...response, note: `é ${secret}` }), 200],
  ["an error", json, JSON.stringify({ error: { message: `wrong key ${secret}` } }), 401],
  ["an error that is a page", "text/html", `<p>${secret}</p>`, 502],
  ["text", "text/plain; charset=utf-8", `1\n00:00 --> 00:01\n${secret}\n`, 200],
  ["lines of JSON", "application/jsonl", `{"a":"${secret}"}\n{"b":"${secret}"}\n`, 200],
  ["a file", "application/octet-stream", `token=${secret}\n`, 200],
  ["a reply of parts", "multipart/mixed; boundary=x", `--x\r\n\r\n${secret}\r\n--x--`, 200],
  ["a reply of no type", "", `it is ${secret}`, 200],
])("%s: cut anywhere, whole or with a length", async (_name, type, text, status) => {
  const bytes = Buffer.from(text);
  const masked = text.replaceAll(secret, mark);
  const begins = bytes.indexOf(secret);
  for (const at of [0, begins + 4, begins + 15, bytes.length]) {
    for (const headers of [{}, { "content-length": bytes.length, etag: "x" }]) {
      const parts = [bytes.subarray(0, at), bytes.subarray(at)];
      const path = await dataPath(answering(type, parts, headers, status));
      const reply = await ask(path, "files");
      expect(reply.status).toBe(status);
      expect(await reply.text()).toBe(masked);
      expect(reply.headers.get("etag")).toBeNull();
      const length = "etag" in headers ? String(Buffer.byteLength(masked)) : null;
      expect(reply.headers.get("content-length")).toBe(length);
      expect(recorded(path).body).toBe(masked);
    }
  }
});

test("a short body without findings keeps its head, its length and its bytes", async () => {
  const body = JSON.stringify(response);
  const headers = { "content-length": Buffer.byteLength(body), etag: '"1"', "content-md5": "x" };
  const path = await dataPath(answering(json, body, headers));
  const reply = await ask(path);
  expect(await reply.text()).toBe(body);
  for (const [name, value] of Object.entries(headers)) {
    expect(reply.headers.get(name)).toBe(String(value));
  }
});

test("bytes that are not UTF-8 stay as they are around what is hidden", async () => {
  const bytes = Buffer.concat([
    Buffer.from([0xe9, 0xff, 0x41]),
    Buffer.from(secret),
    Buffer.from([0xfe, 0xc3]),
  ]);
  const path = await dataPath(answering("text/plain", [bytes.subarray(0, 10), bytes.subarray(10)]));
  const got = Buffer.from(await (await ask(path)).arrayBuffer());
  const expected = [Buffer.from([0xe9, 0xff, 0x41]), Buffer.from(mark), Buffer.from([0xfe, 0xc3])];
  expect(got.equals(Buffer.concat(expected))).toBe(true);
});

test.each([
  ["an image", "image/png", Buffer.from(`\x89PNG ${secret}`, "latin1")],
  ["audio", "audio/mpeg", Buffer.from(secret)],
  ["an archive", "application/zip", Buffer.from(secret)],
  ["an unknown kind of bytes", "application/octet-stream", Buffer.from(`\0\x01${secret}`)],
])("%s passes", async (_name, type, bytes) => {
  const path = await dataPath(answering(type, bytes));
  expect(Buffer.from(await (await ask(path)).arrayBuffer()).equals(bytes)).toBe(true);
  expect(recorded(path).ending?.masked).toEqual([]);
});

test("a large body flows, and only what may be a finding waits", async () => {
  const text = `${JSON.stringify({ a: "x".repeat(200_000) }).slice(0, -1)},"b":"${secret}"}`;
  const path = await dataPath(answering(json, [text.slice(0, 200_030), text.slice(200_030)]));
  expect(await (await ask(path)).text()).toBe(text.replace(secret, mark));
  expect(recorded(path).ending).toMatchObject({ masked: [{ detector: "fake", count: 1 }] });
});

test("headers and their status line", async () => {
  const path = await dataPath(
    answering(json, "{}", { "x-debug": `v=${secret}`, [`x-${"a"}`]: "fine", "content-length": 2 }),
  );
  const reply = await ask(path);
  expect(reply.headers.get("x-debug")).toBe(`v=${mark}`);
  expect(reply.headers.get("x-a")).toBe("fine");
  expect(recorded(path).head).not.toContain(secret);
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
])(
  "%s against our wish: asked for as it is, decoded, masked, sent on plain",
  async (coding, compress) => {
    let wished: unknown;
    for (const [type, text] of [
      [events, streamText(shape.events([`is ${secret.slice(0, 8)}`, secret.slice(8)]))],
      [json, JSON.stringify({ error: { message: secret } })],
    ] as const) {
      const path = await dataPath((answer, request) => {
        wished = request.headers["accept-encoding"];
        const bytes = compress(Buffer.from(text));
        const headers = { "content-type": type, "content-encoding": coding };
        answer.writeHead(200, { ...headers, "content-length": bytes.length }).end(bytes);
      });
      const reply = await ask(path, "responses", { "accept-encoding": coding });
      const got = await reply.text();
      expect(wished).toBe("identity");
      expect(got).toContain(mark);
      expect(got).not.toContain(secret);
      expect(reply.headers.get("content-encoding")).toBeNull();
      expect(recorded(path).body).toBe(got);
    }
  },
);

test("a coding that nobody knows, and one that is damaged, do not pass", async () => {
  const odd = await dataPath(answering(json, secret, { "content-encoding": "odd" }));
  const reply = await ask(odd);
  expect(reply.status).toBe(502);
  expect(await reply.json()).toMatchObject({ error: { code: "reply_unreadable" } });
  expect(recorded(odd).ending?.error).toBe("reply_unreadable");

  const damaged = await dataPath(
    answering(events, `no gzip: ${secret}`, { "content-encoding": "gzip" }),
  );
  expect(await (await ask(damaged)).text()).toContain("reply_unreadable");
  expect(recorded(damaged).ending?.error).toBe("reply_unreadable");
});

test.each([
  ["an event that is no JSON", `data: {"cut ${secret}\n\n`],
  ["a finder that breaks", 'data: {"type":"x","text":"EXPLODE"}\n\n'],
])("%s ends the stream with an error, and the upstream's call", async (_name, bad) => {
  let closed: Promise<unknown> | undefined;
  const path = await dataPath((answer) => {
    closed = once(answer, "close");
    answer.writeHead(200, { "content-type": events });
    answer.write(
      `${eventText({ type: "x", text: "fine" })}${bad}${eventText({ type: "x", text: "after" })}`,
    );
  });
  const reply = await ask(path);
  const got = await reply.text();
  expect(reply.status).toBe(200);
  expect(got).toContain('"fine"');
  expect(got).toContain("reply_unreadable");
  expect(got).not.toMatch(/SECRET|EXPLODE|after/);
  await closed;
  expect(recorded(path)).toMatchObject({ body: got, ending: { error: "reply_unreadable" } });
});

test("a body that cannot be searched is refused before its head, or cut off after it", async () => {
  const body = '{"a":"EXPLODE"}';
  const short = await dataPath(answering(json, body, { "content-length": body.length }));
  const reply = await ask(short);
  expect(reply.status).toBe(502);
  expect(await reply.json()).toMatchObject({ error: { code: "reply_unreadable" } });
  expect(short.faults).toHaveLength(1);

  const long = await dataPath(answering(json, ['{"b":1', `,"a":"EXPLODE"}`]));
  await expect(ask(long).then((cut) => cut.text())).rejects.toThrow();
  await expect.poll(() => recorded(long).ending?.error).toBe("reply_unreadable");
  expect(recorded(long).body).not.toContain("EXPLODE");
});

test("the plain SDK reads masked streams", async () => {
  const [created, added, ...rest] = shape.events(["Your key ", "is SECRET0000", "000001."]);
  const part = { type: "output_text", text: "", annotations: [] };
  const begun = {
    ...{ type: "response.content_part.added", item_id: "msg_1" },
    ...{ output_index: 0, content_index: 0, part },
  };
  const sent = [created, added, begun, ...rest].map((event) => event ?? {});
  const path = await dataPath(answering(events, streamText(sent)));
  const client = new OpenAI({
    apiKey: authorized.authorization.slice(7),
    baseURL: `${path.base}/v1`,
  });
  const stream = client.responses.stream({ model: "gpt-mock", input: "x" });
  let streamed = "";
  stream.on("response.output_text.delta", ({ delta }) => {
    streamed += delta;
  });
  const { output_text: sum } = await stream.finalResponse();
  expect(streamed).toBe(`Your key is ${mark}.`);
  expect(sum).toBe(streamed);
});
