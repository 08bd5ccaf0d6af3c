/**
 * Reply endings on the real path: a reply is over with the provider's last
 * event, and one that breaks off arrives as far as it came.
 */
import { once } from "node:events";
import { request, type ServerResponse } from "node:http";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import type { Policy } from "../../../../src/daemon/policy/policy.js";
import { authorized, startDataPath, token } from "../../../support/data-path.js";
import { fakeSecret, openFakeMasking } from "../../../support/fake-masking.js";
import { response, responseStream } from "../../../support/tool-call-replies.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const watching: Partial<Policy> = {
  watchesToolCalls: () => true,
  evaluateToolCall: () => ({ effect: "allow", rule: null, reason: "no rule speaks of it" }),
};

async function dataPath(
  reply: (answer: ServerResponse) => unknown,
  policy: Partial<Policy> = {},
): Promise<DataPath> {
  const started = await startDataPath({
    policy,
    upstream(request, answer) {
      request.resume();
      request.on("end", () => reply(answer));
    },
    masking: { open: openFakeMasking, forget() {} },
  });
  open.push(started);
  return started;
}

const events = { "content-type": "text/event-stream" };
const chunk = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const done = "data: [DONE]\n\n";
const named = (type: string) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, response: { ...response, status: "x" } })}\n\n`;

/** Asks, and closes its connection as soon as this came; gives what came and how it ended. */
function ask({ port }: DataPath, until?: string) {
  const sent = request({
    ...{ port, path: "/openai/v1/chat/completions", method: "POST", agent: false },
    headers: { ...authorized, "content-type": "application/json" },
  });
  sent.end('{"model":"gpt-mock","stream":true}');
  return new Promise<{ status: number | undefined; text: string; how: string }>((resolve) => {
    sent.on("error", () => resolve({ status: undefined, text: "", how: "nothing" }));
    sent.on("response", (reply) => {
      let text = "";
      const over = (how: string) => resolve({ status: reply.statusCode, text, how });
      reply.on("data", (bytes: Buffer) => {
        text += bytes.toString();
        if (until === undefined || !text.includes(until)) return;
        sent.destroy();
        over("left");
      });
      reply.on("end", () => over("end"));
      reply.on("error", () => over("cut"));
    });
  });
}

const ending = (path: DataPath, at = 0) =>
  expect.poll(() => path.transcripts.exchanges[at]?.ending);

test.each([
  ["chat", done, null],
  ["a response", named("response.completed"), null],
  ["a response that failed", named("response.failed"), "upstream_error"],
  ["a response that is not whole", named("response.incomplete"), null],
  [
    "an error of a response",
    'event: error\ndata: {"type":"error","message":"no"}\n\n',
    "upstream_error",
  ],
  ["an error in a chat", 'data: {"error":{"message":"no"}}\n\n', "upstream_error"],
])("%s: a client that closes at the last event left nothing", async (_name, last, error) => {
  for (const policy of [{}, watching]) {
    let aborted: Promise<unknown> | undefined;
    const path = await dataPath((answer) => {
      aborted = once(answer, "close");
      answer.writeHead(200, events);
      answer.write(chunk("hello") + last);
    }, policy);
    expect(await ask(path, last.trimEnd())).toMatchObject({ status: 200, how: "left" });
    const outcome = error === null ? "allowed" : "failed";
    await ending(path).toMatchObject({ error, status: 200, outcome });
    await aborted;
  }
});

test.each([
  ["between events", chunk("one"), "one"],
  ["behind the last event's name", `event: response.completed\n`, undefined],
  ["at a text that says it", chunk("data: [DONE]\n\n response.completed"), "response.completed"],
])("a client that closes before it has left: %s", async (_name, sent, until) => {
  const path = await dataPath((answer) => {
    answer.writeHead(200, events);
    answer.write(chunk("zero") + sent);
  });
  expect(await ask(path, until ?? "zero")).toMatchObject({ how: "left" });
  await ending(path).toMatchObject({ error: "client_left" });
});

test("an upstream that breaks off behind its last event gave a whole reply", async () => {
  const path = await dataPath((answer) => {
    answer.writeHead(200, events);
    answer.write(chunk("hello") + done, () => answer.destroy());
  });
  expect(await ask(path)).toEqual({ status: 200, text: chunk("hello") + done, how: "end" });
  await ending(path).toMatchObject({ error: null });
});

const json = { "content-type": "application/json" };
const body = JSON.stringify(response);
test.each([
  ["a stream", events, chunk("hello"), chunk("hello")],
  ["JSON in chunks", json, body.slice(0, 60), body.slice(0, 60)],
  ["JSON with a length", { ...json, "content-length": body.length }, body.slice(0, 60), "{"],
  ["long JSON with a length", { ...json, "content-length": 100_000 }, body.slice(0, 60), "{"],
  ["text", { "content-type": "text/plain" }, "hello", "hello"],
  ["a head alone", json, "", ""],
  ["a stream's head alone", events, "", ""],
  ["media", { "content-type": "image/png" }, "\x89PNG", "\x89PNG"],
  ["what may be a secret", json, `{"a":"${fakeSecret(1).slice(0, 9)}`, ""],
])("%s that breaks off arrives as head and bytes, then the cut", async (_name, head, sent, got) => {
  const path = await dataPath((answer) => {
    answer.writeHead(200, head);
    answer.flushHeaders();
    if (sent === "") answer.destroy();
    else answer.write(Buffer.from(sent, "latin1"), () => answer.destroy());
  });
  const reply = await ask(path);
  expect(reply).toMatchObject({ status: 200, how: "cut" });
  expect(reply.text.startsWith(got === "\x89PNG" ? "\ufffdPNG" : got)).toBe(true);
  expect(reply.text).not.toContain("SECRET0");
  await ending(path).toMatchObject({ error: "truncated", status: 200 });
});

test("JSON whose tool calls are watched and that breaks off is refused, and not sent again", async () => {
  const cut = (answer: ServerResponse) => {
    answer.writeHead(200, { ...json, "content-length": body.length });
    answer.write(body.slice(0, 60), () => answer.destroy());
  };
  const path = await dataPath(cut, watching);
  const { status, text } = await ask(path);
  expect([status, JSON.parse(text).error.code]).toEqual([502, "reply_unreadable"]);
  const client = new OpenAI({ apiKey: token, baseURL: `${path.base}/v1` });
  await expect(client.responses.create({ model: "gpt-mock", input: "x" })).rejects.toThrow(
    /broke off/,
  );
  expect(path.received()).toBe(2);
});

test("the SDK raises what was cut, and does not send again", async () => {
  const path = await dataPath((answer) => {
    answer.writeHead(200, { ...json, "content-length": body.length });
    answer.write(body.slice(0, 60), () => answer.destroy());
  });
  const client = new OpenAI({ apiKey: token, baseURL: `${path.base}/v1` });
  await expect(client.responses.create({ model: "gpt-mock", input: "x" })).rejects.toThrow();
  const stream = await dataPath((answer) => {
    answer.writeHead(200, events);
    answer.write(responseStream.slice(0, responseStream.indexOf("\n\n") + 2), () =>
      answer.destroy(),
    );
  });
  const streaming = new OpenAI({ apiKey: token, baseURL: `${stream.base}/v1` });
  const read = async () => {
    const events = await streaming.responses.create({
      model: "gpt-mock",
      input: "x",
      stream: true,
    });
    for await (const _event of events);
  };
  await expect(read()).rejects.toThrow();
  expect([path.received(), stream.received()]).toEqual([1, 1]);
});
