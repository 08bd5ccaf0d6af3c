/**
 * The mock model's mind: what it says, given what it was sent. It behaves as
 * a model with one habit: where a function tool is declared and no result is
 * there yet it calls the tool, and with a result it answers from it. The same
 * question always gets the same answer.
 */
export interface Thought {
  readonly text: string;
  readonly call: { readonly name: string; readonly arguments: string } | undefined;
}

interface FunctionTool {
  readonly name: string;
  readonly parameters: unknown;
}

type Json = Record<string, unknown>;

const record = (value: unknown): Json =>
  value !== null && typeof value === "object" ? (value as Json) : {};
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(record) : []);

/** Answers a Responses API request. */
export function thinkOfResponse(request: Json): Thought {
  const input = typeof request.input === "string" ? [{ role: "user", content: request.input }] : [];
  const items = input.length > 0 ? input.map(record) : list(request.input);
  const result = items.findLast((item) => item.type === "function_call_output");
  const question = items.findLast((item) => item.role === "user");
  const tools = list(request.tools)
    .filter((tool) => tool.type === "function")
    .map((tool) => ({ name: String(tool.name), parameters: tool.parameters }));
  return think(textOf(question?.content), tools[0], result && textOf(result.output));
}

/** Answers a chat completions request. */
export function thinkOfChat(request: Json): Thought {
  const messages = list(request.messages);
  const result = messages.findLast((message) => message.role === "tool");
  const question = messages.findLast((message) => message.role === "user");
  const tools = list(request.tools)
    .map((tool) => record(tool.function))
    .map((tool) => ({ name: String(tool.name), parameters: tool.parameters }));
  return think(textOf(question?.content), tools[0], result && textOf(result.content));
}

function think(
  question: string,
  tool: FunctionTool | undefined,
  result: string | undefined,
): Thought {
  if (tool !== undefined && result === undefined) {
    return { text: "", call: { name: tool.name, arguments: fill(tool.parameters, question) } };
  }
  if (result !== undefined)
    return { text: `I asked the tool, and it says: ${result}`, call: undefined };
  const count = /count to (\d+)/i.exec(question)?.[1];
  if (count !== undefined) {
    const numbers = Array.from({ length: Number(count) }, (_, index) => index + 1);
    return { text: numbers.join(" "), call: undefined };
  }
  return { text: `You said: ${question.slice(0, 200)}`, call: undefined };
}

/** Arguments that fit a JSON schema: texts are the question's last capitalised word. */
function fill(schema: unknown, question: string): string {
  const word = question.match(/\b\p{Lu}\p{L}+/gu)?.at(-1) ?? "sample";
  const values = Object.entries(record(record(schema).properties)).map(([name, property]) => {
    const { type, enum: choices } = record(property);
    if (Array.isArray(choices)) return [name, choices[0]];
    if (type === "number" || type === "integer") return [name, 1];
    if (type === "boolean") return [name, true];
    return [name, word];
  });
  return JSON.stringify(Object.fromEntries(values));
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (Array.isArray(content))
    return content.map((part) => String(record(part).text ?? "")).join("");
  return String(record(content).text ?? "");
}

/** Cuts a text into the pieces a stream delivers: words with the space before them. */
export function piecesOf(text: string): readonly string[] {
  return text.match(/\s*\S+/g) ?? [];
}
