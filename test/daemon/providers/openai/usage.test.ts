import { describe, expect, test } from "vitest";
import { openMeter } from "../../../../src/daemon/providers/openai/usage.js";

const works = { action: "responses.create", class: "inference" } as const;

const metered = (
  chunks: readonly Uint8Array[],
  contentType = "text/event-stream",
  operation: Parameters<typeof openMeter>[0] = works,
) => {
  const meter = openMeter(operation, contentType);
  for (const chunk of chunks) meter.push(chunk);
  return meter.usage();
};
const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;

const replies: readonly [string, string, { input: number; output: number } | null][] = [
  [
    "a responses stream",
    event({ type: "response.created", response: { usage: null } }) +
      event({ type: "response.output_text.delta", delta: 'say "usage": {"input_tokens":9}' }) +
      event({
        type: "response.completed",
        response: {
          tools: [{ name: "usage", parameters: { properties: { usage: { type: "object" } } } }],
          usage: {
            input_tokens: 36,
            input_tokens_details: { cached_tokens: 2 },
            output_tokens: 87,
            total_tokens: 123,
          },
        },
      }),
    { input: 36, output: 87 },
  ],
  [
    "a chat stream, stated twice",
    event({ usage: { prompt_tokens: 1, completion_tokens: 1 } }) +
      event({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 } }) +
      event({ usage: null }) +
      "data: [DONE]\n\n",
    { input: 12, output: 5 },
  ],
  [
    "embeddings, laid out",
    '{\n  "usage" : \n\t{ "prompt_tokens" : 8,\n "total_tokens": 8 }\n}',
    { input: 8, output: 0 },
  ],
  [
    "braces in strings",
    '{"usage":{"note":"}\\"}","input_tokens":1,"output_tokens":2}}',
    { input: 1, output: 2 },
  ],
  [
    "an event on several lines, in CRLF",
    'event: x\r\ndata: {"response":\r\ndata: {"usage":{"input_tokens":1,\r\ndata:"output_tokens":2}}}\r\n\r\n',
    { input: 1, output: 2 },
  ],
  [
    "a body where a stream was asked for, and lines of JSON",
    ' {"choices":[]}\n{"usage":{"prompt_tokens":5,"completion_tokens":6}}\n',
    { input: 5, output: 6 },
  ],
  [
    "the last line of an event that broke off, and another event",
    `data: {"response":{"text":"cut\n\n${event({ usage: { input_tokens: 3, output_tokens: 4 } })}`,
    { input: 3, output: 4 },
  ],
  ["a value named usage", '{"object":"usage","n":{"input_tokens":1,"output_tokens":2}}', null],
  ["seconds, not tokens", '{"usage":{"type":"duration","seconds":3}}', null],
  ["counts that are none", '{"usage":{"input_tokens":-1,"output_tokens":"2"}}', null],
  ["cut short", '{"usage":{"input_tokens":1,"output_tokens":2', null],
];

describe.each(replies)("%s", (_name, text, usage) => {
  const bytes = Buffer.from(text);
  test("whole", () => expect(metered([bytes])).toEqual(usage));
  test("cut in two at every offset", () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(metered([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(usage);
    }
  });
  test("byte by byte", () => {
    expect(metered([...bytes].map((byte) => Buffer.from([byte])))).toEqual(usage);
  });
});

test("what never ends is let go, and what follows is found", () => {
  const chunks = [
    '{"usage":{"a":"',
    ..."x"
      .repeat(40)
      .split("")
      .map(() => "y".repeat(500)),
    '"}}\n',
  ];
  chunks.push('{"usage":{"input_tokens":3,"output_tokens":4}}');
  expect(metered(chunks.map((chunk) => Buffer.from(chunk)))).toEqual({ input: 3, output: 4 });
});

test("only text is looked at", () => {
  const bytes = Buffer.from('{"usage":{"input_tokens":3,"output_tokens":4}}');
  expect(metered([bytes], "audio/mpeg")).toBeNull();
  expect(metered([bytes], "Application/JSON; charset=utf-8")).toEqual({ input: 3, output: 4 });
});

/** An object such as an agent would like to be taken for a statement. */
const made = { usage: { input_tokens: 0, output_tokens: 7 } };
/** Where a reply repeats what its request said, or what its model was told to say. */
const repeated: Readonly<Record<string, object>> = {
  "a tool": { tools: [{ type: "function", name: "f", parameters: made }] },
  "a tool of its own": { tools: [{ function: { parameters: { properties: made } } }] },
  metadata: { metadata: made },
  "a format": { text: { format: { schema: made } } },
  "an argument that is no text": { output: [{ type: "mcp_call", arguments: made }] },
  "a message": { choices: [{ message: made, delta: made }] },
  "a list": { data: [made], usage: [made.usage] },
  "a response in a response": { response: { response: made } },
  "a name with an escape": { "us\\u0061ge": made.usage },
  "longer names": { "usage ": made.usage, responses: made, my_usage: made.usage },
};

describe.each(Object.entries(repeated))("usage in %s states nothing", (_name, reply) => {
  // What JSON.stringify escapes once more is an escape in a name.
  const text = JSON.stringify(reply).replaceAll("\\\\", "\\");
  const completed = `data: {"type":"response.completed","response":${text}}\n\n`;
  test.each([
    ["a body", text, "application/json"],
    ["a body in a response", `{"response":${JSON.stringify(made)}}`, "application/json"],
    ["an event", `data: ${text}\n\n`, "text/event-stream"],
    ["a response in an event", completed, "text/event-stream"],
  ])("%s", (_form, said, type) => {
    const bytes = Buffer.from(said);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(metered([bytes.subarray(0, at), bytes.subarray(at)], type)).toBeNull();
    }
  });

  test("and leaves alone what stands beside it", () => {
    const stated = '"usage":{"input_tokens":20,"output_tokens":30}';
    const tokens = { input: 20, output: 30 };
    const before = `{"response":{${stated},${text.slice(1, -1)}}}`;
    const behind = `{"response":{${text.slice(1, -1)},${stated}}}`;
    expect(metered([Buffer.from(`data: ${before}\n\n`)])).toEqual(tokens);
    expect(metered([Buffer.from(`data: ${behind}\n\n`)])).toEqual(tokens);
  });
});

test.each([
  ["files.content", "read", false],
  ["vector_stores.files.content", "read", false],
  ["conversations.items.retrieve", "read", false],
  ["files.create", "write", false],
  ["organization.usage.completions", "admin", false],
  ["responses.retrieve", "read", true],
  ["chat.completions.create", "inference", true],
  ["POST /rerank", "unknown", true],
] as const)("%s: what its reply states counts only where a model works", (action, kind, counts) => {
  const bytes = Buffer.from('{"usage":{"input_tokens":3,"output_tokens":4}}');
  const operation = { action, class: kind };
  const usage = metered([bytes], "application/json", operation);
  expect(usage).toEqual(counts ? { input: 3, output: 4 } : null);
});
