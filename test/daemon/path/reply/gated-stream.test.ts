/** The gate alone, without a network: streams cut at every offset, in both line ends, ruled on in any order. */
import { expect, test } from "vitest";
import type { Verdict } from "../../../../src/daemon/model/decision.js";
import type { BodyFlow, BodySink } from "../../../../src/daemon/model/reply.js";
import type { ToolCall } from "../../../../src/daemon/model/review.js";
import type { Masked } from "../../../../src/daemon/path/exchange.js";
import { createGate } from "../../../../src/daemon/path/reply/gate.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import { emptyDesk } from "../../../support/empty-desk.js";
import { chatStream, fileCall, responseStream, sse } from "../../../support/tool-call-replies.js";

const allow: Verdict = { effect: "allow", rule: null, reason: "no rule speaks of it" };

/** Sends these chunks through a gate; resolves with what left it. */
async function gated(chunks: readonly Buffer[], verdictOf: (call: ToolCall) => Verdict) {
  let source: BodySink | undefined;
  const flow: BodyFlow = {
    start(sink) {
      source = sink;
    },
    pause() {},
    resume() {},
    cancel() {},
  };
  const exchange = {
    id: "exc_1",
    key: 1n,
    watched: true,
    method: "POST",
    header: () => undefined,
    elapsed: () => 0,
    signal: new AbortController().signal,
    operation: { action: "responses.create" },
    provider: openai,
    replyHead: { status: 200, statusText: "OK", headers: ["Content-Type", "text/event-stream"] },
    flow,
    stopped: () => null,
    sensitive: [],
    masking: { mask: (text: string) => ({ text, findings: [] }), permit() {} },
    policy: { hash: "0", evaluateToolCall: (_: unknown, call: ToolCall) => verdictOf(call) },
  } as unknown as Masked;
  const gate = createGate({
    desk: emptyDesk,
    policies: { latest: async () => exchange.policy },
    now: () => new Date(0),
    ledger: {
      open: async () => {},
      append: (_key, _frame, durable) => durable(),
      close: (_key, _ending, durable) => durable(),
    },
    fault: (_id, error) => {
      throw error;
    },
    pace: { processingMs: 100_000 },
  });
  const { flow: out, stopped } = await gate(exchange);
  return new Promise<{ text: string; stopped: string | null }>((resolve, reject) => {
    const left: Buffer[] = [];
    out.start({
      data: (chunk) => void left.push(chunk),
      end: () => resolve({ text: Buffer.concat(left).toString(), stopped: stopped() }),
      fail: reject,
    });
    for (const chunk of chunks) source?.data(chunk);
    source?.end();
  });
}

const streams = [
  { name: "responses", text: responseStream },
  { name: "responses, CRLF", text: responseStream.replaceAll("\n", "\r\n") },
  { name: "chat", text: chatStream },
  { name: "chat, CRLF", text: chatStream.replaceAll("\n", "\r\n") },
];
/** Odd, so that both halves of a CRLF are met. */
const step = 31;

const eventsOf = (text: string) => text.replaceAll("\r", "").split("\n\n").sort().join("\n\n");

test.each(streams)(
  "$name: allowed, every event leaves as it came, cut anywhere",
  async ({ text }) => {
    const bytes = Buffer.from(text);
    const expected = eventsOf(text);
    for (let at = 1; at < bytes.length; at += step) {
      const left = await gated([bytes.subarray(0, at), bytes.subarray(at)], () => allow);
      expect(eventsOf(left.text)).toBe(expected);
      expect(left.text).toHaveLength(text.length);
    }
  },
);

test.each(streams)("$name: denied, nothing of the call leaves, cut anywhere", async ({ text }) => {
  const bytes = Buffer.from(text);
  for (const onDeny of ["error", "tell-model"] as const) {
    const rule = ({ name }: ToolCall): Verdict =>
      name === "delete_file" ? { effect: "deny", rule: "r", reason: "no", onDeny } : allow;
    for (let at = 1; at < bytes.length; at += step) {
      const left = await gated([bytes.subarray(0, at), bytes.subarray(at)], rule);
      expect(left.text).not.toMatch(/passwd|fc_1|call_1/);
      expect(left.text).toContain("tool call delete_file denied by rule r: no");
      expect(left.stopped).toBe(onDeny === "error" ? "tool_call_denied" : null);
    }
  }
});

test("byte by byte it is the same", async () => {
  for (const { text } of streams) {
    const chunks = [...Buffer.from(text)].map((byte) => Buffer.from([byte]));
    const { text: left } = await gated(chunks, () => allow);
    expect(eventsOf(left)).toBe(eventsOf(text));
  }
});

const unfinished = {
  id: "fc_9",
  type: "function_call",
  status: "in_progress",
  call_id: "call_9",
  name: "delete_file",
  arguments: "",
};
const half = '{"path":"/etc/pa';
const begun = [
  { type: "response.created", response: { id: "resp_1", output: [] } },
  { type: "response.output_item.added", output_index: 0, item: { ...fileCall, arguments: "" } },
  { type: "response.output_item.done", output_index: 0, item: fileCall },
  { type: "response.output_item.added", output_index: 1, item: unfinished },
  { type: "response.function_call_arguments.delta", output_index: 1, delta: half },
];
const sumOf = (type: string, more: object) => ({
  type: `response.${type}`,
  response: {
    id: "resp_1",
    status: type,
    output: [fileCall, { ...unfinished, status: "incomplete", arguments: half }],
    ...more,
  },
});
const called = (index: number, id: string, text: string) => ({
  index,
  id,
  type: "function",
  function: { name: "delete_file", arguments: text },
});
const chunk = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const inChat = [chunk({ content: "wait" }), chunk({ tool_calls: [called(0, "call_9", half)] })];
const overloaded = { error: { message: "overloaded", type: "server_error", code: "overloaded" } };

const endings = [
  {
    name: "response.incomplete",
    events: [
      ...begun,
      sumOf("incomplete", { incomplete_details: { reason: "max_output_tokens" } }),
    ],
    says: '"incomplete_details":{"reason":"max_output_tokens"}',
  },
  {
    name: "response.failed",
    events: [...begun, sumOf("failed", { error: { code: "rate_limit_exceeded", message: "11s" } })],
    says: '"error":{"code":"rate_limit_exceeded","message":"11s"}',
  },
  {
    name: "error, and then response.failed",
    events: [
      ...begun,
      { type: "error", code: "server_error", message: "stopped", param: null },
      { type: "response.failed", response: { id: "resp_1", status: "failed", output: [] } },
    ],
    says: '"type":"error","code":"server_error","message":"stopped"',
  },
  { name: "an error in chat", events: [...inChat, overloaded], says: '"code":"overloaded"' },
  {
    name: "an error beside choices",
    events: [...inChat, { choices: [], ...overloaded }],
    says: '"code":"overloaded"',
  },
];

test.each(endings)("$name in mid-call: it passes, and nothing of the call", async (given) => {
  const bytes = Buffer.from(given.events.map(sse).join(""));
  const inSum = given.events.length > 3;
  for (let at = 1; at < bytes.length; at += 97) {
    const asked: string[] = [];
    const left = await gated([bytes.subarray(0, at), bytes.subarray(at)], (call) => {
      asked.push(call.arguments);
      return allow;
    });
    expect(left.stopped).toBeNull();
    expect(left.text).toContain(given.says);
    expect(left.text).not.toMatch(/fc_9|call_9|etc\/pa"/);
    // A call that was whole before is there, and a person would have been asked about that alone.
    expect(asked).toEqual(inSum ? [fileCall.arguments] : []);
    expect(left.text.includes('"call_1"')).toBe(inSum);
    expect(left.text).toContain(inSum ? "resp_1" : '"content":"wait"');
  }
});

test("a call that goes on behind the ending does not come either", async () => {
  const late = { type: "response.function_call_arguments.delta", output_index: 1, delta: "sswd" };
  const error = { type: "error", code: "server_error", message: "stopped", param: null };
  const text = [...begun, error, late].map(sse).join("");
  const left = await gated([Buffer.from(text)], () => allow);
  expect(left.text).toContain("server_error");
  expect(left.text).not.toContain('"delta":"sswd"');
  expect(left.text).not.toContain("fc_9");
});
