/** The gate alone, without a network: streams cut at every offset, in both line ends, ruled on in any order. */
import { expect, test } from "vitest";
import type { Verdict } from "../../../src/daemon/model/decision.js";
import type { BodyFlow, BodySink } from "../../../src/daemon/model/reply.js";
import type { ToolCall } from "../../../src/daemon/model/review.js";
import { createGate } from "../../../src/daemon/path/gate.js";
import type { Masked } from "../../../src/daemon/path/station.js";
import { openai } from "../../../src/daemon/providers/openai/openai.js";
import { emptyDesk } from "../../support/empty-desk.js";
import { chatStream, responseStream } from "../../support/tool-call-replies.js";

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
    masking: { mask: (text: string) => ({ text, findings: [] }) },
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
