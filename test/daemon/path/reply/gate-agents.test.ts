/**
 * The gate under real SDKs (openai 6.49, @openai/agents 0.20): an agent whose
 * delete_file call waits, runs once approved, ends with our message where it
 * is denied, and reads the refusal where the rule has the model told.
 */
import type { RequestListener } from "node:http";
import { Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, run, tool } from "@openai/agents";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import type { Verdict } from "../../../../src/daemon/model/decision.js";
import { startDataPath, token } from "../../../support/data-path.js";
import { createFakeDesk } from "../../../support/fake-desk.js";
import { thinkOfChat, thinkOfResponse } from "../../../support/model-mind.js";
import {
  chatEvents,
  responseEvents,
  wholeChat,
  wholeResponse,
} from "../../../support/model-replies.js";
import { chatStream, responseStream } from "../../../support/tool-call-replies.js";

process.env.OPENAI_AGENTS_DISABLE_TRACING = "1";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** The mock model, which always calls the first tool it is given. */
const model: RequestListener = async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  const asked = JSON.parse(text);
  const chat = request.url?.includes("chat") === true;
  const thought = chat ? thinkOfChat(asked) : thinkOfResponse(asked);
  if (asked.stream === true) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of (chat ? chatEvents : responseEvents)(asked, thought)) response.write(event);
    response.end();
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify((chat ? wholeChat : wholeResponse)(asked, thought)));
};

async function start(verdict: Verdict, upstream = model) {
  const { desk, ask } = createFakeDesk();
  const path = await startDataPath({
    upstream,
    desk,
    policy: { watchesToolCalls: () => true, evaluateToolCall: () => verdict },
    gatePace: { keepAliveMs: 20, processingMs: 20 },
  });
  open.push(path);
  const client = new OpenAI({ apiKey: token, baseURL: `${path.base}/v1` });
  return { path, ask, client };
}

interface Way {
  readonly api: "responses" | "chat";
  readonly stream: boolean;
}
const ways: readonly Way[] = [
  { api: "responses", stream: false },
  { api: "responses", stream: true },
  { api: "chat", stream: false },
  { api: "chat", stream: true },
];

/** Runs an agent with one tool, and tells what the tool was given. */
function runAgent(client: OpenAI, { api, stream }: Way) {
  const deleted: string[] = [];
  const deleteFile = tool({
    name: "delete_file",
    description: "Deletes a file.",
    parameters: z.object({ path: z.string() }),
    execute: ({ path }) => {
      deleted.push(path);
      return "gone";
    },
  });
  const Model = api === "chat" ? OpenAIChatCompletionsModel : OpenAIResponsesModel;
  const agent = new Agent({
    name: "cleaner",
    // The SDK brings its own copy of the client's types.
    model: new Model(client as never, "gpt-mock"),
    tools: [deleteFile],
  });
  const answer = async () => {
    if (!stream) return (await run(agent, "Delete the file Secrets")).finalOutput;
    const result = await run(agent, "Delete the file Secrets", { stream: true });
    for await (const _event of result);
    await result.completed;
    return result.finalOutput;
  };
  return { deleted, answer: answer() };
}

const review: Verdict = {
  effect: "review",
  rule: "ask-first",
  origin: { layer: "user", file: "/policy.yaml", hash: "d3" },
  reason: "a person decides",
};
const deny: Verdict = { effect: "deny", rule: "no-deletes", reason: "files stay" };

test.each(ways)("$api, stream $stream: waits, is approved, runs", async (way) => {
  const { path, ask, client } = await start(review);
  const { deleted, answer } = runAgent(client, way);
  const held = await ask(0);
  expect(held.request.toolCall).toEqual({
    name: "delete_file",
    arguments: '{"path":"Secrets"}',
    kind: "function",
  });
  if (way.stream) {
    // A few keep-alives go by; the SDK must not mind them.
    const [exchange] = path.transcripts.exchanges;
    const sent = () => (exchange ? path.transcripts.text(exchange, "reply-body") : "");
    await expect.poll(sent).toContain(": held\n: held\n");
  }
  expect(deleted).toEqual([]);
  held.settle("approved");
  expect(await answer).toBe("I asked the tool, and it says: gone");
  expect(deleted).toEqual(["Secrets"]);
  expect(path.received()).toBe(2);
});

test.each(ways)("$api, stream $stream: denied, the agent ends with our message", async (way) => {
  const { path, client } = await start(deny);
  const { deleted, answer } = runAgent(client, way);
  await expect(answer).rejects.toThrow(
    /hoopx: tool call delete_file denied by rule no-deletes: files stay/,
  );
  expect(deleted).toEqual([]);
  expect(path.received()).toBe(1);
});

test.each(ways)("$api, stream $stream: told to the model, the tool never runs", async (way) => {
  const { client } = await start({ ...deny, onDeny: "tell-model" });
  const { deleted, answer } = runAgent(client, way);
  expect(await answer).toBe("hoopx: tool call delete_file denied by rule no-deletes: files stay");
  expect(deleted).toEqual([]);
});

const streaming =
  (text: string): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" }).end(text);
  };
const asked = { model: "gpt-mock", stream: true } as const;

test("the plain SDK raises our error from streams, and from its stream helpers", async () => {
  const message = /hoopx: tool call/;
  const responses = await start(deny, streaming(responseStream));
  await expect(
    (async () => {
      for await (const _event of await responses.client.responses.create({ ...asked, input: "x" }));
    })(),
  ).rejects.toThrow(message);
  await expect(
    responses.client.responses.stream({ model: "gpt-mock", input: "x" }).finalResponse(),
  ).rejects.toThrow(message);

  const chat = await start(deny, streaming(chatStream));
  const messages = [{ role: "user", content: "x" }] as const;
  await expect(
    (async () => {
      const stream = await chat.client.chat.completions.create({
        ...asked,
        messages: [...messages],
      });
      for await (const _chunk of stream);
    })(),
  ).rejects.toThrow(message);
  await expect(
    chat.client.chat.completions.stream({ model: "gpt-mock", messages: [...messages] }).done(),
  ).rejects.toThrow(message);
});

test("the stream helpers put together what a rule has the model told", async () => {
  const { client } = await start({ ...deny, onDeny: "tell-model" }, streaming(responseStream));
  const response = await client.responses.stream({ model: "gpt-mock", input: "x" }).finalResponse();
  expect(response.output.map(({ type }) => type)).toEqual(Array(4).fill("message"));
  expect(response.output_text).toContain("One moment.hoopx: tool call delete_file denied");

  const chat = await start({ ...deny, onDeny: "tell-model" }, streaming(chatStream));
  const completion = await chat.client.chat.completions
    .stream({ model: "gpt-mock", messages: [] })
    .finalChatCompletion();
  expect(completion.choices[0]?.message.tool_calls).toBeUndefined();
  expect(completion.choices[0]?.message.content).toContain("tool call weather denied");
  expect(completion.choices[0]?.finish_reason).toBe("stop");
});
