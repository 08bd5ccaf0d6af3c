import { describe, expect, test } from "vitest";
import { openMeter } from "../../../../src/daemon/providers/openai/usage.js";

const metered = (chunks: readonly Uint8Array[], contentType = "text/event-stream") => {
  const meter = openMeter(contentType);
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
