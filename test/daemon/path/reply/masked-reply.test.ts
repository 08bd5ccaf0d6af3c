/** The form of a reply is decided on its bytes: what is searched as what, whatever its head says. */
import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { beginsAs } from "../../../../src/daemon/path/reply/reply-form.js";
import { authorized, startDataPath } from "../../../support/data-path.js";
import { fakeSecret, openFakeMasking } from "../../../support/fake-masking.js";
import { eventText, type StreamShape, streamShapes } from "../../../support/masked-streams.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const secret = fakeSecret(1);
const mark = "[masked:fake]#1";
const shape = streamShapes[0] as StreamShape;

async function ask(type: string | undefined, pieces: readonly string[]) {
  const path = await startDataPath({
    async upstream(request, answer: ServerResponse) {
      request.resume();
      if (type !== undefined) answer.setHeader("content-type", type);
      answer.writeHead(200);
      for (const piece of pieces) {
        answer.write(piece);
        await new Promise(setImmediate);
      }
      answer.end();
    },
    masking: { open: openFakeMasking, forget() {} },
  });
  open.push(path);
  const reply = await fetch(`${path.base}/v1/${shape.operation}`, {
    method: "POST",
    headers: { ...authorized, "content-type": "application/json" },
    body: '{"model":"gpt-mock","stream":true}',
  });
  const text = await reply.text().catch(() => "cut");
  return { text, error: path.transcripts.exchanges[0]?.ending?.error };
}

const stream = shape.events([`is ${secret.slice(0, 8)}`, `${secret.slice(8)}.`]).map(eventText);

test.each([
  ...[
    "text/plain",
    "text/plain; charset=utf-8",
    "application/json",
    "text/html",
    "text/event_stream",
  ],
  ...["application/x-ndjson", "application/octet-stream", "application/event-stream", undefined],
])("a stream under %s: a secret cut over its events is hidden", async (type) => {
  const { text, error } = await ask(type, stream);
  expect(text).toContain(mark);
  expect(text).not.toMatch(/SECRET\d|\d{7}/);
  expect(error).toBeNull();
});

test.each([
  [
    "its first line cut",
    [(stream[0] ?? "").slice(0, 3), (stream[0] ?? "").slice(3), ...stream.slice(1)],
  ],
  ["a comment first", [": ping\n\n", ...stream]],
  ["a blank line first", ["\n", ...stream]],
  ["a byte order mark first", ["\ufeff", ...stream]],
  ["names and ids", stream.map((text, at) => `event: x\nid: ${at}\nretry: 10\n${text}`)],
  ["CR and LF", stream.map((text) => text.replaceAll("\n", "\r\n"))],
  ["no space", stream.map((text) => text.replaceAll("data: ", "data:"))],
])("a stream under text/plain, %s", async (_name, sent) => {
  const { text } = await ask("text/plain", sent);
  expect(text).toContain(mark);
  expect(text).not.toMatch(/SECRET\d|\d{7}/);
});

test.each([
  ["JSON under a stream's type", "text/event-stream", `{"a":"${secret}"}`],
  ["lines of JSON under a stream's type", "text/event-stream", `{"a":1}\n{"a":"${secret}"}\n`],
  ["JSON under plain text", "text/plain", `{"a":"${secret}"}`],
  ["text under JSON", "application/json", `it is ${secret}`],
  ["notes with data in them", "text/plain", `notes\n\ndata: ${secret}\n`],
  ["a file in YAML", "text/plain", `data:\n  mode: "${secret}"\nkind: ConfigMap\n`],
  ["a file in YAML that flows", "text/plain", `data: [${secret}]\nkind: ConfigMap\n`],
])("%s is what its bytes are", async (_name, type, body) => {
  for (const at of [1, 6, body.indexOf(secret) + 4, body.length]) {
    const { text, error } = await ask(type, [body.slice(0, at), body.slice(at)].filter(Boolean));
    expect(text).toBe(body.replace(secret, mark));
    expect(error).toBeNull();
  }
});

test.each([
  ["a stream", stream[0] ?? ""],
  ["JSON", `{"a":"${secret}"}`],
])("%s under a type of media does not pass", async (_name, body) => {
  const { text, error } = await ask("image/png", [body]);
  expect([text, error]).toEqual(["cut", "reply_unreadable"]);
});

test("the first bytes are waited for only as long as they may be either", () => {
  for (const [text, form] of [
    ["", undefined],
    ["\n", undefined],
    ["d", undefined],
    ["data:", undefined],
    ["data: {", undefined],
    ['data: {"', "events"],
    ["data: [DONE]", "events"],
    [": a comment\n\n", undefined],
    [" {", "json"],
    ["[", "json"],
    ["data: x", "neither"],
    ["dates", "neither"],
    [`:${"x".repeat(5000)}`, "neither"],
  ] as const) {
    expect([text, beginsAs(Buffer.from(text), false)]).toEqual([text, form]);
    expect(beginsAs(Buffer.from(text), true)).toBe(form ?? "neither");
  }
});
