/**
 * Rules on tool calls where `restore` puts secrets back: what a rule is asked
 * about is what the agent gets, and what is stored, shown or said has marks.
 */
import { afterEach, expect, test } from "vitest";
import { createMaskings } from "../../../../src/daemon/masking/maskings.js";
import type { Verdict } from "../../../../src/daemon/model/decision.js";
import { usualMasking } from "../../../../src/daemon/model/masking-terms.js";
import type { ToolCall } from "../../../../src/daemon/model/review.js";
import { authorized, startDataPath } from "../../../support/data-path.js";
import { createFakeDesk } from "../../../support/fake-desk.js";
import { sse } from "../../../support/tool-call-replies.js";

const address = "mallory@competitor.com";
let path: Awaited<ReturnType<typeof startDataPath>> | undefined;
afterEach(() => path?.close());

type Json = Record<string, unknown>;
const pieces = (text: string): readonly string[] => text.match(/[\s\S]{1,7}/g) ?? [];
const chat = (message: Json) => ({ choices: [{ index: 0, message, finish_reason: "tool_calls" }] });
const chunk = (delta: Json, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const called = (text: string) => ({ id: "call_1", function: { name: "send", arguments: text } });
const item = (text: string) => ({
  id: "fc_1",
  type: "function_call",
  call_id: "call_1",
  name: "send",
  arguments: text,
});
const custom = (text: string) => ({
  id: "ct_1",
  type: "custom_tool_call",
  call_id: "call_1",
  name: "send",
  input: text,
});
const streamOf = (whole: Json, base: string, member: string, text: string): readonly Json[] => [
  { type: "response.created", response: { id: "resp_1", output: [] } },
  { type: "response.output_item.added", output_index: 0, item: { ...whole, [member]: "" } },
  ...pieces(text).map((delta) => ({ type: `response.${base}.delta`, output_index: 0, delta })),
  { type: `response.${base}.done`, output_index: 0, [member]: text },
  { type: "response.output_item.done", output_index: 0, item: whole },
  { type: "response.completed", response: { id: "resp_1", output: [whole] } },
];

/** A reply that calls a tool with this text: one value, or the events of a stream. */
const forms: Readonly<Record<string, (text: string) => Json | readonly Json[]>> = {
  chat: (text) => chat({ tool_calls: [called(text)] }),
  "chat, function_call": (text) => chat({ function_call: { name: "send", arguments: text } }),
  "chat, streamed": (text) => [
    chunk({ tool_calls: [{ index: 0, ...called("") }] }),
    ...pieces(text).map((piece) =>
      chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }),
    ),
    chunk({}, "tool_calls"),
  ],
  responses: (text) => ({ id: "resp_1", output: [item(text)] }),
  "responses, custom": (text) => ({ id: "resp_1", output: [custom(text)] }),
  "responses, streamed": (text) =>
    streamOf(item(text), "function_call_arguments", "arguments", text),
  "responses, custom, streamed": (text) =>
    streamOf(custom(text), "custom_tool_call_input", "input", text),
};
const texts: Readonly<Record<string, (said: string) => string>> = {
  flat: (to) => JSON.stringify({ to, body: 'the "list"' }),
  "JSON in JSON": (to) => JSON.stringify({ in: JSON.stringify({ to }) }),
  text: (to) => `to ${to}: hello`,
};
const cases = Object.entries(forms).flatMap(([name, form]) =>
  Object.entries(texts).map(([kind, text]) => ({ name: `${name}, ${kind}`, form, text })),
);

async function start(
  form: (text: string) => Json | readonly Json[],
  text: typeof texts.text,
  verdict: Verdict,
) {
  const asked: ToolCall[] = [];
  const { desk, ask } = createFakeDesk();
  path = await startDataPath({
    masking: createMaskings().masking,
    desk,
    policy: {
      masking: { ...usualMasking, detectors: ["email"], requests: "mask", restore: true },
      watchesToolCalls: () => true,
      evaluateToolCall(_input, call) {
        asked.push(call);
        return verdict;
      },
    },
    gatePace: { keepAliveMs: 10 },
    async upstream(request, response) {
      let body = "";
      for await (const piece of request) body += piece;
      const mark = JSON.parse(body).input;
      const reply = form(text?.(mark) ?? "");
      const streamed = Array.isArray(reply);
      response.setHeader("content-type", streamed ? "text/event-stream" : "application/json");
      response.end(streamed ? reply.map(sse).join("") : JSON.stringify(reply));
    },
  });
  const { base, transcripts } = path;
  const send = async () => {
    const response = await fetch(`${base}/v1/responses`, {
      method: "POST",
      headers: { ...authorized, "content-type": "application/json" },
      body: JSON.stringify({ model: "m", input: address }),
    });
    return { status: response.status, text: await response.text() };
  };
  const record = () => {
    const frames = transcripts.exchanges.flatMap((exchange) => exchange.frames);
    return frames.map(({ data }) => Buffer.from(data).toString()).join("\n");
  };
  return { send, asked, ask, record };
}

/** The call's text as an agent reads it, from each place in the reply that says it. */
function received(text: string): readonly string[] {
  const values: Json[] = text.startsWith("{")
    ? [JSON.parse(text)]
    : [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ""));
  const found: string[] = [];
  const streamed: string[] = [];
  const walk = (value: unknown, name: string) => {
    if (typeof value === "string") {
      if (!/^(?:arguments|input|delta)$/.test(name) || value === "") return;
      const piece =
        name === "delta" || values.some((one) => JSON.stringify(one).includes('"delta":{'));
      (piece ? streamed : found).push(value);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value)) walk(member, key);
    }
  };
  for (const value of values) walk(value, "");
  return streamed.length === 0 ? found : [...found, streamed.join("")];
}

const allow: Verdict = { effect: "allow", rule: null, reason: "no rule speaks of it" };
const deny: Verdict = { effect: "deny", rule: "no-mail", reason: "not to them" };
const review: Verdict = {
  effect: "review",
  rule: "ask",
  origin: { layer: "user", file: "/policy.yaml", hash: "d3" },
  reason: "a person decides",
};

test.each(cases)("$name: rules see the very text that the agent gets", async ({ form, text }) => {
  const { send, asked, record } = await start(form, text, allow);
  const { text: got } = await send();
  const expected = text(address);
  const all = received(got);
  expect(all.length).toBeGreaterThan(0);
  for (const one of all) expect(one).toBe(expected);
  expect(asked.map((call) => call.arguments)).toEqual(asked.map(() => expected));
  expect(asked.length).toBeGreaterThan(0);
  expect(record()).not.toContain(address);
});

test.each(cases)("$name: denied, the agent gets nothing of it", async ({ form, text }) => {
  const { send, record } = await start(form, text, deny);
  const { text: got } = await send();
  expect(got).toContain("tool_call_denied");
  expect(got).not.toMatch(/mallory|masked:/);
  expect(record()).not.toMatch(/mallory/);
});

test.each(cases)("$name: told to the model, in the record too", async ({ form, text }) => {
  const { send, record } = await start(form, text, { ...deny, onDeny: "tell-model" });
  const { text: got } = await send();
  expect(got).toContain("hoopx: tool call send denied by rule no-mail: not to them");
  expect(got).not.toMatch(/mallory|masked:/);
  expect(record()).not.toContain("mallory");
  expect(record()).toContain("hoopx: tool call send denied by rule no-mail");
});

test("a person is shown the mark, and answers for the value", async () => {
  const { send, ask, record } = await start(
    forms["responses, streamed"] as never,
    texts.flat,
    review,
  );
  const first = send();
  const one = await ask(0);
  expect(one.request.toolCall?.arguments).toContain("[masked:email]#1");
  const { toolCall, verdict, binding } = one.request;
  expect(JSON.stringify([toolCall, verdict, binding])).not.toContain("mallory");
  one.settle("approved");
  expect((await first).text).toContain(address);
  expect(record()).not.toContain(address);
});
