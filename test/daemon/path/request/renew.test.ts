/** An upstream that refuses a credential: another one is had, once, and only the second reply is passed on. */
import type { IncomingMessage, RequestListener } from "node:http";
import { afterEach, expect, test } from "vitest";
import {
  type Credential,
  CredentialError,
  type CredentialSource,
} from "../../../../src/daemon/credentials/source.js";
import { authorized, startDataPath } from "../../../support/data-path.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const old = "old-token-0123456789";
const fresh = "fresh-token-0123456789";

function bearer(token: string): Credential {
  return {
    sensitive: [token],
    apply: (request) => void request.headers.push("authorization", `Bearer ${token}`),
  };
}

interface Seen {
  readonly authorization: string | undefined;
  readonly url: string | undefined;
  readonly body: string;
}

async function started(given: {
  readonly renew: (rejected: Credential, signal: AbortSignal) => Promise<Credential> | Credential;
  readonly answer: (seen: Seen, ...parts: Parameters<RequestListener>) => void;
}) {
  const first = bearer(old);
  const asked: (Credential | undefined)[] = [];
  const seen: Seen[] = [];
  const source: CredentialSource = {
    async obtain(_connection, _identity, signal, rejected) {
      asked.push(rejected);
      return rejected === undefined ? first : given.renew(rejected, signal);
    },
  };
  const path = await startDataPath({
    source,
    async upstream(request, response) {
      const { authorization } = request.headers;
      const call = { authorization, url: request.url, body: await textOf(request) };
      seen.push(call);
      given.answer(call, request, response);
    },
  });
  open.push(path);
  const post = (signal?: AbortSignal) =>
    fetch(`${path.base}/v1/responses?a=1`, {
      method: "POST",
      headers: { ...authorized, "content-type": "application/json" },
      body: '{"model":"gpt-5"}',
      ...(signal && { signal }),
    });
  return { path, post, seen, asked, first };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

const rejectsOld = ({ authorization }: Seen, ...[, response]: Parameters<RequestListener>) => {
  if (authorization === `Bearer ${old}`) {
    response.writeHead(401, { "content-type": "application/json", "x-first": "1" });
    response.end(`{"error":{"message":"expired: ${old}"}}`);
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end(`{"echo":"${old} ${fresh}","usage":{"input_tokens":1,"output_tokens":2}}`);
};

test("the same request goes out again with another; the client and the record see one reply", async () => {
  const { path, post, seen, asked, first } = await started({
    renew: () => bearer(fresh),
    answer: rejectsOld,
  });
  const reply = await post();
  expect(reply.status).toBe(200);
  expect(reply.headers.get("x-first")).toBeNull();
  // Neither credential may come back.
  const hidden = (text: string) => "*".repeat(text.length);
  const text = await reply.text();
  expect(text).toContain(`"echo":"${hidden(old)} ${hidden(fresh)}"`);
  const [one, two] = seen;
  expect(two).toEqual({ ...one, authorization: `Bearer ${fresh}` });
  expect(asked).toEqual([undefined, first]);

  expect(path.transcripts.exchanges).toHaveLength(1);
  const [exchange] = path.transcripts.exchanges;
  expect(exchange && path.transcripts.text(exchange, "reply-head")).not.toContain("401");
  expect(exchange && path.transcripts.text(exchange, "reply-body")).toBe(text);
  expect(exchange?.ending).toMatchObject({
    status: 200,
    error: null,
    tokens: { input: 1, output: 2 },
  });
});

test("a source with no other: the 401 is passed on as it is, after one call", async () => {
  const { post, seen, path } = await started({ renew: (rejected) => rejected, answer: rejectsOld });
  const reply = await post();
  expect(reply.status).toBe(401);
  expect(await reply.text()).toContain("expired");
  expect(seen).toHaveLength(1);
  expect(path.transcripts.exchanges[0]?.ending).toMatchObject({ status: 401, error: null });
});

test("the second refusal is passed on: it is tried once more and not again", async () => {
  const { post, seen, asked } = await started({
    renew: () => bearer(fresh),
    answer: ({ authorization }, _request, response) => {
      response.writeHead(401).end(`no ${authorization === `Bearer ${fresh}` ? "second" : "first"}`);
    },
  });
  const reply = await post();
  expect([reply.status, await reply.text()]).toEqual([401, "no second"]);
  expect(seen).toHaveLength(2);
  expect(asked).toHaveLength(2);
});

test("no other can be had: a refusal that says why, and the first reply is let go of", async () => {
  let closed = () => {};
  const left = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const { post, path } = await started({
    renew: () => Promise.reject(new CredentialError("the token endpoint is away", "wait")),
    answer: (_seen, _request, response) => {
      response.on("close", closed);
      response.writeHead(401);
      // It would stream for ever.
      response.write("x");
    },
  });
  const reply = await post();
  expect(reply.status).toBe(503);
  expect(await reply.text()).toContain("the token endpoint is away");
  await left;
  expect(path.transcripts.exchanges[0]?.ending).toMatchObject({ error: "credential_unavailable" });
  expect(path.faults).toEqual([]);
});

test("the client leaves while another is fetched: nothing more goes out", async () => {
  let asked = () => {};
  const renewing = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { post, path, seen } = await started({
    renew: (_rejected, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        asked();
      }),
    answer: rejectsOld,
  });
  const leaving = new AbortController();
  const reply = post(leaving.signal);
  await renewing;
  leaving.abort();
  await expect(reply).rejects.toThrow();
  await expect
    .poll(() => path.transcripts.exchanges[0]?.ending)
    .toMatchObject({ status: null, error: "client_left" });
  expect(seen).toHaveLength(1);
  expect(path.faults).toEqual([]);
});

test.each([400, 403, 429, 500])("a %i is no word on the credential", async (status) => {
  const { post, seen, asked } = await started({
    renew: () => bearer(fresh),
    answer: (_seen, _request, response) => void response.writeHead(status).end("x"),
  });
  expect((await post()).status).toBe(status);
  expect(seen).toHaveLength(1);
  expect(asked).toEqual([undefined]);
});
