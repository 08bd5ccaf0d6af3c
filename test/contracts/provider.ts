/**
 * Contract of a provider: what the path relies on, whoever the vendor is. Each
 * provider's test calls it with samples of its own API.
 */
import { expect, test } from "vitest";
import type { Frame } from "../../src/daemon/model/transcript.js";
import type { Provider, ReplyTurn, RequestHead } from "../../src/daemon/providers/provider.js";

export interface ProviderSamples {
  readonly provider: Provider;
  /** A streamed inference: its request, and the stream's bytes. */
  readonly inference: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly stream: string;
  };
  /** What the stream says, joined by turn. */
  readonly reply: readonly Pick<ReplyTurn, "kind" | "text">[];
  readonly usage: { readonly input: number; readonly output: number };
  /** A variable of the child that must hold the token. */
  readonly tokenVariable: string;
}

/** Registers the contract's tests. */
export function describeProviderContract(samples: ProviderSamples): void {
  const { provider, inference } = samples;
  const headOf = (given: Partial<RequestHead> = {}): RequestHead => ({
    method: inference.method,
    path: inference.path,
    fullPath: `/v1${inference.path}`,
    query: "",
    contentType: "application/json",
    ...given,
  });
  const operationOf = async (body: string, head = headOf()) => {
    const action = provider.recognise(head);
    if (action === undefined) throw new Error("the sample's operation is unknown");
    return provider.describe(action, head, Buffer.from(body)).then(({ operation }) => operation);
  };
  const framesOf = (chunks: readonly Uint8Array[], replyHead: string): Frame[] => [
    {
      kind: "request-head",
      at: 0,
      data: Buffer.from(
        `${inference.method} /v1${inference.path} HTTP/1.1\r\ncontent-type: application/json\r\n`,
      ),
    },
    { kind: "request-body", at: 0, data: Buffer.from(inference.body) },
    { kind: "reply-head", at: 1, data: Buffer.from(replyHead) },
    ...chunks.map((data, index): Frame => ({ kind: "reply-body", at: 2 + index, data })),
  ];
  const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n";
  const bytes = Buffer.from(inference.stream);

  test("knows its own operation and names what it does not know", async () => {
    expect(await operationOf(inference.body)).toMatchObject({
      provider: provider.name,
      class: "inference",
      stream: true,
    });
    const strange = headOf({ path: "/no/such/operation", fullPath: "/v1/no/such/operation" });
    expect(provider.recognise(strange)).toBeUndefined();
    expect(provider.describeUnknown(strange)).toMatchObject({
      class: "unknown",
      action: "unknown",
    });
  });

  test("recognises its probe as a read", () => {
    expect(provider.recognise(headOf(provider.probe))?.class).toBe("read");
    expect(new URL(provider.defaultBaseUrl).protocol).toBe("https:");
  });

  test("rejects a body that two parsers read as two", async () => {
    const twice = inference.body.replace("{", '{"model":"x",');
    await expect(operationOf(twice)).rejects.toMatchObject({ code: "body_unreadable" });
    await expect(operationOf("{")).rejects.toMatchObject({ code: "body_unreadable" });
  });

  test("shows no credential of the query", async () => {
    const { path } = await operationOf(inference.body, headOf({ query: "key=hxs_secret" }));
    expect(path).not.toContain("hxs_secret");
  });

  test("meters and reads a stream alike, cut in two at every offset", async () => {
    const operation = await operationOf(inference.body);
    for (let at = 1; at < bytes.length; at += 1) {
      const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
      const meter = provider.openMeter(operation, "text/event-stream");
      for (const chunk of chunks) meter.push(chunk);
      expect(meter.usage()).toEqual(samples.usage);
      const { reply } = provider.converse(operation, framesOf(chunks, streamHead));
      expect(reply.map(({ kind, text }) => ({ kind, text }))).toEqual(samples.reply);
    }
  });

  test("each turn of a reply is the sum of its deltas, in the order they came", async () => {
    const operation = await operationOf(inference.body);
    const chunks = [...bytes].map((byte) => Buffer.from([byte]));
    const { reply } = provider.converse(operation, framesOf(chunks, streamHead));
    for (const { text, deltas } of reply) {
      expect(deltas.map((delta) => delta.text).join("")).toBe(text);
      const times = deltas.map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  test("reads whatever is left of a reply, and never throws", async () => {
    const operation = await operationOf(inference.body);
    const heads = [
      streamHead,
      "",
      "HTTP/1.1 200\r\ncontent-type: application/json\r\n",
      "HTTP/1.1 500\r\ncontent-encoding: gzip\r\n",
      "HTTP/1.1 200\r\ncontent-encoding: unheard-of\r\n",
    ];
    for (const head of heads) {
      for (let at = 0; at <= bytes.length; at += 7) {
        const { reply } = provider.converse(operation, framesOf([bytes.subarray(0, at)], head));
        for (const turn of reply) expect(typeof turn.text).toBe("string");
      }
    }
    expect(provider.converse(operation, [])).toEqual({ prompt: [], reply: [] });
  });

  test("refuses in JSON, with the message and the exchange's id", () => {
    const { body, contentType } = provider.refusalBody({
      code: "policy_denied",
      status: 400,
      message: "x denied",
      hint: "mend it",
      exchangeId: "exc_1",
    });
    expect(contentType).toBe("application/json");
    const { message } = JSON.parse(body.toString()).error;
    for (const part of ["x denied", "mend it", "exc_1"]) expect(message).toContain(part);
  });

  test("sends its SDKs through the daemon, with the token", () => {
    const variables = provider.environment(new URL("http://127.0.0.1:4141/name/v1"), "hxs_token");
    expect(variables[samples.tokenVariable]).toBe("hxs_token");
    expect(Object.values(variables)).toContain("http://127.0.0.1:4141/name/v1");
  });
}
