/**
 * Cut streams: a text cut in two at every place, all cuts in one reply: each
 * is an output item, a choice or an argument of its own.
 */
export type CutShape = "text" | "arguments" | "chat" | "whole";
export const cutShapes: readonly CutShape[] = ["text", "arguments", "chat"];

/** A text longer than that is cut at as many places, evenly. */
const mostCuts = 160;

function cutsOf(text: string): readonly number[] {
  const step = Math.max(1, Math.ceil(text.length / mostCuts));
  const cuts: number[] = [];
  for (let at = 1; at < text.length; at += step) cuts.push(at);
  return cuts.length === 0 ? [text.length] : cuts;
}

/** The reply of this shape: its content-type, its bytes, and how many cuts are in it. */
export function cutReply(shape: CutShape, text: string) {
  const cuts = cutsOf(text);
  if (shape === "whole") {
    const output = [messageOf(text, 0)];
    return { type: "application/json", body: JSON.stringify({ output }), cuts: 1 };
  }
  const events = shape === "chat" ? chatOf(text, cuts) : responseOf(shape, text, cuts);
  return { type: "text/event-stream", body: events.join(""), cuts: cuts.length };
}

const data = (value: { readonly type?: string }) =>
  `${value.type === undefined ? "" : `event: ${value.type}\n`}data: ${JSON.stringify(value)}\n\n`;

const messageOf = (text: string, place: number) => ({
  id: `msg_${place}`,
  type: "message",
  role: "assistant",
  content: [{ type: "output_text", text, annotations: [] }],
});

const callOf = (text: string, place: number) => ({
  id: `fc_${place}`,
  type: "function_call",
  call_id: `call_${place}`,
  name: "save",
  arguments: text,
});

function responseOf(shape: "text" | "arguments", text: string, cuts: readonly number[]) {
  const whole = shape === "text" ? text : JSON.stringify({ value: text });
  const kind = shape === "text" ? "output_text" : "function_call_arguments";
  const itemOf = shape === "text" ? messageOf : callOf;
  const events: string[] = [];
  for (const [place, cut] of cuts.entries()) {
    // In the JSON of arguments as well: a cut may fall into an escape.
    const at = shape === "text" ? cut : Math.min(whole.length - 1, cut + 10);
    const own = { item_id: itemOf("", place).id, output_index: place, content_index: 0 };
    events.push(
      data({ type: "response.output_item.added", ...own, item: itemOf("", place) } as never),
      data({ type: `response.${kind}.delta`, ...own, delta: whole.slice(0, at) } as never),
      data({ type: `response.${kind}.delta`, ...own, delta: whole.slice(at) } as never),
      data({
        type: `response.${kind}.done`,
        ...own,
        [shape === "text" ? "text" : "arguments"]: whole,
      } as never),
    );
  }
  const output = cuts.slice(0, 3).map((_, place) => itemOf(whole, place));
  events.push(data({ type: "response.completed", response: { id: "resp_1", output } } as never));
  return events;
}

function chatOf(text: string, cuts: readonly number[]) {
  const chunk = (index: number, content: string, finish: string | null) =>
    data({
      object: "chat.completion.chunk",
      choices: [{ index, delta: { content }, finish_reason: finish }],
    } as never);
  return [
    ...cuts.flatMap((cut, place) => [
      chunk(place, text.slice(0, cut), null),
      chunk(place, text.slice(cut), "stop"),
    ]),
    "data: [DONE]\n\n",
  ];
}
