import { describe, expect, test } from "vitest";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import { providerNamed, providerNames } from "../../../../src/daemon/providers/providers.js";
import { describeProviderContract } from "../../../contracts/provider.js";
import { chatStream, responsesStream } from "./samples.js";

describe("with responses", () => {
  describeProviderContract({
    provider: openai,
    inference: {
      method: "POST",
      path: "/responses",
      body: '{"model":"gpt-5.1","stream":true,"input":"weather?"}',
      stream: responsesStream,
    },
    reply: [
      { kind: "message", text: "Look it up — né 😀" },
      { kind: "tool-call", text: '{"city":"Zürich"}' },
      { kind: "message", text: "One moment, “please”." },
    ],
    usage: { input: 36, output: 87 },
    tokenVariable: "OPENAI_API_KEY",
  });
});

describe("with chat completions", () => {
  describeProviderContract({
    provider: openai,
    inference: {
      method: "POST",
      path: "/chat/completions",
      body: '{"model":"gpt-4.1","stream":true,"messages":[{"role":"user","content":"hi"}]}',
      stream: chatStream,
    },
    reply: [
      { kind: "message", text: "Hé 😀llo" },
      { kind: "message", text: "Other" },
      { kind: "tool-call", text: '{"a":1}' },
      { kind: "tool-call", text: "{}" },
    ],
    usage: { input: 9, output: 12 },
    tokenVariable: "OPENAI_API_KEY",
  });
});

test("the child's variables, all of them", () => {
  expect(openai.environment(new URL("http://127.0.0.1:4141/openai/v1"), "hxs_t")).toEqual({
    OPENAI_API_KEY: "hxs_t",
    OPENAI_BASE_URL: "http://127.0.0.1:4141/openai/v1",
    OPENAI_WEBSOCKET_BASE_URL: "ws://127.0.0.1:4141/openai/v1",
    COPILOT_PROVIDER_TYPE: "openai",
    COPILOT_PROVIDER_BASE_URL: "http://127.0.0.1:4141/openai/v1",
    COPILOT_PROVIDER_API_KEY: "hxs_t",
    OPENAI_AGENTS_DISABLE_TRACING: "1",
  });
  const atGateway = openai.environment(new URL("https://gate.example/openai/"), "hxs_t");
  expect(atGateway.OPENAI_WEBSOCKET_BASE_URL).toBe("wss://gate.example/openai");
});

test("providers are found by name", () => {
  expect(providerNames).toEqual(["openai"]);
  expect(providerNamed("openai")).toBe(openai);
  expect(providerNamed("constructor")).toBeUndefined();
});
