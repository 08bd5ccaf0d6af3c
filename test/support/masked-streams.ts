/**
 * Streams with a text in them in each of the provider's shapes, cut into
 * deltas wherever a test wants, with the events around it that say the text
 * again.
 */
type Json = Record<string, unknown>;

export interface StreamShape {
  readonly name: string;
  /** Operation's path, below the base. */
  readonly operation: string;
  /** The stream's events for a text that comes in these pieces. */
  events(pieces: readonly string[]): readonly Json[];
  /** The text that a client puts together of the events' deltas. */
  joined(events: readonly Json[]): string;
  /** The texts that say it again as a whole. */
  repeats(events: readonly Json[]): readonly string[];
  /** The text is JSON, so the pieces are of JSON too. */
  readonly json?: boolean;
}

export const eventText = (event: Json): string =>
  `${typeof event.type === "string" ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`;

export const streamText = (events: readonly Json[]): string =>
  `${events.map(eventText).join("")}${events.some(({ choices }) => choices) ? "data: [DONE]\n\n" : ""}`;

/** The events of a stream's text. */
export const eventsIn = (text: string): readonly Json[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)));

const numbered = (events: readonly Json[]) =>
  events.map((event, sequence_number) => ({ ...event, sequence_number }));

/** A text of the Responses API: how its deltas are named, and where the sums hold it. */
function ofResponses(
  name: string,
  member: string,
  place: Json,
  itemOf: (text: string) => Json,
  json = false,
): StreamShape {
  const type = `response.${name}`;
  const at = { item_id: "msg_1", output_index: 0, ...place };
  return {
    name,
    operation: "responses",
    json,
    events(pieces) {
      const whole = pieces.join("");
      const response = { id: "resp_1", object: "response", status: "in_progress", output: [] };
      const usage = { input_tokens: 3, output_tokens: 4, total_tokens: 7 };
      return numbered([
        { type: "response.created", response },
        { type: "response.output_item.added", output_index: 0, item: itemOf("") },
        ...pieces.map((delta) => ({ type: `${type}.delta`, ...at, delta })),
        { type: `${type}.done`, ...at, [member]: whole },
        { type: "response.output_item.done", output_index: 0, item: itemOf(whole) },
        {
          type: "response.completed",
          response: { ...response, status: "completed", output: [itemOf(whole)], usage },
        },
      ]);
    },
    joined: (events) =>
      events
        .filter((event) => event.type === `${type}.delta`)
        .map(({ delta }) => delta)
        .join(""),
    repeats: (events) =>
      events.flatMap((event) => {
        if (event.type === `${type}.done`) return [String(event[member])];
        const response = event.response as { output?: Json[] } | undefined;
        const items = [event.item as Json | undefined, ...(response?.output ?? [])];
        return items.flatMap((item) => (item ? textsOf(item) : []));
      }),
  };
}

/** Texts of an item that are not empty. */
function textsOf(item: Json): string[] {
  const parts = [...((item.content ?? []) as Json[]), ...((item.summary ?? []) as Json[]), item];
  return parts.flatMap((part) =>
    ["text", "refusal", "arguments", "input", "code", "transcript"]
      .map((member) => part[member])
      .filter((text): text is string => typeof text === "string" && text !== ""),
  );
}

const message = (part: (text: string) => Json) => (text: string) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  content: text === "" ? [] : [part(text)],
});

/** A text of a chat completion's choice. */
function ofChat(
  name: string,
  deltaOf: (text: string) => Json,
  textOf: (delta: Json) => unknown,
  json = false,
): StreamShape {
  const chunk = (delta: Json, finish_reason: string | null = null) => ({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    model: "gpt-mock",
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  });
  return {
    name,
    operation: "chat/completions",
    json,
    events: (pieces) => [
      chunk({ role: "assistant", content: "" }),
      ...pieces.map((piece) => chunk(deltaOf(piece))),
      chunk({}, "stop"),
      { ...chunk({}), choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
    ],
    joined: (events) =>
      events
        .flatMap(({ choices }) => (choices as { delta: Json }[]).map(({ delta }) => delta))
        .map((delta) => textOf(delta) ?? "")
        .join(""),
    repeats: () => [],
  };
}

/** A text that comes in the updates of an item. */
function ofUpdates(name: string, type: string, update: (text: string) => Json): StreamShape {
  const updates = (events: readonly Json[]) =>
    events.filter((event) => event.type === "thread.item.updated");
  /** The one text of an update that is no type and no place. */
  const textIn = (value: unknown): string =>
    typeof value === "object" && value !== null
      ? Object.entries(value)
          .filter(([key]) => !/type|_id$/.test(key))
          .map(([, inner]) => (typeof inner === "string" ? inner : textIn(inner)))
          .join("")
      : "";
  return {
    name,
    operation: "responses",
    events: (pieces) => [
      ...pieces.map((piece) => ({
        type: "thread.item.updated",
        item_id: "msg_1",
        update: { type, ...update(piece) },
      })),
      {
        type: "thread.item.done",
        item: { id: "msg_1", content: [{ type: "output_text", text: pieces.join("") }] },
      },
    ],
    joined: (events) =>
      updates(events)
        .map(({ update }) => textIn(update))
        .join(""),
    repeats: (events) =>
      events.flatMap(({ item }) =>
        ((item as { content: Json[] } | undefined)?.content ?? []).map(({ text }) => String(text)),
      ),
  };
}

type Calls = readonly { readonly function?: { readonly arguments: string } }[] | undefined;

export const streamShapes: readonly StreamShape[] = [
  ofResponses(
    "output_text",
    "text",
    { content_index: 0 },
    message((text) => ({ type: "output_text", text })),
  ),
  ofResponses(
    "refusal",
    "refusal",
    { content_index: 0 },
    message((refusal) => ({ type: "refusal", refusal })),
  ),
  ofResponses("reasoning_summary_text", "text", { summary_index: 0 }, (text) => ({
    id: "rs_1",
    type: "reasoning",
    summary: text === "" ? [] : [{ type: "summary_text", text }],
  })),
  ofResponses(
    "function_call_arguments",
    "arguments",
    {},
    (text) => ({
      id: "fc_1",
      type: "function_call",
      call_id: "call_1",
      name: "f",
      arguments: text,
    }),
    true,
  ),
  ofResponses("custom_tool_call_input", "input", {}, (input) => ({
    id: "ctc_1",
    type: "custom_tool_call",
    call_id: "call_1",
    name: "f",
    input,
  })),
  ofResponses("code_interpreter_call_code", "code", {}, (code) => ({
    id: "ci_1",
    type: "code_interpreter_call",
    code,
  })),
  ofResponses(
    "audio_transcript",
    "transcript",
    { content_index: 0 },
    message((transcript) => ({ type: "audio", transcript })),
  ),
  ofChat(
    "chat content",
    (content) => ({ content }),
    ({ content }) => content,
  ),
  ofChat(
    "chat refusal",
    (refusal) => ({ refusal }),
    ({ refusal }) => refusal,
  ),
  ofChat(
    "chat reasoning",
    (reasoning) => ({ reasoning_content: reasoning }),
    ({ reasoning_content }) => reasoning_content,
  ),
  ofChat(
    "chat tool call",
    (text) => ({ tool_calls: [{ index: 1, function: { arguments: text } }] }),
    ({ tool_calls }) => (tool_calls as Calls)?.[0]?.function?.arguments,
    true,
  ),
  ofChat(
    "chat function call",
    (text) => ({ function_call: { arguments: text } }),
    ({ function_call }) => (function_call as { arguments: string } | undefined)?.arguments,
    true,
  ),
  {
    name: "completion",
    operation: "completions",
    events: (pieces) => [
      ...pieces.map((text) => ({
        object: "text_completion",
        choices: [{ index: 0, text, finish_reason: null }],
      })),
      { object: "text_completion", choices: [{ index: 0, text: "", finish_reason: "stop" }] },
    ],
    joined: (events) => events.map(({ choices }) => (choices as Json[])[0]?.text).join(""),
    repeats: () => [],
  },
  {
    name: "transcription",
    operation: "audio/transcriptions",
    events: (pieces) => [
      ...pieces.map((delta) => ({ type: "transcript.text.delta", delta })),
      { type: "transcript.text.done", text: pieces.join("") },
    ],
    joined: (events) => events.map(({ delta }) => delta ?? "").join(""),
    repeats: (events) => events.flatMap(({ text }) => (typeof text === "string" ? [text] : [])),
  },
  {
    name: "assistant's message",
    operation: "threads/thread_1/runs",
    events: (pieces) => [
      ...pieces.map((value) => ({
        id: "msg_1",
        object: "thread.message.delta",
        delta: { content: [{ index: 0, type: "text", text: { value, annotations: [] } }] },
      })),
      {
        id: "msg_1",
        object: "thread.message",
        content: [{ type: "text", text: { value: pieces.join("") } }],
      },
    ],
    joined: (events) =>
      events
        .map(
          ({ delta }) =>
            (delta as { content: { text: { value: string } }[] } | undefined)?.content[0]?.text
              .value ?? "",
        )
        .join(""),
    repeats: (events) =>
      events.flatMap(
        ({ content }) =>
          (content as { text: { value: string } }[] | undefined)?.map(({ text }) => text.value) ??
          [],
      ),
  },
  ofUpdates("a ChatKit message", "assistant_message.content_part.text_delta", (delta) => ({
    content_index: 0,
    delta,
  })),
  ofUpdates("a ChatKit widget", "widget.streaming_text.value_delta", (delta) => ({
    component_id: "c_1",
    delta,
    done: false,
  })),
  ofUpdates("a piece by its type", "novel.text_delta", (text) => ({ text })),
  ofUpdates("a piece by its name", "novel.progress", (textDelta) => ({ inner: [{ textDelta }] })),
  {
    name: "a kind nobody has seen",
    operation: "responses",
    events: (pieces) => [
      ...pieces.map((text) => ({
        type: "content_block_delta",
        index: 0,
        delta: { type: "text_delta", text },
      })),
      { type: "novel.thing", note: pieces.join(""), nested: [{ deep: pieces.join("") }] },
    ],
    joined: (events) => events.map(({ delta }) => (delta as Json | undefined)?.text ?? "").join(""),
    repeats: (events) =>
      events.flatMap(({ note, nested }) =>
        typeof note === "string"
          ? [note, ...(nested as { deep: string }[]).map(({ deep }) => deep)]
          : [],
      ),
  },
];
