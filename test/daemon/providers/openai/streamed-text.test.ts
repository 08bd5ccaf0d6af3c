/** Tokens of streams that state none, estimated from their events. */
import { expect, test } from "vitest";
import { openMeter } from "../../../../src/daemon/providers/openai/usage.js";

const works = { action: "responses.create", class: "inference" } as const;
const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
const chat = (delta: object) =>
  event({ id: "chatcmpl-1", object: "chat.completion.chunk", choices: [{ index: 0, delta }] });
const call = (part: string) => chat({ tool_calls: [{ index: 0, function: { arguments: part } }] });
const responses = (delta: string) =>
  event({
    type: "response.output_text.delta",
    item_id: "msg_1",
    delta,
    obfuscation: "x".repeat(60),
  });
const legacy = (text: string) =>
  event({ object: "text_completion", choices: [{ text, index: 0 }] });

function estimate(text: string, size = 50): number {
  const meter = openMeter(works, "text/event-stream");
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) meter.push(bytes.subarray(at, at + size));
  expect(meter.usage()).toBeNull();
  return meter.estimate();
}

test.each([
  [
    "a token an event",
    chat({ role: "assistant", content: "" }) + chat({ content: "Hi" }).repeat(9),
    10,
  ],
  ["many tokens an event", chat({ content: "four" }) + chat({ content: "word".repeat(100) }), 101],
  ["a long delta", chat({ content: "word".repeat(5_000) }), 5_000],
  ["the arguments of a call", call('{\\"a').repeat(8), 8],
  ["a response, without its padding", responses("word").repeat(20), 20],
  ["a legacy completion", legacy("word").repeat(7), 7],
  ["CRLF", chat({ content: "Hi" }).repeat(5).replaceAll("\n", "\r\n"), 5],
  [
    "nothing said yet",
    event({ type: "response.created", response: { instructions: "x".repeat(9_000) } }),
    0,
  ],
  ["no stream at all", "x".repeat(400), 100],
])("%s", (_name, text, tokens) => {
  for (const size of [1, 50, text.length]) {
    const found = estimate(text, size);
    expect(found).toBeGreaterThanOrEqual(tokens);
    expect(found).toBeLessThanOrEqual(Math.ceil(tokens * 1.1) + 3);
  }
});

test("a body that is media is not counted by its bytes", () => {
  const meter = openMeter(works, "audio/mpeg");
  meter.push(Buffer.alloc(100_000));
  expect(meter.estimate()).toBe(0);
});
