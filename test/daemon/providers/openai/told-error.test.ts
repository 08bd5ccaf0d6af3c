/** Errors that are told inside a reply of a good status, and replies that only speak of errors. */
import { expect, test } from "vitest";
import { openReplyLines } from "../../../../src/daemon/providers/openai/reply-lines.js";
import { tellsError } from "../../../../src/daemon/providers/openai/told-error.js";

function openToldError(streamed: boolean) {
  let told = false;
  const lines = openReplyLines(streamed, (line) => {
    told ||= tellsError(line);
  });
  return { push: lines.push, told: () => told || tellsError(lines.rest()) };
}

const overloaded = { error: { message: "overloaded", code: "overloaded_error" } };
const chunk = { object: "chat.completion.chunk", choices: [{ delta: { content: "half" } }] };
const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const failed = { object: "response", status: "failed", error: { code: "rate_limit_exceeded" } };
const speaking = { ...chunk, choices: [{ delta: { content: 'data: {"error":{"code":1}}' } }] };

test.each([
  ["an error in the middle", event(chunk) + event(overloaded), true, true],
  ["an error, then the end", `${event(overloaded)}data: [DONE]\n\n`, true, true],
  ["an error without a line end", event(chunk) + event(overloaded).trimEnd(), true, true],
  ["a named error", `event: error\n${event({ type: "error", message: "stopped" })}`, true, true],
  ["response.failed", event({ type: "response.failed", response: failed }), true, true],
  ["CRLF", event(overloaded).replaceAll("\n", "\r\n"), true, true],
  ["nothing but an error", JSON.stringify(overloaded), false, true],
  ["a failed response", JSON.stringify(failed), false, true],
  ["pretty", JSON.stringify(overloaded, null, 2), false, true],
  ["a stream that is fine", `${event(chunk)}data: [DONE]\n\n`, true, false],
  ["a stream that speaks of errors", event(speaking), true, false],
  ["an error that is null", event({ ...chunk, error: null }), true, false],
  [
    "a response that is fine",
    JSON.stringify({ ...failed, status: "completed", error: null }),
    false,
    false,
  ],
  [
    "a delta that says it",
    event({ type: "response.output_text.delta", delta: "response.failed" }),
    true,
    false,
  ],
] as const)("%s", (_, text, streamed, told) => {
  const bytes = Buffer.from(text);
  for (const size of [1, 7, bytes.length]) {
    const reader = openToldError(streamed);
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    expect(reader.told(), `pieces of ${size}`).toBe(told);
  }
});

test("a line that is too long is passed over, and the next one is read", () => {
  const reader = openToldError(true);
  reader.push(Buffer.from(`data: "${"x".repeat(70_000)}`));
  reader.push(Buffer.from('"error"\n'));
  expect(reader.told()).toBe(false);
  reader.push(Buffer.from(event(overloaded)));
  expect(reader.told()).toBe(true);
});
