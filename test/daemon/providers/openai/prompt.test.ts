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
      { type: "input_file", filename: "drop table.csv", file_data: "data:text/csv;base64,AAAA" },
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
  for (const text of ["gpt-5", "resp_1", "call_1", "s3cret", "data:text/csv;base64,AAAA"]) {
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

test("what only begins as a file in base64 is text", () => {
  const odd = ["data:;base64, drop table x", "data:drop table;base64,AAAA", "data:text/plain,drop"];
  expect(textsIn({ input: odd })).toEqual(odd);
  expect(textsIn({ input: ["data:image/png;base64,iVBORw0KGgo=", "data:;base64,_-A="] })).toEqual(
    [],
  );
});

test("a form: its fields, and of files their names and what is text in them", () => {
  const part = (name: string, filename: string | null, data: Buffer) => ({
    name,
    filename,
    contentType: "",
    data,
  });
  expect(
    textsInForm([
      part("purpose", null, Buffer.from("batch")),
      part("model", null, Buffer.from("gpt-5")),
      part("file", "in.jsonl", Buffer.from('{"drop":"table"}')),
      part("file", "a.png", Buffer.from([0xff, 0xd8, 0x00])),
    ]),
  ).toEqual(["batch", "in.jsonl", '{"drop":"table"}', "a.png"]);
});

test("a body that no operation says how to read is text still", () => {
  expect(textsInUnknown(Buffer.from('{"a":"dr\\u006fp"}'))).toContain("drop");
  expect(textsInUnknown(Buffer.from("plain words"))).toEqual(["plain words"]);
  expect(textsInUnknown(Buffer.from(""))).toEqual([""]);
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
