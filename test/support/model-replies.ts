/**
 * What the mock model API answers: each reply as the provider writes it, whole
 * or as the events of a stream. Shapes were taken from the provider's
 * published API; ids and times are fixed so that two runs answer alike.
 */
import { piecesOf, type Thought } from "./model-mind.js";

type Json = Record<string, unknown>;

const createdAt = 1_700_000_000;

/** Token counts that grow with the texts, as a tokenizer's would. */
function usageOf(request: Json, thought: Thought) {
  const input = Math.ceil(JSON.stringify(request).length / 4);
  const output = Math.ceil((thought.text.length + (thought.call?.arguments.length ?? 0)) / 4);
  return { input, output };
}

function responseOf(
  request: Json,
  thought: Thought,
  status: string,
  output: readonly Json[],
): Json {
  const usage = usageOf(request, thought);
  return {
    id: "resp_mock",
    object: "response",
    created_at: createdAt,
    status,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    model: request.model ?? "mock",
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    temperature: 1,
    tool_choice: "auto",
    tools: request.tools ?? [],
    usage:
      status === "completed"
        ? {
            input_tokens: usage.input,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: usage.output,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: usage.input + usage.output,
          }
        : null,
    metadata: {},
  };
}

function itemOf(thought: Thought, done: boolean): Json {
  const status = done ? "completed" : "in_progress";
  if (thought.call !== undefined) {
    const call = { id: "fc_mock", type: "function_call", call_id: "call_mock", status };
    return { ...call, name: thought.call.name, arguments: done ? thought.call.arguments : "" };
  }
  const content = done ? [{ type: "output_text", text: thought.text, annotations: [] }] : [];
  return { id: "msg_mock", type: "message", role: "assistant", status, content };
}

/** A response of the Responses API, whole. */
export function wholeResponse(request: Json, thought: Thought): Json {
  return responseOf(request, thought, "completed", [itemOf(thought, true)]);
}

/** The same as the events of a stream, in the provider's order. */
export function responseEvents(request: Json, thought: Thought): readonly string[] {
  const place = { item_id: thought.call ? "fc_mock" : "msg_mock", output_index: 0 };
  const part = { ...place, content_index: 0 };
  const body: Json[] = thought.call
    ? [
        ...(thought.call.arguments.match(/.{1,6}/gs) ?? []).map((delta) => ({
          type: "response.function_call_arguments.delta",
          ...place,
          delta,
        })),
        {
          type: "response.function_call_arguments.done",
          ...place,
          arguments: thought.call.arguments,
        },
      ]
    : [
        {
          type: "response.content_part.added",
          ...part,
          part: { type: "output_text", text: "", annotations: [] },
        },
        ...piecesOf(thought.text).map((delta) => ({
          type: "response.output_text.delta",
          ...part,
          delta,
        })),
        { type: "response.output_text.done", ...part, text: thought.text },
        {
          type: "response.content_part.done",
          ...part,
          part: { type: "output_text", text: thought.text, annotations: [] },
        },
      ];
  const events: Json[] = [
    { type: "response.created", response: responseOf(request, thought, "in_progress", []) },
    { type: "response.in_progress", response: responseOf(request, thought, "in_progress", []) },
    { type: "response.output_item.added", output_index: 0, item: itemOf(thought, false) },
    ...body,
    { type: "response.output_item.done", output_index: 0, item: itemOf(thought, true) },
    { type: "response.completed", response: wholeResponse(request, thought) },
  ];
  return events.map(
    (event, index) =>
      `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`,
  );
}

const completion = (request: Json, object: string): Json => ({
  id: "chatcmpl_mock",
  object,
  created: createdAt,
  model: request.model ?? "mock",
});

function chatUsage(request: Json, thought: Thought): Json {
  const usage = usageOf(request, thought);
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
  };
}

/** A chat completion, whole. */
export function wholeChat(request: Json, thought: Thought): Json {
  const calls = thought.call && [{ id: "call_mock", type: "function", function: thought.call }];
  const message = { role: "assistant", content: thought.call ? null : thought.text, refusal: null };
  return {
    ...completion(request, "chat.completion"),
    choices: [
      {
        index: 0,
        message: calls ? { ...message, tool_calls: calls } : message,
        logprobs: null,
        finish_reason: calls ? "tool_calls" : "stop",
      },
    ],
    usage: chatUsage(request, thought),
  };
}

/** The same as the chunks of a stream, usage last where it was asked for. */
export function chatEvents(request: Json, thought: Thought): readonly string[] {
  const head = completion(request, "chat.completion.chunk");
  const chunk = (delta: Json, finish: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const call = thought.call;
  const deltas: Json[] = call
    ? [
        { id: "call_mock", type: "function", function: { name: call.name, arguments: "" } },
        ...(call.arguments.match(/.{1,6}/gs) ?? []).map((piece) => ({
          function: { arguments: piece },
        })),
      ].map((piece) => ({ tool_calls: [{ index: 0, ...piece }] }))
    : piecesOf(thought.text).map((content) => ({ content }));
  const chunks: Json[] = [
    chunk({ role: "assistant", content: call ? null : "" }),
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, call ? "tool_calls" : "stop"),
  ];
  if ((request.stream_options as Json | undefined)?.include_usage === true) {
    chunks.push({ ...head, choices: [], usage: chatUsage(request, thought) });
  }
  return [...chunks.map((data) => `data: ${JSON.stringify(data)}\n\n`), "data: [DONE]\n\n"];
}

/** Embeddings of eight numbers each, as base64 where the request says so. */
export function embeddings(request: Json): Json {
  const inputs = Array.isArray(request.input) ? request.input : [request.input];
  const vector = (text: unknown) =>
    Float32Array.from({ length: 8 }, (_, index) => (String(text).length + index) / 16);
  return {
    object: "list",
    model: request.model ?? "mock-embedding",
    data: inputs.map((text, index) => ({
      object: "embedding",
      index,
      embedding:
        request.encoding_format === "base64"
          ? Buffer.from(vector(text).buffer).toString("base64")
          : [...vector(text)],
    })),
    usage: { prompt_tokens: inputs.length, total_tokens: inputs.length },
  };
}

/** The models there are. */
export function models(): Json {
  const names = ["gpt-mock", "gpt-mock-mini", "mock-embedding"];
  const data = names.map((id) => ({ id, object: "model", created: createdAt, owned_by: "mock" }));
  return { object: "list", data };
}

/** A file's description. */
export function fileView(id: string, filename: string, bytes: number, purpose: string): Json {
  return {
    id,
    object: "file",
    bytes,
    created_at: createdAt,
    filename,
    purpose,
    status: "processed",
  };
}

/** An error in the provider's shape. */
export function errorBody(message: string, code: string | null, type: string): Json {
  return { error: { message, type, param: null, code } };
}
