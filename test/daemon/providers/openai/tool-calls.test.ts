/** Recorded replies read as pieces: every byte kept, every call found, nothing of a denied one left. */
import { expect, test } from "vitest";
import { createSseSplitter } from "../../../../src/daemon/formats/sse/events.js";
import type { Operation } from "../../../../src/daemon/model/operation.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import type {
  ReplyPiece,
  ToolCallReader,
} from "../../../../src/daemon/providers/tool-call-reader.js";
import {
  chatChunks,
  chatCompletion,
  chatStream,
  customCall,
  fileCall,
  response,
  responseStream,
  sse,
} from "../../../support/tool-call-replies.js";

const operation = (action = "responses.create"): Operation => ({
  provider: "openai",
  action,
  class: action === "unknown" ? "unknown" : "inference",
  mintsCredential: false,
  method: "POST",
  path: "/v1/responses",
  model: "gpt-mock",
  tools: [],
  stream: true,
});

function open(contentType = "text/event-stream", action?: string): ToolCallReader {
  const reader = openai.openToolCalls(operation(action), contentType);
  if (reader === undefined) throw new Error("no reader");
  return reader;
}

function readAll(chunks: readonly Uint8Array[], contentType?: string): ReplyPiece[] {
  const reader = open(contentType);
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

const wholeOf = (pieces: readonly ReplyPiece[]) => pieces.flatMap(({ whole }) => whole);
const callsOf = (pieces: readonly ReplyPiece[]) => wholeOf(pieces).map(({ call }) => call);

const eventsIn = (text: string) =>
  createSseSplitter()
    .push(Buffer.from(text))
    .map(({ data }) => (data === "[DONE]" ? data : JSON.parse(data)));

/** The reply with every call of these names denied. */
function without(pieces: readonly ReplyPiece[], names: readonly string[]): string {
  const denied = new Map(
    wholeOf(pieces)
      .filter(({ call }) => names.includes(call.name))
      .map(({ key, call }) => [key, `no ${call.kind}`]),
  );
  const left = pieces.map((piece) =>
    piece.calls.length > 0 ? piece.without(denied) : piece.bytes,
  );
  return Buffer.concat(left.map((bytes) => bytes ?? Buffer.from("CANNOT"))).toString();
}

const streams = { responses: responseStream, chat: chatStream };

test.each(Object.entries(streams))(
  "%s: the same pieces, cut at every offset, in LF and CRLF",
  (_, text) => {
    for (const [stream, step] of [
      [text, 1],
      [text.replaceAll("\n", "\r\n"), 7],
    ] as const) {
      const bytes = Buffer.from(stream);
      // Texts compare faster.
      const shape = (pieces: readonly ReplyPiece[]) =>
        JSON.stringify(pieces.map(({ calls, whole, last, place }) => [calls, whole, last, place]));
      const expected = shape(readAll([bytes]));
      for (let at = 1; at < bytes.length; at += step) {
        const pieces = readAll([bytes.subarray(0, at), bytes.subarray(at)]);
        expect(Buffer.concat(pieces.map((piece) => piece.bytes)).equals(bytes)).toBe(true);
        expect(shape(pieces)).toBe(expected);
      }
    }
  },
);

test("responses: function, custom and hosted calls are found whole, and again in the sum", () => {
  const pieces = readAll([Buffer.from(responseStream)]);
  const three = [
    { name: "delete_file", arguments: fileCall.arguments, kind: "function" },
    { name: "shell", arguments: customCall.input, kind: "custom" },
    { name: "web_search", arguments: expect.stringContaining("Lisbon"), kind: "hosted" },
  ];
  const [file, shell, search] = three;
  expect(callsOf(pieces)).toEqual([shell, file, search, ...three]);
  expect(pieces.at(-1)?.last).toBe(true);
  const beside = pieces
    .filter(({ calls }) => calls.length === 0)
    .map(({ bytes }) => bytes.toString());
  expect(beside.join("")).toContain('"delta":"moment"');
  for (const secret of ["passwd", "rm -rf", 'delete_file","arg'])
    expect(beside.slice(1).join("")).not.toContain(secret);
});

test("chat: calls are found by choice and index, whole when the choice is finished", () => {
  const pieces = readAll([Buffer.from(chatStream)]);
  expect(callsOf(pieces)).toEqual([
    { name: "delete_file", arguments: '{"path":"/etc/passwd"}', kind: "function" },
    { name: "weather", arguments: '{"city":"Lisbon"}', kind: "function" },
  ]);
  const finishing = pieces.find(({ whole }) => whole.length > 0);
  expect(finishing?.bytes.toString()).toContain('"finish_reason":"tool_calls"');
  expect(finishing?.calls).toHaveLength(2);
});

test("chat: the legacy function call, and calls that only the end makes whole", () => {
  const legacy = [
    {
      choices: [{ index: 0, delta: { function_call: { name: "delete_file", arguments: '{"a' } } }],
    },
    { choices: [{ index: 0, delta: { function_call: { arguments: '":1}' } } }] },
  ];
  const text = legacy.map(sse).join("");
  for (const end of ["", "data: [DONE]\n\n"]) {
    const pieces = readAll([Buffer.from(text + end)]);
    expect(callsOf(pieces)).toEqual([
      { name: "delete_file", arguments: '{"a":1}', kind: "function" },
    ]);
    expect(pieces.at(-1)?.whole).toHaveLength(1);
  }
});

test("responses: a denied call becomes a message, in stream and sum alike; the rest stays", () => {
  const text = without(readAll([Buffer.from(responseStream)]), ["delete_file"]);
  expect(text).not.toMatch(/passwd|fc_1|call_1/);
  const events = eventsIn(text);
  const ofItem = events.filter(({ output_index }) => output_index === 1);
  expect(ofItem.map(({ type }) => type)).toEqual([
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
  ]);
  const { output, usage } = events.at(-1).response;
  expect(output[1]).toEqual(ofItem.at(-1).item);
  expect(output[1]).toMatchObject({
    id: "msg_1",
    type: "message",
    content: [{ text: "no function" }],
  });
  expect(output[2]).toEqual(customCall);
  expect(usage).toEqual(response.usage);
});

test("chat: a denied call becomes text, and the others move up to its index", () => {
  const text = without(readAll([Buffer.from(chatStream)]), ["delete_file"]);
  expect(text).not.toMatch(/passwd|delete_file|call_1/);
  const chunks = eventsIn(text);
  const deltas = chunks.flatMap((chunk) => chunk.choices ?? []).filter(({ index }) => index === 0);
  expect(deltas.map(({ delta }) => delta.content ?? "").join("")).toBe("One no functionmoment.");
  const calls = deltas.flatMap(({ delta }) => delta.tool_calls ?? []);
  expect(calls.map(({ index }) => index)).toEqual([0, 0, 0]);
  expect(deltas.at(-1)?.finish_reason).toBe("tool_calls");
  expect(chunks.at(-2).usage).toBeDefined();
});

test("chat: with no call left the choice stops", () => {
  const text = without(readAll([Buffer.from(chatStream)]), ["delete_file", "weather"]);
  expect(text).not.toContain("tool_calls");
  expect(text).toContain(" choice.");
  const reasons = eventsIn(text)
    .flatMap((chunk) => chunk.choices ?? [])
    .map((one) => one.finish_reason);
  expect(reasons.filter((reason) => reason !== null)).toEqual(["stop", "stop"]);
});

test("bodies: calls are found and replaced", () => {
  const responsePieces = readAll([Buffer.from(JSON.stringify(response))], "application/json");
  expect(callsOf(responsePieces).map(({ name }) => name)).toEqual([
    "delete_file",
    "shell",
    "web_search",
  ]);
  const left = JSON.parse(without(responsePieces, ["delete_file"]));
  expect(left.output[1]).toMatchObject({ type: "message", content: [{ text: "no function" }] });
  expect(JSON.stringify(left)).not.toContain("passwd");

  const chatPieces = readAll([Buffer.from(JSON.stringify(chatCompletion))], "application/json");
  const [choice] = JSON.parse(without(chatPieces, ["delete_file"])).choices;
  expect(choice.message.content).toBe("no function");
  expect(choice.message.tool_calls.map(({ id }: { id: string }) => id)).toEqual(["call_2"]);
  expect(choice.finish_reason).toBe("tool_calls");
  const [none] = JSON.parse(without(chatPieces, ["delete_file", "weather"])).choices;
  expect(none.message.tool_calls).toBeUndefined();
  expect(none.finish_reason).toBe("stop");
});

test("bodies: calls are found wherever they stand; where a message has no place, that is said", () => {
  const run = {
    object: "thread.run",
    tools: [{ type: "function", function: { name: "delete_file" } }],
    required_action: {
      submit_tool_outputs: {
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "delete_file", arguments: "{}" } },
        ],
      },
    },
  };
  const pieces = readAll([Buffer.from(JSON.stringify(run))], "application/json");
  expect(callsOf(pieces)).toEqual([{ name: "delete_file", arguments: "{}", kind: "function" }]);
  expect(without(pieces, ["delete_file"])).toBe("CANNOT");
});

test("what cannot be read where calls may be is an error", () => {
  const unreadable = expect.objectContaining({ code: "reply_unreadable" });
  expect(() => open("text/plain")).toThrow(unreadable);
  expect(() => open("")).toThrow(unreadable);
  expect(() => readAll([Buffer.from("data: {cut\n\n")])).toThrow(unreadable);
  expect(() => readAll([Buffer.from("data: 7\n\n")])).toThrow(unreadable);
  // A client that asked for JSON would see the calls in it.
  expect(() => readAll([Buffer.from('\n {"output":[]}')])).toThrow(unreadable);
  expect(() => readAll([Buffer.from('{"output":[')], "application/json")).toThrow(unreadable);
  const late = [...chatChunks.slice(0, 12), chatChunks[8] ?? {}].map(sse).join("");
  expect(() => readAll([Buffer.from(late)])).toThrow(unreadable);
  const runStep = sse({
    delta: { step_details: { tool_calls: [{ index: 0, function: { arguments: "x" } }] } },
  });
  expect(() => readAll([Buffer.from(runStep)])).toThrow(unreadable);
  expect(openai.openToolCalls(operation("embeddings.create"), "application/json")).toBeUndefined();
});

const chunkOf = (choice: object) => sse({ choices: [{ index: 0, ...choice }] });
const call = (body: object) => ({ tool_calls: [{ index: 0, id: "call_1", function: body }] });

test("chat: an empty reason finishes nothing, and a name that is said again is the same name", () => {
  const stream = [
    chunkOf({ delta: call({ name: "shell", arguments: "rm " }), finish_reason: "" }),
    chunkOf({ delta: call({ name: "shell", arguments: "-rf" }), finish_reason: "" }),
    chunkOf({ delta: {}, finish_reason: "tool_calls" }),
  ];
  const pieces = readAll([Buffer.from(stream.join(""))]);
  expect(callsOf(pieces)).toEqual([{ name: "shell", arguments: "rm -rf", kind: "function" }]);
});

test("chat: a call that clients could read otherwise, or elsewhere, is an error", () => {
  const unreadable = expect.objectContaining({ code: "reply_unreadable" });
  const twice = [{ name: "sh" }, { name: "shell" }].map((body) => chunkOf({ delta: call(body) }));
  const whole = call({ name: "shell", arguments: "{}" });
  const streams = [
    twice.join(""),
    chunkOf({ delta: {}, message: whole }),
    chunkOf({ messages: [whole] }),
    sse({ choices: [], ...whole }),
  ];
  for (const stream of streams) {
    expect(() => readAll([Buffer.from(stream)])).toThrow(unreadable);
  }
});

test("calls in the words of other vendors' APIs are calls", () => {
  const unreadable = expect.objectContaining({ code: "reply_unreadable" });
  const use = { type: "tool_use", id: "toolu_1", name: "shell", input: { cmd: "rm -rf /" } };
  const google = { functionCall: { name: "shell", args: { cmd: "rm -rf /" } } };
  const bodies = [
    { type: "message", content: [use] },
    { candidates: [{ content: { parts: [google] } }] },
  ];
  for (const body of bodies) {
    const pieces = readAll([Buffer.from(JSON.stringify(body))], "application/json");
    const found = { name: "shell", arguments: '{"cmd":"rm -rf /"}', kind: "function" };
    expect(callsOf(pieces)).toEqual([found]);
    expect(without(pieces, ["shell"])).toBe("CANNOT");
    expect(() => readAll([Buffer.from(sse(body))])).toThrow(unreadable);
  }
  const start = { type: "content_block_start", index: 0, content_block: use };
  expect(() => readAll([Buffer.from(sse(start))])).toThrow(unreadable);
});

const evil = "curl evil.example";
const said = { id: "x_1", call_id: "call_1", status: "completed" };
const unusual: readonly object[] = [
  { ...said, type: "computer_call", actions: [{ type: "type", text: evil }] },
  { ...said, type: "computer_call", action: { type: "wait" }, actions: [{ text: evil }] },
  { ...said, type: "shell_call", action: { commands: [] }, script: evil },
  { ...said, type: "program_call", name: evil },
  { ...said, type: "program_call", input: evil },
  { ...said, type: "function_call", name: "sh", arguments: { cmd: evil } },
  { ...said, type: "function_call", name: "sh", namespace: evil, arguments: "{}" },
  { ...said, type: "custom_tool_call", name: "sh", input: [{ text: evil }] },
  { ...said, type: "mcp_call", name: "sh", arguments: { cmd: evil } },
];

test.each(unusual)("a call is judged by all of its text: %j", (item) => {
  const body = Buffer.from(JSON.stringify({ object: "response", output: [item] }));
  const done = { type: "response.output_item.done", output_index: 0, item };
  for (const pieces of [readAll([body], "application/json"), readAll([Buffer.from(sse(done))])]) {
    expect(callsOf(pieces)).toEqual([
      expect.objectContaining({ arguments: expect.stringContaining(evil) }),
    ]);
  }
});

test.each([
  { function: { name: "sh", arguments: { cmd: evil } } },
  { function: { name: "sh", arguments: "{}", input: evil } },
  { function: { name: "sh", arguments: "{}" }, custom: { name: "sh", input: evil } },
  { custom: { name: "sh", input: { text: evil } } },
  { type: "shell", shell: { command: evil } },
])("chat: a call is judged by all of its text: %j", (piece) => {
  const listed = { tool_calls: [{ index: 0, id: "call_1", ...piece }] };
  const whole = { choices: [{ index: 0, message: listed, finish_reason: "tool_calls" }] };
  const chunk = chunkOf({ delta: listed, finish_reason: "tool_calls" });
  for (const pieces of [
    readAll([Buffer.from(JSON.stringify(whole))], "application/json"),
    readAll([Buffer.from(chunk)]),
  ]) {
    expect(callsOf(pieces)).toEqual([
      expect.objectContaining({ arguments: expect.stringContaining(evil) }),
    ]);
  }
});

test("an error ends a stream in the shape its SDKs raise", () => {
  const notice = {
    code: "tool_call_denied",
    status: 400,
    message: "no",
    hint: "",
    exchangeId: "exc_1",
  };
  const reader = open();
  reader.push(Buffer.from(responseStream));
  const [event, failed] = eventsIn(reader.refusalEvent(notice).toString());
  expect(event).toMatchObject({
    type: "error",
    code: "tool_call_denied",
    message: "hoopx: no (exchange exc_1)",
  });
  expect(event.error).toMatchObject({
    code: "tool_call_denied",
    type: "invalid_request_error",
    message: event.message,
  });
  // Codex asks the model again after any other code.
  const said = { code: "invalid_prompt", message: event.message };
  expect(failed).toMatchObject({
    type: "response.failed",
    sequence_number: event.sequence_number + 1,
    response: { id: "resp_1", status: "failed", error: said, output: [] },
  });
  const chat = open();
  chat.push(Buffer.from(chatStream));
  const [refused, ...more] = eventsIn(chat.refusalEvent(notice).toString());
  expect(refused).toEqual({
    error: {
      message: event.message,
      type: "invalid_request_error",
      code: "content_filter",
      param: null,
      hoopx_code: "tool_call_denied",
    },
  });
  expect(more).toEqual([]);
});
