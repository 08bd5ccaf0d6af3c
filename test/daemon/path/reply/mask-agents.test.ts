/**
 * Masked replies under real SDKs (openai 6.49, @openai/agents 0.20): a tool
 * gets arguments that are JSON still, and an agent's answer has marks in it,
 * in streams and without.
 */
import type { RequestListener } from "node:http";
import { Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, run, tool } from "@openai/agents";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { startDataPath, token } from "../../../support/data-path.js";
import { fakeSecret, openFakeMasking } from "../../../support/fake-masking.js";
import { thinkOfChat, thinkOfResponse } from "../../../support/model-mind.js";
import {
  chatEvents,
  responseEvents,
  wholeChat,
  wholeResponse,
} from "../../../support/model-replies.js";

process.env.OPENAI_AGENTS_DISABLE_TRACING = "1";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** The mock model, which calls the tool with a secret, and repeats what that says. */
const model: RequestListener = async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  const asked = JSON.parse(text);
  const chat = request.url?.includes("chat") === true;
  const { text: says, call } = chat ? thinkOfChat(asked) : thinkOfResponse(asked);
  const secretive = call && { ...call, arguments: JSON.stringify({ word: fakeSecret(1) }) };
  const thought = { text: says, call: secretive };
  if (asked.stream === true) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of (chat ? chatEvents : responseEvents)(asked, thought)) response.write(event);
    response.end();
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify((chat ? wholeChat : wholeResponse)(asked, thought)));
};

test.each([
  { api: "responses", stream: false },
  { api: "responses", stream: true },
  { api: "chat", stream: false },
  { api: "chat", stream: true },
])("$api, stream $stream: tool and answer get marks", async ({ api, stream }) => {
  const marks = openFakeMasking();
  const path = await startDataPath({
    upstream: model,
    masking: { open: () => marks, forget() {} },
  });
  open.push(path);
  const client = new OpenAI({ apiKey: token, baseURL: `${path.base}/v1` });
  const given: string[] = [];
  const lookUp = tool({
    name: "look_up",
    description: "Looks a word up.",
    parameters: z.object({ word: z.string() }),
    execute: ({ word }) => {
      given.push(word);
      return `it stands for ${fakeSecret(2)}, and more`;
    },
  });
  const Model = api === "chat" ? OpenAIChatCompletionsModel : OpenAIResponsesModel;
  // The SDK brings its own copy of the client's types.
  const of = new Model(client as never, "gpt-mock");
  const agent = new Agent({ name: "reader", model: of, tools: [lookUp] });
  const question = "Look it up";
  const result = stream ? await run(agent, question, { stream: true }) : await run(agent, question);
  if ("completed" in result) {
    for await (const _event of result);
    await result.completed;
  }
  expect(given.join()).toMatch(/\[masked:fake\]#1/);
  expect(given.join()).not.toMatch(/SECRET\d/);
  expect(result.finalOutput).toMatch(/it stands for (?:SE?)?\[masked:fake\]#2, and more/);
  for (const exchange of path.transcripts.exchanges) {
    expect(path.transcripts.text(exchange, "reply-body")).not.toMatch(/SECRET\d/);
  }
});
