import { describe, expect, test } from "vitest";
import { describe as describeRequest } from "../../../../src/daemon/providers/openai/describe.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import type { RequestHead } from "../../../../src/daemon/providers/provider.js";

const json = "application/json";

function operationOf(
  method: string,
  path: string,
  body: string | object = "",
  given: Partial<RequestHead> = {},
) {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const head = { method, path, fullPath: `/v1${path}`, query: "", contentType: json, ...given };
  const action = openai.recognise(head);
  if (action === undefined) throw new Error(`${method} ${path} is unknown`);
  return describeRequest(action, head, bytes).operation;
}

const form = (fields: readonly (readonly [disposition: string, value: string])[]) => ({
  contentType: "multipart/form-data; boundary=B0",
  body: `${fields
    .map(([name, value]) => `--B0\r\nContent-Disposition: form-data; ${name}\r\n\r\n${value}\r\n`)
    .join("")}--B0--\r\n`,
});
const sentForm = (path: string, fields: Parameters<typeof form>[0]) => {
  const { body, contentType } = form(fields);
  return operationOf("POST", path, body, { contentType });
};

describe("what a request means", () => {
  test("a response, in full", () => {
    expect(
      operationOf("POST", "/responses", {
        model: "gpt-5.1",
        stream: true,
        input: [{ type: "additional_tools", tools: [{ type: "function", name: "late" }] }],
        tools: [
          { type: "function", name: "get_weather", parameters: { type: "object" } },
          { type: "custom", name: "sql" },
          { type: "web_search" },
          { type: "mcp", server_label: "deepwiki", authorization: "secret" },
          { type: "namespace", name: "crm", tools: [{ type: "function", name: "find" }] },
        ],
      }),
    ).toEqual({
      alsoCalled: { web_search: expect.arrayContaining(["web_search_preview"]) },
      models: ["gpt-5.1"],
      otherModels: false,
      provider: "openai",
      action: "responses.create",
      class: "inference",
      mintsCredential: false,
      method: "POST",
      path: "/v1/responses",
      model: "gpt-5.1",
      tools: ["get_weather", "sql", "web_search", "mcp:deepwiki", "find", "late"],
      stream: true,
      hostedTools: ["web_search", "mcp:deepwiki"],
      store: true,
      background: false,
    });
  });

  test("a response is kept unless the request says no, a chat completion only where it says so", () => {
    const flags = (path: string, body: object) => {
      const { store, background } = operationOf("POST", path, body);
      return { store, background };
    };
    expect(flags("/responses", { store: false })).toEqual({ store: false, background: false });
    expect(flags("/responses", { background: true })).toEqual({ store: true, background: true });
    expect(flags("/chat/completions", {})).toEqual({ store: false, background: false });
    expect(flags("/chat/completions", { store: true })).toMatchObject({ store: true });
  });

  test("chat completions name their tools one level deeper", () => {
    const { tools, stream, model } = operationOf("POST", "/chat/completions", {
      model: "gpt-4.1",
      messages: [],
      tools: [
        { type: "function", function: { name: "a" } },
        { type: "custom", custom: { name: "b" } },
      ],
      functions: [{ name: "c" }],
      web_search_options: {},
    });
    expect({ tools, stream, model }).toEqual({
      tools: ["a", "b", "c", "web_search"],
      stream: false,
      model: "gpt-4.1",
    });
  });

  test("flags and lists in a shape that only a lenient upstream takes are refused", () => {
    for (const odd of [
      ...["stream", "store", "background"].flatMap((flag) =>
        [1, "true", {}, []].map((value) => ({ [flag]: value })),
      ),
      { tools: { 0: { type: "function", name: "shell" } } },
      { tools: [[{ type: "function", name: "shell" }]] },
      { functions: "shell" },
    ]) {
      for (const path of ["/responses", "/chat/completions"]) {
        expect(() => operationOf("POST", path, odd), JSON.stringify(odd)).toThrow(
          expect.objectContaining({ code: "body_unreadable" }),
        );
      }
    }
    const none = { stream: null, store: null, background: null, tools: null };
    expect(operationOf("POST", "/responses", none)).toMatchObject({ stream: false, tools: [] });
    const image = { prompt: "a cat", background: "transparent" };
    expect(operationOf("POST", "/images/generations", image).background).toBe(false);
  });

  test("a tool that is named in two places has both names", () => {
    const tools = [{ type: "function", name: "search", function: { name: "shell" } }];
    for (const path of ["/responses", "/chat/completions"]) {
      expect(operationOf("POST", path, { tools }).tools).toEqual(["search", "shell"]);
    }
  });

  test("a form's model and stream", () => {
    const { model, stream } = sentForm("/audio/transcriptions", [
      ['name="file"; filename="a.wav"', "RIFF"],
      ['name="model"', "gpt-4o-transcribe"],
      ['name="stream"', "true"],
      ['name="include[]"', "logprobs"],
      ['name="include[]"', "other"],
    ]);
    expect({ model, stream }).toEqual({ model: "gpt-4o-transcribe", stream: true });
    const said = (word: string) =>
      sentForm("/audio/transcriptions", [['name="stream"', word]]).stream;
    expect(["True", "1", "False", "0", ""].map(said)).toEqual([true, true, false, false, false]);
    expect(() => said("yes")).toThrow(expect.objectContaining({ code: "body_unreadable" }));
  });

  test("a call's session, as SDP and as a form", () => {
    expect(
      operationOf("POST", "/realtime/calls", "v=0", { contentType: "application/sdp" }).model,
    ).toBeNull();
    const session = JSON.stringify({
      model: "gpt-realtime",
      tools: [{ type: "function", name: "f" }],
    });
    const { model, tools } = sentForm("/realtime/calls", [
      ['name="sdp"', "v=0"],
      ['name="session"', session],
    ]);
    expect({ model, tools }).toEqual({ model: "gpt-realtime", tools: ["f"] });
  });

  test("uploads that are also sent as JSON", () => {
    expect(operationOf("POST", "/videos", { model: "sora-2", prompt: "x" }).model).toBe("sora-2");
  });

  test("a model in the path, a stream in the query", () => {
    expect(operationOf("DELETE", "/models/ft%3Agpt:acme").model).toBe("ft:gpt:acme");
    expect(operationOf("GET", "/models").model).toBeNull();
    expect(operationOf("GET", "/responses/r", "", { query: "stream=true" }).stream).toBe(true);
    expect(operationOf("GET", "/responses/r", "", { query: "stream=false" }).stream).toBe(false);
    for (const query of ["stream=1", "stream=True", "stream=false&stream=true", "stream=yes"]) {
      expect(operationOf("GET", "/responses/r", "", { query }).stream).toBe(true);
    }
  });

  test("an empty body is fine where one could be", () => {
    expect(operationOf("POST", "/batches/b/cancel", "", { contentType: "" }).action).toBe(
      "batches.cancel",
    );
  });

  test("odd shapes of tools do not throw", () => {
    const tools = [{}, { type: "function" }, { type: "mcp" }, { type: 3, name: "n" }];
    expect(operationOf("POST", "/responses", { tools }).tools).toEqual([
      "tool",
      "function",
      "mcp:",
      "n",
    ]);
    expect(operationOf("POST", "/responses", { input: 3 }).tools).toEqual([]);
  });

  test("credentials in the query are masked, however they are written", () => {
    const query = "limit=2&key=sk-1&API_KEY=sk-2&api%2Dkey=sk-3&access_token&k%65y=sk-4&%=%";
    const { path } = operationOf("GET", "/models", "", { query });
    expect(path).toBe(
      "/v1/models?limit=2&key=[masked]&API_KEY=[masked]&api%2Dkey=[masked]&access_token=[masked]&k%65y=[masked]&%=%",
    );
  });

  test("an unknown operation is named so", () => {
    const head = {
      method: "POST",
      path: "/x",
      fullPath: "/v1/x",
      query: "key=sk-1",
      contentType: json,
    };
    expect(openai.describeUnknown(head)).toMatchObject({
      action: "unknown",
      class: "unknown",
      path: "/v1/x?key=[masked]",
      tools: [],
    });
  });
});

describe("what cannot be read as the provider reads it is refused", () => {
  const create =
    (body: string | object, contentType = json) =>
    () =>
      operationOf("POST", "/responses", body, { contentType });
  test.each<[string, () => unknown, RegExp]>([
    ["a key twice", create('{"model":"a","model":"b"}'), /same key twice: model/],
    ["no JSON", create("model=a"), /the body is not JSON/],
    ["a list", create("[]"), /the body is not a JSON object/],
    ["a model that is no text", create({ model: ["gpt-4.1"] }), /model is not a string/],
    ["text/plain", create("{}", "text/plain"), /takes application\/json, not text\/plain/],
    ["no content-type", create("{}", ""), /not a body without content-type/],
    ["a form", create("--B0", "multipart/form-data; boundary=B0"), /takes application\/json/],
    ["another charset", create("{}", "application/json; charset=utf-16"), /not in UTF-8/],
    [
      "a second charset",
      create("{}", "application/json; charset=utf-8; charset=utf-7"),
      /not in UTF-8/,
    ],
    ["a body of a GET", () => operationOf("GET", "/models", "{}"), /models.list takes no body/],
    ["a body of a DELETE", () => operationOf("DELETE", "/files/f", "{}"), /takes no body/],
    [
      "a form of another kind",
      () => operationOf("POST", "/files", "a=b", { contentType: "text/x" }),
      /does not take/,
    ],
    ["JSON for a call", () => operationOf("POST", "/realtime/calls", "{}"), /takes SDP or a form/],
    [
      "a broken form",
      () => operationOf("POST", "/files", "x", { contentType: form([]).contentType }),
      /not multipart/,
    ],
    [
      "a field twice",
      () =>
        sentForm("/images/edits", [
          ['name="model"', "a"],
          ['name="model"', "b"],
        ]),
      /"model" twice/,
    ],
    [
      "a model as a file",
      () => sentForm("/videos", [['name="model"; filename="m"', "a"]]),
      /field model is a file/,
    ],
    [
      "a broken session",
      () => sentForm("/realtime/calls", [['name="session"', '{"a":1,"a":2}']]),
      /field session has the same key/,
    ],
  ])("%s", (_name, call, message) => {
    let thrown: unknown;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "body_unreadable" });
    expect((thrown as Error).message).toMatch(message);
  });

  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "Application/JSON;charset=UTF8",
    'application/json; charset="utf-8"',
    "application/vnd.api+json",
  ])("%s is JSON", (contentType) => {
    expect(create({ model: "m" }, contentType)()).toMatchObject({ model: "m" });
  });
});

describe("models, wherever they are named", () => {
  test.each<[string, object, readonly string[], boolean]>([
    [
      "/responses",
      { model: "a", tools: [{ type: "image_generation", model: "b" }] },
      ["a", "b"],
      false,
    ],
    ["/fine_tuning/alpha/graders/run", { grader: { model: "g" }, model_sample: "x" }, ["g"], false],
    ["/responses", { models: ["a", "b"], input: "x" }, ["a", "b"], false],
    ["/responses", { model: "a", metadata: { model: "m" } }, ["a"], false],
    [
      "/responses",
      { model: "a", tools: [{ parameters: { model: { model: "m" } } }] },
      ["a"],
      false,
    ],
    ["/responses", { prompt: { id: "pmpt_1" } }, [], true],
    ["/batches", { input_file_id: "file-1", endpoint: "/v1/responses" }, [], true],
    ["/evals/e/runs", { data_source: { type: "responses", model: "a" } }, ["a"], false],
    ["/vector_stores", { name: "x" }, [], false],
  ])("%s %j", (path, body, models, otherModels) => {
    const operation = operationOf("POST", path, body);
    expect([...(operation.models ?? [])].sort()).toEqual(models);
    expect(operation.otherModels).toBe(otherModels);
  });

  test("a batch's lines name theirs, and a line that names none leaves it open", () => {
    const file = (text: string) =>
      sentForm("/files", [
        ['name="purpose"', "batch"],
        ['name="file"; filename="a.jsonl"', text],
      ]);
    const line = (model: string) => JSON.stringify({ url: "/v1/responses", body: { model } });
    expect(file(`${line("a")}\n${line("b")}\n`)).toMatchObject({
      models: ["a", "b"],
      otherModels: false,
    });
    expect(file(`${line("a")}\n{"body":{}}`)).toMatchObject({ models: ["a"], otherModels: true });
    expect(() => file('{"model":"a","model":"b"}')).toThrow("line 1 of the batch's file");
  });

  test("a member whose letters have another case is refused", () => {
    for (const name of ["Model", "TOOLS", "Stream", "Input"]) {
      const body = { model: "a", [name]: [] };
      expect(() => operationOf("POST", "/responses", body)).toThrow(name.toLowerCase());
    }
    expect(operationOf("POST", "/responses", { model: "a", Other: 1 }).model).toBe("a");
  });
});
