import { expect, test } from "vitest";
import type { Operation } from "../../../../src/daemon/model/operation.js";
import { converse } from "../../../../src/daemon/providers/openai/conversation.js";
import { openDeltas } from "../../../../src/daemon/providers/openai/deltas.js";
import type { Delta } from "../../../../src/daemon/providers/provider.js";
import { frameOf, openingOf } from "../../../contracts/records.js";
import { thinkOfChat, thinkOfResponse } from "../../../support/model-mind.js";
import { chatEvents, responseEvents } from "../../../support/model-replies.js";

const operation = openingOf(1n).operation as Operation;
const type = "text/event-stream; charset=utf-8";
const tool = (shape: object) => ({ tools: [{ type: "function", ...shape }] });
const named = { name: "weather", parameters: { properties: { city: { type: "string" } } } };
const question = [{ role: "user", content: "How is it in Lisbon?" }];
const streams = [
  ["a response", responsesOf({ input: question })],
  ["a response that calls", responsesOf({ input: question, ...tool(named) })],
  ["a completion", chatOf({ messages: question })],
  ["a completion that calls", chatOf({ messages: question, ...tool({ function: named }) })],
] as const;

function responsesOf(request: Record<string, unknown>): string {
  return responseEvents(request, thinkOfResponse(request)).join("");
}

function chatOf(request: Record<string, unknown>): string {
  return chatEvents(request, thinkOfChat(request)).join("");
}

/** Pieces joined by their turn. */
function joined(deltas: readonly Delta[]) {
  const turns = new Map<string, { kind: string; name: string | undefined; text: string }>();
  for (const { turn, kind, name, text } of deltas) {
    const known = turns.get(turn);
    turns.set(turn, { kind, name: name || known?.name, text: (known?.text ?? "") + text });
  }
  return [...turns.values()];
}

test.each(streams)("%s reads as its transcript does, however it is cut", (_, stream) => {
  const head = frameOf("reply-head", 1, `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n\r\n`);
  const { reply } = converse(operation, [head, frameOf("reply-body", 2, stream)]);
  expect(reply.length).toBeGreaterThan(0);
  const wanted = reply.map(({ kind, name, text }) => ({ kind, name, text }));
  for (const size of [1, 7, 100, stream.length]) {
    const reader = openDeltas(operation, type);
    const deltas: Delta[] = [];
    for (let at = 0; at < stream.length; at += size) {
      deltas.push(...(reader?.push(Buffer.from(stream.slice(at, at + size))) ?? []));
    }
    expect(joined(deltas)).toEqual(wanted);
  }
});

test("what is damaged is passed over, what is no stream is not read", () => {
  const reader = openDeltas(operation, type);
  const good = 'data: {"choices":[{"index":0,"delta":{"content":"good"}}]}\n\n';
  expect(reader?.push(Buffer.from(`data: {"cho\n\ndata: 7\n\n${good}`))).toMatchObject([
    { text: "good" },
  ]);
  expect(openDeltas(operation, "application/json")).toBeUndefined();
});
