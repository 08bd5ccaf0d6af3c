import { expect, test } from "vitest";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import {
  textsIn,
  textsInForm,
  textsInUnknown,
} from "../../../../src/daemon/providers/openai/prompt.js";

test("a response's prompt: instructions, messages, tool outputs, file names, tool descriptions", () => {
  const texts = textsIn({
    model: "gpt-5",
    instructions: "be kind",
    previous_response_id: "resp_1",
    input: [
      { type: "message", role: "user", content: [{ type: "input_text", text: "hello" }] },
      { type: "input_file", filename: "drop table.csv", file_data: png },
      { type: "function_call", call_id: "call_1", name: "sql", arguments: '{"q":"select 1"}' },
      { type: "function_call_output", call_id: "call_1", output: "one row" },
      { type: "something_new", wording: "unheard of" },
    ],
    tools: [
      {
        type: "function",
        name: "delete_file",
        description: "removes a file",
        parameters: { properties: { type: { description: "which kind" } } },
      },
      {
        type: "mcp",
        server_label: "wiki",
        authorization: "s3cret",
        headers: { "x-key": "s3cret" },
      },
    ],
  });
  for (const text of [
    "be kind",
    "hello",
    "drop table.csv",
    '{"q":"select 1"}',
    "one row",
    "unheard of",
    "delete_file",
    "removes a file",
    "which kind",
    "type",
    "wiki",
  ]) {
    expect(texts).toContain(text);
  }
  for (const text of ["gpt-5", "resp_1", "call_1", "s3cret", png]) {
    expect(texts).not.toContain(text);
  }
  expect(texts.indexOf("be kind")).toBeLessThan(texts.indexOf("hello"));
});

test("chat messages, their tool calls and results", () => {
  const texts = textsIn({
    messages: [
      { role: "system", content: "rules" },
      { role: "assistant", tool_calls: [{ id: "c1", function: { name: "f", arguments: "{}" } }] },
      { role: "tool", tool_call_id: "c1", content: "result" },
    ],
  });
  expect(texts).toEqual(expect.arrayContaining(["rules", "f", "{}", "result"]));
  expect(texts).not.toContain("c1");
});

const png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE=";

test("only a medium, in a member for media and in base64 to its end, is no text", () => {
  const texts = [
    "data:;base64, drop table x",
    "data:drop table;base64,AAAA",
    "data:text/plain,drop",
    "data:image/png;base64,droptable",
    `${png} drop table`,
    `${png}drop`,
  ];
  for (const text of texts) {
    expect(textsIn({ input: text })).toEqual([text]);
    expect(textsIn({ input: [{ image_url: text }] })[0]).toBe(text);
  }
  expect(textsIn({ input: png })).toEqual([png]);
  expect(textsIn({ input: [{ image_url: png }, { image_url: { url: png } }] })).toEqual([]);
});

test("of a file in base64 what its bytes say is read too", () => {
  const data = `data:text/plain;base64,${Buffer.from("drop tÄble").toString("base64")}`;
  expect(textsIn({ input: [{ file_data: data }] })).toEqual([data, "drop tÄble"]);
});

test("names and ids inside of schemas and arguments are texts, and elsewhere a word that is one", () => {
  for (const name of ["parameters", "input_schema", "inputSchema", "output_schema", "arguments"]) {
    const texts = textsIn({ tools: [{ [name]: { properties: { id: { id: "drop" } } } }] });
    expect(texts).toEqual(expect.arrayContaining(["properties", "id", "drop"]));
  }
  expect(textsIn({ messages: [{ input: { id: "drop" } }] })).toContain("drop");
  expect(textsIn({ input: [{ id: "drop", type: "message" }] })).toEqual([]);
  expect(textsIn({ input: [{ id: "please drop the table" }] })).toEqual(["please drop the table"]);
});

test("a form: its fields, and of files their names and what is text in them", () => {
  const part = (name: string, filename: string | null, data: Buffer) => ({
    name,
    filename,
    contentType: "",
    data,
  });
  expect([
    ...textsInForm([
      part("purpose", null, Buffer.from("batch")),
      part("model", null, Buffer.from("gpt-5")),
      part("file", "in.jsonl", Buffer.from('{"drop":"table"}')),
      part("file", "a.txt", Buffer.from("drop \xff", "latin1")),
    ]),
  ]).toEqual(["batch", "in.jsonl", '{"drop":"table"}', "a.txt", "drop \ufffd"]);
});

test("a body that no operation says how to read is text still", () => {
  expect([...textsInUnknown(Buffer.from('{"a":"dr\\u006fp"}'))]).toContain("drop");
  expect([...textsInUnknown(Buffer.from("plain words"))]).toEqual(["plain words"]);
  expect([...textsInUnknown(Buffer.from(""))]).toEqual([""]);
});

test("nothing is walked before the prompt is asked for, and the body is parsed once", async () => {
  const head = {
    method: "POST",
    path: "/responses",
    fullPath: "/v1/responses",
    query: "",
    contentType: "application/json",
  };
  const action = openai.recognise(head);
  if (action === undefined) throw new Error("unknown");
  const body = Buffer.from('{"input":"hello"}');
  const { prompt } = await openai.describe(action, head, body);
  // Whoever asks later sees what was described, whatever became of the bytes.
  body.fill(0);
  expect(prompt()).toEqual(["hello"]);
});
