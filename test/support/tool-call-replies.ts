/**
 * Replies with tool calls in the provider's shapes, with what is hard about
 * them: text and calls interleaved, several calls at once, custom and hosted
 * calls, chunks that hold text and a call, usage last.
 */
type Json = Record<string, unknown>;

/** An event as the API writes it; chat completions name none. */
export const sse = (event: Json): string =>
  `${typeof event.type === "string" ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`;

export const fileCall = {
  id: "fc_1",
  type: "function_call",
  status: "completed",
  call_id: "call_1",
  name: "delete_file",
  arguments: '{"path":"/etc/passwd — né 😀"}',
};
export const customCall = {
  id: "ctc_2",
  type: "custom_tool_call",
  status: "completed",
  call_id: "call_2",
  name: "shell",
  input: "rm -rf /\n",
};
const searchCall = {
  id: "ws_3",
  type: "web_search_call",
  status: "completed",
  action: { type: "search", query: "weather in Lisbon" },
};
const message = {
  id: "msg_0",
  type: "message",
  status: "completed",
  role: "assistant",
  content: [{ type: "output_text", text: "One moment.", annotations: [] }],
};

export const response = {
  id: "resp_1",
  object: "response",
  created_at: 1,
  status: "completed",
  error: null,
  incomplete_details: null,
  model: "gpt-mock",
  tools: [{ type: "function", name: "delete_file", parameters: {} }],
  output: [message, fileCall, customCall, searchCall],
  usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
};

const text = (delta: string): Json => ({
  type: "response.output_text.delta",
  item_id: "msg_0",
  output_index: 0,
  content_index: 0,
  delta,
});
const of = (type: string, item: { id: string }, output_index: number, rest: Json): Json => ({
  type: `response.${type}`,
  item_id: item.id,
  output_index,
  ...rest,
});
const item = (step: "added" | "done", output_index: number, value: Json): Json => ({
  type: `response.output_item.${step}`,
  output_index,
  item: value,
});
const begun = (value: Json, rest: Json = {}) => ({ ...value, status: "in_progress", ...rest });

/** A message and three calls, all four interleaved, then the sum. */
export const responseEvents: readonly Json[] = [
  {
    type: "response.created",
    response: { ...response, status: "in_progress", output: [], usage: null },
  },
  item("added", 0, begun(message, { content: [] })),
  of("content_part.added", message, 0, {
    content_index: 0,
    part: { type: "output_text", text: "" },
  }),
  text("One "),
  item("added", 1, begun(fileCall, { arguments: "" })),
  of("function_call_arguments.delta", fileCall, 1, { delta: '{"path":"/etc/' }),
  text("moment"),
  item("added", 2, begun(customCall, { input: "" })),
  of("custom_tool_call_input.delta", customCall, 2, { delta: "rm -rf" }),
  of("function_call_arguments.delta", fileCall, 1, { delta: 'passwd — né 😀"}' }),
  item("added", 3, begun(searchCall)),
  of("web_search_call.searching", searchCall, 3, {}),
  of("custom_tool_call_input.delta", customCall, 2, { delta: " /\n" }),
  of("custom_tool_call_input.done", customCall, 2, { input: customCall.input }),
  item("done", 2, customCall),
  of("function_call_arguments.done", fileCall, 1, { arguments: fileCall.arguments }),
  item("done", 1, fileCall),
  text("."),
  item("done", 0, message),
  item("done", 3, searchCall),
  { type: "response.completed", response },
].map((event, sequence_number) => ({ ...event, sequence_number }));

export const responseStream = responseEvents.map(sse).join("");

const chunk = (choices: readonly Json[], rest: Json = {}): Json => ({
  id: "chatcmpl_1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-mock",
  choices,
  ...rest,
});
const delta = (value: Json, index = 0, finish_reason: string | null = null): Json => ({
  index,
  delta: value,
  finish_reason,
});
const piece = (index: number, rest: Json) => ({ tool_calls: [{ index, ...rest }] });
const named = (index: number, id: string, name: string) =>
  piece(index, { id, type: "function", function: { name, arguments: "" } });
const argument = (index: number, text_: string) => piece(index, { function: { arguments: text_ } });

/** Two choices: the first with two calls interleaved with text, the second with text only. */
export const chatChunks: readonly Json[] = [
  chunk([delta({ role: "assistant", content: "" })]),
  chunk([delta({ content: "One " })]),
  chunk([delta(named(0, "call_1", "delete_file"))]),
  chunk([delta({ role: "assistant", content: "Other" }, 1)]),
  chunk([delta(argument(0, '{"path":'))]),
  chunk([delta(named(1, "call_2", "weather"))]),
  chunk([delta({ content: "moment." })]),
  chunk([delta(argument(1, '{"city":"Lis')), delta({ content: " choice." }, 1)]),
  chunk([delta(argument(0, '"/etc/passwd"}'))]),
  chunk([delta(argument(1, 'bon"}'))]),
  chunk([delta({}, 1, "stop")]),
  chunk([delta({}, 0, "tool_calls")]),
  chunk([], { usage: { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 } }),
];

export const chatStream = `${chatChunks.map(sse).join("")}data: [DONE]\n\n`;

export const chatCompletion = {
  id: "chatcmpl_1",
  object: "chat.completion",
  created: 1,
  model: "gpt-mock",
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: null,
        tool_calls: [
          {
            id: "call_1",
            type: "function",
            function: { name: "delete_file", arguments: '{"path":"/etc/passwd"}' },
          },
          {
            id: "call_2",
            type: "function",
            function: { name: "weather", arguments: '{"city":"Lisbon"}' },
          },
        ],
      },
      finish_reason: "tool_calls",
    },
  ],
  usage: { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 },
};
