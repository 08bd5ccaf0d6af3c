/**
 * Samples: streams in the shapes of OpenAI's API reference, with what is hard
 * about them: characters of several bytes, items side by side, a call in
 * pieces.
 */
const events = (list: readonly object[]) =>
  list
    .map(
      (event) => `event: ${(event as { type?: string }).type}\ndata: ${JSON.stringify(event)}\n\n`,
    )
    .join("");

const reasoning = { id: "rs_1", type: "reasoning", summary: [] };
const call = {
  id: "fc_1",
  type: "function_call",
  status: "in_progress",
  call_id: "call_1",
  name: "get_weather",
  arguments: "",
};
const message = {
  id: "msg_1",
  type: "message",
  status: "in_progress",
  role: "assistant",
  content: [],
};

export const finishedResponse = {
  id: "resp_1",
  object: "response",
  status: "completed",
  error: null,
  incomplete_details: null,
  model: "gpt-5.1",
  output: [
    { ...reasoning, summary: [{ type: "summary_text", text: "Look it up — né 😀" }] },
    { ...call, status: "completed", arguments: '{"city":"Zürich"}' },
    {
      ...message,
      status: "completed",
      content: [{ type: "output_text", text: "One moment, “please”.", annotations: [] }],
    },
  ],
  usage: { input_tokens: 36, output_tokens: 87, total_tokens: 123 },
};

const [doneReasoning, doneCall, doneMessage] = finishedResponse.output;

export const responsesStream = events([
  { type: "response.created", response: { ...finishedResponse, output: [], usage: null } },
  { type: "response.output_item.added", output_index: 0, item: reasoning },
  {
    type: "response.reasoning_summary_text.delta",
    output_index: 0,
    summary_index: 0,
    delta: "Look it up — ",
  },
  {
    type: "response.reasoning_summary_text.delta",
    output_index: 0,
    summary_index: 0,
    delta: "né 😀",
  },
  { type: "response.output_item.done", output_index: 0, item: doneReasoning },
  { type: "response.output_item.added", output_index: 1, item: call },
  {
    type: "response.function_call_arguments.delta",
    output_index: 1,
    item_id: "fc_1",
    delta: '{"city":',
  },
  { type: "response.output_item.added", output_index: 2, item: message },
  { type: "response.output_text.delta", output_index: 2, content_index: 0, delta: "One moment, " },
  {
    type: "response.function_call_arguments.delta",
    output_index: 1,
    item_id: "fc_1",
    delta: '"Zürich"}',
  },
  {
    type: "response.function_call_arguments.done",
    output_index: 1,
    arguments: '{"city":"Zürich"}',
  },
  { type: "response.output_item.done", output_index: 1, item: doneCall },
  { type: "response.output_text.delta", output_index: 2, content_index: 0, delta: "“please”." },
  {
    type: "response.output_text.done",
    output_index: 2,
    content_index: 0,
    text: "One moment, “please”.",
  },
  { type: "response.output_item.done", output_index: 2, item: doneMessage },
  { type: "response.completed", response: finishedResponse },
]);

const chunk = (choices: readonly object[], more: object = { usage: null }) =>
  `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", choices, ...more })}\n\n`;
const delta = (index: number, given: object, finish: string | null = null) => ({
  index,
  delta: given,
  finish_reason: finish,
});
const toolCall = (index: number, given: object) => delta(0, { tool_calls: [{ index, ...given }] });

export const chatStream = [
  chunk([delta(0, { role: "assistant", content: "" })]),
  chunk([delta(0, { content: "Hé 😀" })]),
  chunk([delta(1, { role: "assistant", content: "Oth" })]),
  chunk([delta(0, { content: "llo" }), delta(1, { content: "er" }, "stop")]),
  chunk([toolCall(0, { id: "call_1", type: "function", function: { name: "f", arguments: "" } })]),
  chunk([toolCall(0, { function: { arguments: '{"a":' } })]),
  chunk([toolCall(1, { id: "call_2", type: "function", function: { name: "g", arguments: "{" } })]),
  chunk([toolCall(0, { function: { arguments: "1}" } })]),
  chunk([toolCall(1, { function: { arguments: "}" } })]),
  chunk([delta(0, {}, "tool_calls")]),
  chunk([], { usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 } }),
  "data: [DONE]\n\n",
].join("");
