import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Operation } from "../../../../src/daemon/model/operation.js";
import type { Frame } from "../../../../src/daemon/model/transcript.js";
import { turnsAddedSince } from "../../../../src/daemon/providers/conversation.js";
import { converse } from "../../../../src/daemon/providers/openai/conversation.js";
import { chatStream, finishedResponse, responsesStream } from "./samples.js";

const operation = (action: string): Operation => ({
  provider: "openai",
  action,
  class: "inference",
  mintsCredential: false,
  method: "POST",
  path: "/v1/x",
  model: null,
  tools: [],
  stream: false,
});

interface Sent {
  readonly body?: object | string;
  readonly requestType?: string;
  readonly status?: number;
  readonly headers?: string;
  readonly reply?: object | string | Uint8Array;
}

function read(action: string, sent: Sent) {
  const bytes = (value: object | string | Uint8Array) =>
    value instanceof Uint8Array || typeof value === "string"
      ? Buffer.from(value as string)
      : Buffer.from(JSON.stringify(value));
  const frames: Frame[] = [
    {
      kind: "request-head",
      at: 0,
      data: Buffer.from(
        `POST /v1/x HTTP/1.1\r\nContent-Type: ${sent.requestType ?? "application/json"}\r\n`,
      ),
    },
    { kind: "request-body", at: 0, data: bytes(sent.body ?? "") },
    {
      kind: "reply-head",
      at: 10,
      data: Buffer.from(
        `HTTP/1.1 ${sent.status ?? 200}\r\n${sent.headers ?? "content-type: application/json"}\r\n`,
      ),
    },
  ];
  if (sent.reply !== undefined)
    frames.push({ kind: "reply-body", at: 20, data: bytes(sent.reply) });
  return converse(operation(action), frames);
}

const promptOf = (action: string, body: object) => read(action, { body }).prompt;
const replyOf = (action: string, sent: Sent) =>
  read(action, sent).reply.map(({ kind, text }) => [kind, text]);

describe("prompts", () => {
  test("of responses, item by item", () => {
    expect(
      promptOf("responses.create", {
        instructions: "be kind",
        previous_response_id: "resp_0",
        input: [
          {
            role: "user",
            content: [
              { type: "input_text", text: "see" },
              { type: "input_image", image_url: "data:image/png;base64,AAAAAAAA" },
              { type: "input_image", image_url: "https://example.com/a.png" },
              {
                type: "input_file",
                filename: "a.pdf",
                file_data: "data:application/pdf;base64,AAAA",
              },
            ],
          },
          { type: "reasoning", summary: [], encrypted_content: "x" },
          { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
          { type: "function_call_output", call_id: "c1", output: "42" },
          { type: "local_shell_call", call_id: "c2", action: { command: ["ls"] } },
          {
            type: "local_shell_call_output",
            id: "c2",
            output: [{ type: "input_text", text: "a" }],
          },
          { type: "web_search_call", action: { type: "search", query: "hoopx" } },
          {
            type: "mcp_call",
            id: "m1",
            server_label: "wiki",
            name: "find",
            arguments: "{}",
            output: "ok",
          },
          { type: "item_reference", id: "msg_1" },
          { type: "compaction", encrypted_content: "x" },
        ],
      }),
    ).toEqual([
      { kind: "message", role: "system", text: "be kind" },
      { kind: "note", text: "continues response resp_0" },
      { kind: "message", role: "user", text: "see" },
      { kind: "note", text: "image 6 bytes" },
      { kind: "note", text: "image https://example.com/a.png" },
      { kind: "note", text: "file a.pdf 3 bytes" },
      { kind: "tool-call", id: "c1", name: "f", text: "{}" },
      { kind: "tool-result", id: "c1", text: "42" },
      { kind: "tool-call", id: "c2", name: "local_shell", text: '{"command":["ls"]}' },
      { kind: "tool-result", id: "c2", text: "a" },
      { kind: "note", text: "web search: hoopx" },
      { kind: "tool-call", id: "m1", name: "wiki.find", text: "{}" },
      { kind: "tool-result", id: "m1", text: "ok" },
      { kind: "note", text: "item reference: msg_1" },
      { kind: "note", text: "compaction" },
    ]);
  });

  test("of chat completions", () => {
    const call = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } };
    expect(
      promptOf("chat.completions.create", {
        messages: [
          { role: "developer", content: "be kind" },
          { role: "user", content: [{ type: "image_url", image_url: { url: "https://x/y" } }] },
          { role: "assistant", content: null, tool_calls: [call] },
          { role: "tool", tool_call_id: "c1", content: [{ type: "text", text: "42" }] },
        ],
      }),
    ).toEqual([
      { kind: "message", role: "developer", text: "be kind" },
      { kind: "note", text: "image https://x/y" },
      { kind: "tool-call", id: "c1", name: "f", text: "{}" },
      { kind: "tool-result", id: "c1", text: "42" },
    ]);
  });

  test("of the rest, in a few words", () => {
    expect(promptOf("embeddings.create", { input: ["a", "b"] })).toEqual([
      { kind: "note", text: "2 texts to embed" },
    ]);
    expect(promptOf("images.generate", { prompt: "a cat" })).toEqual([
      { kind: "message", role: "user", text: "a cat" },
    ]);
    expect(promptOf("batches.create", { a: 1 })).toEqual([
      { kind: "note", text: "request body of 7 bytes" },
    ]);
  });

  test("of an upload", () => {
    const body = [
      '--B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nuser_data',
      `--B\r\nContent-Disposition: form-data; name="file"; filename="report.pdf"\r\n\r\n${"x".repeat(3201)}`,
      "--B--\r\n",
    ].join("\r\n");
    const { prompt } = read("files.create", {
      body,
      requestType: "multipart/form-data; boundary=B",
    });
    expect(prompt.map(({ text }) => text)).toEqual([
      "purpose: user_data",
      "file upload: report.pdf, 3,201 bytes",
    ]);
    const masked = read("files.create", {
      body: body.slice(4),
      requestType: "multipart/form-data; boundary=B",
    });
    expect(masked.prompt).toEqual([{ kind: "note", text: "request that cannot be read" }]);
  });
});

describe("replies", () => {
  const stream = "content-type: text/event-stream";

  test("a response as JSON says what its stream says", () => {
    const whole = read("responses.create", { reply: finishedResponse }).reply;
    const streamed = read("responses.create", { headers: stream, reply: responsesStream }).reply;
    const bare = ({ deltas: _, ...turn }: (typeof whole)[number]) => turn;
    expect(whole.map(bare)).toEqual(streamed.map(bare));
    expect(whole[1]).toMatchObject({ kind: "tool-call", id: "call_1", name: "get_weather" });
    expect(whole.every(({ deltas }) => deltas[0]?.at === 20)).toBe(true);
  });

  test("the next request's copy of a reply is known again", () => {
    const question = { role: "user", content: "weather?" };
    const result = { type: "function_call_output", call_id: "call_1", output: "sunny" };
    const earlier = read("responses.create", {
      body: { input: [question] },
      headers: stream,
      reply: responsesStream,
    });
    const next = read("responses.create", {
      body: { input: [question, ...finishedResponse.output, result] },
    });
    expect(turnsAddedSince([earlier], next)).toEqual([
      { kind: "tool-result", id: "call_1", text: "sunny" },
    ]);
  });

  test("chat choices stand side by side, calls with id and name", () => {
    const { reply } = read("chat.completions.create", { headers: stream, reply: chatStream });
    expect(reply.map(({ role, id, name }) => role ?? `${name} ${id}`)).toEqual([
      "assistant",
      "assistant (choice 2)",
      "f call_1",
      "g call_2",
    ]);
  });

  test("a chat completion as JSON", () => {
    const message = {
      role: "assistant",
      content: "hi",
      tool_calls: [{ id: "c", function: { name: "f", arguments: "{}" } }],
    };
    expect(
      replyOf("chat.completions.create", {
        reply: { choices: [{ index: 0, message, finish_reason: "length" }] },
      }),
    ).toEqual([
      ["message", "hi"],
      ["tool-call", "{}"],
      ["note", "incomplete: length"],
    ]);
  });

  test.each<[string, Sent, unknown]>([
    [
      "an error",
      { status: 429, reply: { error: { message: "slow down" } } },
      [["note", "error 429: slow down"]],
    ],
    [
      "an error in a stream",
      {
        headers: stream,
        reply:
          'data: {"error":{"message":"no"}}\n\nevent: error\ndata: {"type":"error","message":"nope"}\n\n',
      },
      [
        ["note", "error: no"],
        ["note", "error: nope"],
      ],
    ],
    [
      "a failed response",
      {
        reply: {
          ...finishedResponse,
          output: [],
          status: "failed",
          error: { code: "x", message: "broke" },
        },
      },
      [["note", "error: broke"]],
    ],
    [
      "a queued one",
      { reply: { id: "resp_9", status: "queued", output: [] } },
      [["note", "response resp_9 is queued"]],
    ],
    [
      "a list",
      { reply: { object: "list", data: [{ object: "model" }, { object: "model" }] } },
      [["note", "list of 2 models"]],
    ],
    ["an object", { reply: { object: "file", id: "f1" } }, [["note", "file f1, 27 bytes"]]],
    [
      "a deletion",
      { reply: { object: "file", id: "f1", deleted: true } },
      [["note", "file f1, deleted"]],
    ],
    [
      "bytes",
      { headers: "content-type: audio/mpeg", reply: Buffer.alloc(1234) },
      [["note", "audio/mpeg, 1,234 bytes"]],
    ],
    ["nothing", {}, []],
    [
      "half a JSON",
      { reply: '{"object":"li' },
      [["note", 'JSON that is cut short or damaged, 13 bytes: {"object":"li']],
    ],
    [
      "half an event",
      {
        headers: stream,
        reply: 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\ndata: {"cho',
      },
      [
        ["message", "a"],
        ["note", "the stream ends in the middle of an event"],
      ],
    ],
    [
      "a masked event",
      { headers: stream, reply: "data: {****\n\n" },
      [["note", "1 event that cannot be read"]],
    ],
  ])("%s", (_name, sent, expected) => {
    expect(replyOf("responses.create", sent)).toEqual(expected);
  });

  test("transcriptions, as JSON, text and stream", () => {
    expect(replyOf("audio.transcriptions.create", { reply: { text: "hi" } })).toEqual([
      ["message", "hi"],
    ]);
    expect(
      replyOf("audio.transcriptions.create", { headers: "content-type: text/plain", reply: "hi" }),
    ).toEqual([["message", "hi"]]);
    const events =
      'data: {"type":"transcript.text.delta","delta":"h"}\n\ndata: {"type":"transcript.text.done","text":"hi"}\n\n';
    expect(replyOf("audio.transcriptions.create", { headers: stream, reply: events })).toEqual([
      ["message", "h"],
    ]);
  });

  test("what a stream did not bring in pieces comes with its item", () => {
    const item = { type: "function_call", call_id: "c", name: "f", arguments: "{}" };
    const event = { type: "response.output_item.done", output_index: 0, item };
    const reply = `data: ${JSON.stringify(event)}\n\n`;
    expect(replyOf("responses.create", { headers: stream, reply })).toEqual([["tool-call", "{}"]]);
  });
});

describe("compressed replies", () => {
  const text = JSON.stringify(finishedResponse);
  test.each([
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["br", brotliCompressSync(text)],
  ])("%s is read", (encoding, reply) => {
    const headers = `content-type: application/json\r\ncontent-encoding: ${encoding}`;
    expect(replyOf("responses.create", { headers, reply })).toHaveLength(3);
  });

  test("cut short, as far as it goes", () => {
    const headers = "content-type: text/event-stream\r\ncontent-encoding: gzip";
    const whole = gzipSync(responsesStream);
    const turns = replyOf("responses.create", {
      headers,
      reply: whole.subarray(0, whole.length - 60),
    });
    expect(turns[0]).toEqual(["message", "Look it up — né 😀"]);
  });

  test("damaged, unknown or a bomb: a note", () => {
    const type = "content-type: application/json\r\ncontent-encoding:";
    const cases: readonly [string, Uint8Array][] = [
      ["gzip", Buffer.from("not gzip at all")],
      ["zstd", Buffer.from("x")],
      ["gzip", gzipSync(Buffer.alloc(80 * 1024 * 1024))],
    ];
    for (const [encoding, reply] of cases) {
      expect(replyOf("responses.create", { headers: `${type} ${encoding}`, reply })).toEqual([
        [
          "note",
          expect.stringMatching(new RegExp(`^reply in ${encoding} that cannot be decoded, `)),
        ],
      ]);
    }
  });
});
