import { expect, test } from "vitest";
import { expectedTokens } from "../../../../src/daemon/path/request/expected-tokens.js";
import { describe } from "../../../../src/daemon/providers/openai/describe.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";

function expected(path: string, body: object) {
  const head = {
    method: "POST",
    path,
    fullPath: `/v1${path}`,
    query: "",
    contentType: "application/json",
  };
  const readable = Buffer.from(JSON.stringify({ model: "m", ...body }));
  const action = openai.recognise(head);
  if (action === undefined) throw new Error(`no action at ${path}`);
  return expectedTokens({ head, readable, ...describe(action, head, readable) })();
}

const chat = "/chat/completions";
const messages = [{ role: "user", content: "x".repeat(395) }];

test.each([
  [chat, { messages }, 1_024],
  [chat, { messages, max_tokens: 7 }, 7],
  [chat, { messages, max_tokens: 7, max_completion_tokens: 90, n: 3 }, 270],
  [chat, { messages, max_tokens: 0 }, 1_024],
  [chat, { messages, max_tokens: "7" }, 1_024],
  [chat, { messages, max_output_tokens: 7 }, 1_024],
  [chat, { messages, max_tokens: Number.MAX_SAFE_INTEGER }, 1_000_000],
  ["/responses", { input: messages, max_output_tokens: 50 }, 50],
  ["/embeddings", { input: "x".repeat(400) }, 0],
])("%s %j", (path, body, output) => {
  expect(expected(path, body)).toEqual({ input: 100, output });
});

test("a long prompt counts by its bytes, media in it not, and text that only looks like it does", () => {
  const text = "word ".repeat(20_000);
  const input = (content: unknown) =>
    expected(chat, { messages: [{ role: "user", content }] }).input;
  expect(input(text)).toBeCloseTo(25_000, -3);
  expect(input(`;base64,${text}`)).toBeCloseTo(25_000, -3);
  const url = `data:image/png;base64,${"A".repeat(400_000)}`;
  const image = { type: "image_url", image_url: { url } };
  expect(input([{ type: "text", text }, image])).toBeCloseTo(25_000, -3);
});

test("what is no inference reserves no tokens", () => {
  expect(expected("/conversations", { items: messages })).toEqual({ input: 0, output: 0 });
});

test("the prompt is walked when the count is first asked for, and once", () => {
  let walks = 0;
  const prompt = () => {
    walks += 1;
    return ["x".repeat(40)];
  };
  const head = { contentType: "application/json" };
  const operation = { class: "inference" };
  const exchange = { head, readable: Buffer.from("{}"), operation, prompt, mostOutput: 5 };
  const count = expectedTokens(exchange as unknown as Parameters<typeof expectedTokens>[0]);
  expect(walks).toBe(0);
  expect([count(), count()]).toEqual([
    { input: 10, output: 5 },
    { input: 10, output: 5 },
  ]);
  expect(walks).toBe(1);
});
