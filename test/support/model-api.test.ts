/** The mock is held to the real SDK: what the SDK cannot read is no mock of the model API. */
import { createHash } from "node:crypto";
import OpenAI, { toFile } from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ModelApi, startModelApi } from "./model-api.js";

let api: ModelApi;
let client: OpenAI;

beforeEach(async () => {
  api = await startModelApi({ key: "sk-right" });
  client = new OpenAI({ apiKey: "sk-right", baseURL: api.baseUrl, maxRetries: 0 });
});
afterEach(() => api.close());

const tool = {
  type: "function" as const,
  name: "weather",
  parameters: { type: "object", properties: { city: { type: "string" } } },
  strict: false,
};

test("responses: a tool is called first, then the answer uses its result", async () => {
  const input = "How is the weather in Lisbon?";
  const first = await client.responses.create({ model: "gpt-mock", input, tools: [tool] });
  expect(first.output[0]).toMatchObject({ name: "weather", arguments: '{"city":"Lisbon"}' });

  const second = await client.responses.create({
    model: "gpt-mock",
    tools: [tool],
    input: [
      { role: "user", content: input },
      { type: "function_call_output", call_id: "call_mock", output: "sunny" },
    ],
  });
  expect(second.output_text).toContain("sunny");
  expect(second.usage?.input_tokens).toBeGreaterThan(0);
});

test("responses: the stream adds up to the whole reply", async () => {
  const stream = client.responses.stream({ model: "gpt-mock", input: "count to 5" });
  let text = "";
  stream.on("response.output_text.delta", (event) => {
    text += event.delta;
  });
  const final = await stream.finalResponse();
  expect(text).toBe("1 2 3 4 5");
  expect(final.output_text).toBe(text);
});

test("chat completions: whole, and streamed tool calls", async () => {
  const messages = [{ role: "user" as const, content: "hello" }];
  const whole = await client.chat.completions.create({ model: "gpt-mock", messages });
  expect(whole.choices[0]?.message.content).toBe("You said: hello");

  const stream = client.chat.completions.stream({
    model: "gpt-mock",
    messages: [{ role: "user", content: "weather in Porto" }],
    tools: [{ type: "function", function: { name: "weather", parameters: tool.parameters } }],
    stream_options: { include_usage: true },
  });
  const final = await stream.finalChatCompletion();
  expect(final.choices[0]?.message.tool_calls?.[0]).toMatchObject({
    function: { name: "weather", arguments: '{"city":"Porto"}' },
  });
  expect(final.usage?.total_tokens).toBeGreaterThan(0);
});

test("models, embeddings, files and audio", async () => {
  expect((await client.models.list()).data.map((model) => model.id)).toContain("gpt-mock");

  const [float, packed] = await Promise.all(
    (["float", undefined] as const).map((format) =>
      client.embeddings.create({
        model: "mock-embedding",
        input: "four",
        ...(format ? { encoding_format: format } : {}),
      }),
    ),
  );
  expect(packed?.data[0]?.embedding).toEqual(float?.data[0]?.embedding);

  const content = Buffer.from([0, 13, 10, 255, 45, 45]);
  const file = await client.files.create({
    file: await toFile(content, "a.bin"),
    purpose: "user_data",
  });
  expect(file).toMatchObject({ filename: "a.bin", bytes: content.length, purpose: "user_data" });
  const back = await client.files.content(file.id);
  expect(Buffer.from(await back.arrayBuffer())).toEqual(content);
  expect((await client.files.delete(file.id)).deleted).toBe(true);
  await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });

  const spoken = await client.audio.speech.create({ model: "tts", voice: "alloy", input: "hi" });
  expect((await spoken.arrayBuffer()).byteLength).toBe(4096);
  const heard = await client.audio.transcriptions.create({
    model: "stt",
    file: await toFile(Buffer.alloc(77), "a.wav"),
  });
  expect(heard.text).toBe("heard 77 bytes");
});

test("the key is checked, and all that came is remembered", async () => {
  const wrong = new OpenAI({ apiKey: "sk-wrong", baseURL: api.baseUrl, maxRetries: 0 });
  await expect(wrong.models.list()).rejects.toMatchObject({ status: 401 });

  const body = JSON.stringify({ model: "gpt-mock", input: "x" });
  await fetch(`${api.baseUrl}/responses?a=%20b`, {
    method: "POST",
    body,
    headers: { authorization: "Bearer sk-right", "X-Odd-Case": "1" },
  });
  const call = api.calls[1];
  expect(call?.url).toBe("/v1/responses?a=%20b");
  expect(call?.rawHeaders).toContain("X-Odd-Case");
  expect(call?.bodySha256).toBe(createHash("sha256").update(body).digest("hex"));
});

test.each(["gzip", "br"] as const)("replies compressed with %s", async (encoding) => {
  api.set({ encoding });
  const reply = await client.responses.create({ model: "gpt-mock", input: "hello" });
  expect(reply.output_text).toBe("You said: hello");
});

test("errors are scripted: a status, a reset, half a reply, then it works again", async () => {
  api.script({ act: { kind: "reply", status: 429, headers: { "retry-after": "0" } } });
  await expect(client.models.list()).rejects.toMatchObject({ status: 429 });
  api.script({ act: { kind: "reset" } });
  await expect(client.models.list()).rejects.toThrow("Connection error");
  api.script({ act: { kind: "half", bytes: 20 } });
  const half = await fetch(`${api.baseUrl}/models`, {
    headers: { authorization: "Bearer sk-right" },
  });
  await expect(half.text()).rejects.toThrow("terminated");
  expect(api.calls.at(-1)?.sent.length).toBe(20);
  expect((await client.models.list()).data.length).toBe(3);
});

test("a client that leaves is seen", async () => {
  api.script({ act: { kind: "hang" } });
  const controller = new AbortController();
  const pending = client.models.list({ signal: controller.signal });
  const call = await api.call(0);
  controller.abort();
  await expect(pending).rejects.toThrow("aborted");
  expect(await call.over).toBe("aborted");
});

test("events come at the pace asked for", async () => {
  api.set({ paceMs: 20 });
  const stream = await client.responses.create({ model: "m", input: "count to 5", stream: true });
  const before = performance.now();
  for await (const _ of stream);
  // 13 events; only too fast can be wrong here, and a busy machine is never that.
  expect(performance.now() - before).toBeGreaterThan(150);
});
