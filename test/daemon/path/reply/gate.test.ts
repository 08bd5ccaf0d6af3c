/** The gate on the real path: what leaves when, what never leaves, and what the record says of it. */
import { once } from "node:events";
import { get, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import type { Verdict } from "../../../../src/daemon/model/decision.js";
import type { ToolCall } from "../../../../src/daemon/model/review.js";
import type { CallRecord } from "../../../../src/daemon/model/transcript.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import {
  authorized,
  type DataPathOptions,
  key,
  startDataPath,
} from "../../../support/data-path.js";
import { createFakeDesk } from "../../../support/fake-desk.js";
import {
  chatChunks,
  chatCompletion,
  chatStream,
  fileCall,
  response,
  responseEvents,
  responseStream,
  sse,
} from "../../../support/tool-call-replies.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

type Reply = (response: ServerResponse, request: IncomingMessage) => void;
interface Given extends Partial<DataPathOptions> {
  /** Verdicts by the call's name; others are allowed. */
  readonly rules?: Readonly<Record<string, Verdict>>;
}

const deny: Verdict = { effect: "deny", rule: "no-deletes", reason: "files stay" };
const tell: Verdict = { ...deny, onDeny: "tell-model" };
const review: Verdict = {
  effect: "review",
  rule: "ask-first",
  origin: { layer: "user", file: "/policy.yaml", hash: "d3" },
  reason: "a person decides",
};

async function dataPath(reply: Reply, { rules = {}, ...options }: Given = {}): Promise<DataPath> {
  const started = await startDataPath({
    upstream(request, answer) {
      request.resume();
      request.on("end", () => reply(answer, request));
    },
    policy: {
      watchesToolCalls: () => true,
      evaluateToolCall: (_input, { name }: ToolCall) =>
        rules[name] ?? { effect: "allow", rule: null, reason: "no rule speaks of it" },
    },
    ...options,
  });
  open.push(started);
  return started;
}

const streaming =
  (text: string): Reply =>
  (answer) => {
    answer.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    answer.end(text);
  };
const whole =
  (body: unknown): Reply =>
  (answer) => {
    const text = JSON.stringify(body);
    answer.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
    });
    answer.end(text);
  };

function ask(path: DataPath, operation = "responses", headers: Record<string, string> = {}) {
  return fetch(`${path.base}/v1/${operation}`, {
    method: "POST",
    headers: { ...authorized, "content-type": "application/json", ...headers },
    body: '{"model":"gpt-mock","stream":true}',
  });
}

function recorded(path: DataPath) {
  const [exchange] = path.transcripts.exchanges;
  if (exchange === undefined) throw new Error("nothing is recorded");
  const calls = exchange.frames
    .filter(({ kind }) => kind === "tool-call")
    .map(({ data }): CallRecord => JSON.parse(Buffer.from(data).toString()));
  const body = Buffer.from(path.transcripts.text(exchange, "reply-body"), "latin1").toString();
  return { exchange, calls, body };
}

test("where nothing is watched, not even what is no event is touched", async () => {
  const path = await dataPath(
    (answer) => {
      answer.writeHead(200, { "content-type": "text/event-stream" });
      answer.end("data: {cut\n\n");
    },
    { policy: {} },
  );
  expect(await (await ask(path)).text()).toBe("data: {cut\n\n");
});

test.each([
  ["responses", responseStream, "text/event-stream"],
  ["chat/completions", chatStream, "text/event-stream"],
  ["responses", JSON.stringify(response), "application/json"],
  ["chat/completions", JSON.stringify(chatCompletion), "application/json"],
])("%s: allowed calls pass byte for byte, and are on record", async (operation, text, type) => {
  const path = await dataPath((answer) => {
    answer.writeHead(200, { "content-type": type });
    answer.end(text);
  });
  const got = await (await ask(path, operation)).text();
  // Text overtakes calls that are held; each event is the very one that came.
  expect(got.split("\n\n").sort()).toEqual(text.split("\n\n").sort());
  const { calls, body, exchange } = recorded(path);
  expect(calls.map(({ outcome }) => outcome)).toEqual(Array(calls.length).fill("allowed"));
  expect(calls.map(({ name }) => name)).toContain("delete_file");
  expect(body).toBe(got);
  expect(exchange.ending).toMatchObject({ error: null, tokens: expect.anything() });
});

test("a call is held from its first byte while text flows, and released as it came", async () => {
  const { desk, asks, ask: asked } = createFakeDesk();
  let finish = () => {};
  const path = await dataPath(
    (answer) => {
      answer.writeHead(200, { "content-type": "text/event-stream" });
      answer.write(responseEvents.slice(0, 17).map(sse).join(""));
      finish = () => answer.end(responseEvents.slice(17).map(sse).join(""));
    },
    { rules: { delete_file: review, shell: review }, desk, gatePace: { keepAliveMs: 20 } },
  );
  const reply = await ask(path);
  const reader = readerOf(reply);
  await reader.until("moment");
  const first = await asked(1);
  await reader.until(": held\n: held\n");
  finish();
  await reader.until('"delta":"."');
  expect(reader.got()).not.toMatch(/passwd|fc_1|call_1|rm -rf|Lisbon|response\.completed/);
  expect(asks.map(({ request }) => request.toolCall?.name)).toEqual(["shell", "delete_file"]);
  expect(asks[0]?.request.binding).not.toBe(asks[1]?.request.binding);

  first.settle("approved");
  asks[0]?.settle("granted");
  const got = (await reader.rest()).replaceAll(": held\n", "");
  expect(got.split("\n\n").sort()).toEqual(responseStream.split("\n\n").sort());
  const ofCalls = responseEvents.filter(({ output_index: at }) => at === 1 || at === 2).map(sse);
  const places = ofCalls.map((event) => got.indexOf(event));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(recorded(path).body).toBe(reader.got());
  expect(recorded(path).calls).toMatchObject(
    [
      { name: "web_search", outcome: "allowed" },
      { name: "delete_file", effect: "review", rule: "ask-first", review: "rev_fake" },
      { name: "shell", outcome: "granted", review: "rev_fake" },
    ].sort((one, other) => order(path, one.name) - order(path, other.name)),
  );
});

const order = (path: DataPath, name: string) =>
  recorded(path).calls.findIndex((call) => call.name === name);

test("a client that puts items together by their place gets them in order", async () => {
  const { desk, ask: asked } = createFakeDesk();
  const moved = (event: Record<string, unknown>) =>
    event.output_index === 0
      ? { ...event, output_index: 1 }
      : event.output_index === 1
        ? { ...event, output_index: 0 }
        : event;
  // The call comes first, and text begins after it.
  const events = [4, 5, 9, 15, 16, 1, 2, 3].map((at) => moved(responseEvents[at] ?? {}));
  const text = [...events, responseEvents.at(-1) ?? {}].map(sse).join("");
  const path = await dataPath(streaming(text), { rules: { delete_file: review }, desk });
  const reply = await ask(path, "responses", { "x-stainless-helper-method": "stream" });
  const held = await asked(0);
  held.settle("approved");
  expect(await reply.text()).toBe(text);
});

test.each([
  ["responses", responseStream],
  ["chat/completions", chatStream],
])(
  "%s: a denied call ends the stream with an error, and nothing of it leaves",
  async (op, text) => {
    const path = await dataPath(streaming(text), { rules: { delete_file: deny } });
    const got = await (await ask(path, op)).text();
    expect(got).not.toMatch(/passwd|fc_1|call_1|response\.completed|\[DONE\]|usage":\{/);
    const [, said = ""] = /^data: (.*"invalid_request_error".*)$/m.exec(got) ?? [];
    const { error } = JSON.parse(said);
    expect(error.hoopx_code ?? error.code).toBe("tool_call_denied");
    expect(error.message).toMatch(
      /^hoopx: tool call delete_file denied by rule no-deletes: files stay \(/,
    );
    const { exchange, calls, body } = recorded(path);
    expect(body).toBe(got);
    expect(exchange.ending).toMatchObject({ status: 200, error: "tool_call_denied" });
    expect(calls).toContainEqual(
      expect.objectContaining({ name: "delete_file", outcome: "denied", rule: "no-deletes" }),
    );
    expect(JSON.stringify(calls)).not.toContain("passwd");
    const operation = exchange.opening.operation;
    const notes = operation && openai.converse(operation, exchange.frames).reply;
    expect(notes?.map((note) => note.text).join("\n")).toContain(
      "tool call delete_file denied by rule no-deletes: files stay",
    );
  },
);

test.each([
  ["responses", response],
  ["chat/completions", chatCompletion],
])("%s: a denied call in a whole reply is a refused request", async (operation, body) => {
  const path = await dataPath(whole(body), { rules: { delete_file: deny } });
  const reply = await ask(path, operation);
  expect(reply.status).toBe(400);
  expect(reply.headers.get("x-should-retry")).toBe("false");
  const { error } = JSON.parse(await reply.text());
  expect(error).toMatchObject({ code: "tool_call_denied", type: "hoopx_tool_call_denied" });
  const { exchange, calls } = recorded(path);
  expect(exchange.ending).toMatchObject({ status: 400, error: "tool_call_denied" });
  // It was paid for: a budget counts it.
  expect(exchange.ending?.tokens?.output).toBeGreaterThan(0);
  expect(calls).toContainEqual(expect.objectContaining({ outcome: "denied" }));
  expect(
    JSON.stringify(exchange.frames.map(({ data }) => Buffer.from(data).toString())),
  ).not.toContain("passwd");
});

test("tell-model: the call is replaced by a message, in stream and body", async () => {
  const message = "hoopx: tool call delete_file denied by rule no-deletes: files stay";
  const inStream = await dataPath(streaming(responseStream), { rules: { delete_file: tell } });
  const text = await (await ask(inStream)).text();
  expect(text).not.toMatch(/passwd|fc_1/);
  expect(text).toContain(message);
  const sum = JSON.parse(/data: (.*)\n\n$/.exec(text)?.[1] ?? "").response;
  expect(sum.output.map(({ type }: { type: string }) => type)).toEqual([
    "message",
    "message",
    "custom_tool_call",
    "web_search_call",
  ]);
  expect(recorded(inStream).exchange.ending?.error).toBeNull();
  expect(recorded(inStream).calls).toContainEqual(
    expect.objectContaining({ name: "delete_file", outcome: "denied", toldToModel: true }),
  );

  const inBody = await dataPath(whole(chatCompletion), { rules: { delete_file: tell } });
  const reply = await ask(inBody, "chat/completions");
  const body = await reply.text();
  expect(Number(reply.headers.get("content-length"))).toBe(Buffer.byteLength(body));
  const [choice] = JSON.parse(body).choices;
  expect(choice.message.content).toBe(message);
  expect(choice.message.tool_calls).toHaveLength(1);
});

test("a review's answer says who, when and why; a whole reply waits for it with interim responses", async () => {
  const { desk, ask: asked } = createFakeDesk();
  const path = await dataPath(whole(response), {
    rules: { delete_file: review },
    desk,
    gatePace: { processingMs: 20 },
  });
  let interim = 0;
  const url = new URL(`${path.base}/v1/responses`);
  const reply = new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = { ...authorized, "content-type": "application/json", "user-agent": "node" };
    const sent = httpRequest(url, { method: "POST", headers }, async (answer) => {
      let text = "";
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode ?? 0, text });
    });
    sent.on("information", () => {
      interim += 1;
      if (interim === 2) deniedByLead();
    });
    sent.on("error", reject);
    sent.end("{}");
  });
  const identity = { issuer: "i", subject: "s", email: "lead@x.io", groups: [], profile: null };
  const deniedByLead = async () =>
    (await asked(0)).settle("denied", {
      decidedBy: identity,
      decidedAt: new Date("2026-01-02T03:04:05Z"),
      comment: "not this one",
    });
  const { status, text } = await reply;
  expect(status).toBe(400);
  expect(JSON.parse(text).error.message).toContain(
    "tool call delete_file denied by lead@x.io at 2026-01-02T03:04:05.000Z (not this one), review rev_fake",
  );
});

test("who waits longer than a client would is told the review's id", async () => {
  const { desk } = createFakeDesk();
  const path = await dataPath(whole(response), {
    rules: { delete_file: review },
    desk,
    gatePace: { headPatienceMs: 30 },
  });
  const reply = await ask(path);
  expect(reply.status).toBe(400);
  const { error } = JSON.parse(await reply.text());
  expect(error.code).toBe("review_pending");
  expect(error.message).toContain("rev_fake");
});

test("where nobody can be asked, the call is denied", async () => {
  const path = await dataPath(streaming(responseStream), { rules: { delete_file: review } });
  const got = await (await ask(path)).text();
  expect(got).toContain('"code":"review_required"');
  expect(got).not.toContain("passwd");
});

test("a desk that fails lets nothing through, and is told as a fault", async () => {
  const desk = { ask: () => Promise.reject(new Error("the disk, and a secret")) };
  const path = await dataPath(streaming(responseStream), { rules: { shell: review }, desk });
  const got = await (await ask(path)).text();
  expect(got).toContain('"code":"fault"');
  expect(got).not.toMatch(/secret|rm -rf/);
  expect(path.faults).toHaveLength(1);
});

test("nothing of a call leaves if its decision cannot be recorded", async () => {
  const { desk, ask: asked } = createFakeDesk();
  const path = await dataPath(streaming(responseStream), { rules: { delete_file: review }, desk });
  const reader = readerOf(await ask(path));
  const held = await asked(0);
  path.transcripts.fail(new Error("disk full"));
  held.settle("approved");
  const got = await reader.rest().catch(() => reader.got());
  expect(got).not.toContain("passwd");
  path.transcripts.fail(undefined);
});

test("upstreams are asked for replies as they are; one that is compressed all the same is decoded", async () => {
  const wanted: (string | undefined)[] = [];
  for (const [coding, pack] of [
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ] as const) {
    const path = await dataPath(
      (answer, request) => {
        wanted.push(request.headers["accept-encoding"]);
        answer.writeHead(200, { "content-type": "text/event-stream", "content-encoding": coding });
        answer.end(pack(responseStream));
      },
      { rules: { delete_file: deny } },
    );
    const reply = await ask(path);
    expect(reply.headers.get("content-encoding")).toBeNull();
    const got = await reply.text();
    expect(got).toContain("tool_call_denied");
    expect(got).not.toContain("passwd");
  }
  expect(wanted).toEqual(["identity", "identity"]);

  const allowed = await dataPath((answer) => {
    answer.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    answer.end(gzipSync(JSON.stringify(response)));
  });
  expect(await (await ask(allowed)).json()).toEqual(response);
});

test.each([
  ["unknown", "zstd", Buffer.from(responseStream)],
  ["stacked", "gzip, br", gzipSync(responseStream)],
])("an %s coding fails closed", async (_, coding, body) => {
  const path = await dataPath((answer) => {
    answer.writeHead(200, { "content-type": "text/event-stream", "content-encoding": coding });
    answer.end(body);
  });
  const reply = await ask(path, "responses", { "accept-encoding": "identity" });
  expect(reply.status).toBe(502);
  expect(reply.headers.get("x-should-retry")).toBe("false");
  expect(JSON.parse(await reply.text()).error.code).toBe("reply_unreadable");
});

test.each([
  ["damaged compression", { "content-encoding": "gzip" }, Buffer.from("no gzip"), "stream"],
  ["no JSON in an event", {}, Buffer.from("data: {cut\n\n"), "stream"],
  [
    "a call that never ends",
    {},
    Buffer.from(responseEvents.slice(0, 6).map(sse).join("")),
    "stream",
  ],
  ["no JSON", { "content-type": "application/json" }, Buffer.from("{"), "head"],
  ["plain text", { "content-type": "text/plain" }, Buffer.from(responseStream), "head"],
])("%s fails closed", async (_, headers, body, where) => {
  const path = await dataPath((answer) => {
    answer.writeHead(200, { "content-type": "text/event-stream", ...headers });
    answer.end(body);
  });
  const reply = await ask(path);
  expect(reply.status).toBe(where === "head" ? 502 : 200);
  const got = await reply.text();
  expect(got).toContain('"code":"reply_unreadable"');
  expect(got).not.toMatch(/fc_1|\/etc/);
  expect(recorded(path).exchange.ending?.error).toBe("reply_unreadable");
});

test("errors of the upstream's pass as they are", async () => {
  const path = await dataPath((answer) => {
    answer.writeHead(429, { "content-type": "text/html" }).end("<p>slow down");
  });
  const reply = await ask(path);
  expect(reply.status).toBe(429);
  expect(await reply.text()).toBe("<p>slow down");
});

test("a client that leaves, and a session that ends, end the wait and the upstream call", async () => {
  for (const how of ["client", "session"] as const) {
    const { desk, ask: asked } = createFakeDesk();
    let gone: Promise<unknown> = Promise.resolve();
    const path = await dataPath(
      (answer) => {
        gone = once(answer, "close");
        answer.writeHead(200, { "content-type": "text/event-stream" });
        answer.write(responseEvents.slice(0, 17).map(sse).join(""));
      },
      { rules: { delete_file: review }, desk },
    );
    const abort = new AbortController();
    const url = new URL(`${path.base}/v1/responses`);
    const sent = get(url, { method: "POST", headers: authorized, signal: abort.signal });
    sent.on("error", () => {});
    sent.on("response", (answer) => answer.resume().on("error", () => {}));
    const held = await asked(0);
    if (how === "client") abort.abort();
    else path.endSession();
    await gone;
    await expect.poll(() => held.signal.aborted).toBe(true);
    await expect
      .poll(() => recorded(path).exchange.ending?.error)
      .toBe(how === "client" ? "client_left" : "session_ended");
    expect(recorded(path).calls.filter(({ name }) => name === "delete_file")).toEqual([]);
    expect(path.faults).toEqual([]);
  }
});

test("while a person is waited for, an upstream that goes on is made to wait", async () => {
  const { desk, ask: asked } = createFakeDesk();
  const big = sse({ ...responseEvents[5], output_index: 9, delta: "x".repeat(64 << 10) });
  let sentBytes = 0;
  let full = () => {};
  const stalled = new Promise<void>((resolve) => {
    full = resolve;
  });
  const path = await dataPath(
    async (answer) => {
      answer.writeHead(200, { "content-type": "text/event-stream" });
      answer.write([4, 5, 9, 15, 16].map((at) => sse(responseEvents[at] ?? {})).join(""));
      answer.write(
        sse({
          ...responseEvents[4],
          output_index: 9,
          item: { ...fileCall, id: "fc_9", name: "other" },
        }),
      );
      for (let count = 0; count < 400; count += 1) {
        sentBytes += big.length;
        if (answer.write(big)) continue;
        const drained = once(answer, "drain");
        const quiet = new Promise<"quiet">((resolve) => setTimeout(() => resolve("quiet"), 400));
        if ((await Promise.race([drained, quiet])) === "quiet") full();
        await drained;
      }
      const other = { ...fileCall, id: "fc_9", call_id: "call_9", name: "other", arguments: "" };
      answer.end(sse({ type: "response.output_item.done", output_index: 9, item: other }));
    },
    { rules: { delete_file: review }, desk },
  );
  const reader = readerOf(await ask(path));
  const held = await asked(0);
  await stalled;
  expect(sentBytes).toBeLessThan(20 << 20);
  held.settle("approved");
  const got = await reader.rest();
  expect(got.length).toBeGreaterThan(400 * (64 << 10));
  expect(sentBytes).toBe(400 * big.length);
}, 30_000);

test("two calls alike in one reply are two reviews; a repeat in the sum is none", async () => {
  const { desk, asks, ask: asked } = createFakeDesk();
  const twin = { ...fileCall, id: "fc_8", call_id: "call_8" };
  const body = { ...response, output: [fileCall, twin] };
  const events = [
    { type: "response.output_item.done", output_index: 0, item: fileCall },
    { type: "response.output_item.done", output_index: 1, item: twin },
    { type: "response.completed", response: body },
  ];
  const path = await dataPath(streaming(events.map(sse).join("")), {
    rules: { delete_file: review },
    desk,
  });
  const reply = ask(path);
  (await asked(0)).settle("approved");
  (await asked(1)).settle("approved");
  expect(await (await reply).text()).toBe(events.map(sse).join(""));
  expect(asks).toHaveLength(2);
  expect(asks[0]?.request.binding).not.toBe(asks[1]?.request.binding);
});

test("a credential that the upstream echoes in a call is not handed to the desk", async () => {
  const { desk, asks, ask: asked } = createFakeDesk();
  const echoing = { ...fileCall, arguments: JSON.stringify({ path: `/tmp/${key}` }) };
  const path = await dataPath(whole({ ...response, output: [echoing] }), {
    rules: { delete_file: review },
    desk,
  });
  const reply = ask(path);
  (await asked(0)).settle("denied");
  expect((await reply).status).toBe(400);
  expect(asks[0]?.request.toolCall?.arguments).toContain("/tmp/***");
  expect(JSON.stringify(asks[0]?.request.toolCall)).not.toContain(key);
});

test("a reply with more calls than anybody would review is stopped", async () => {
  const { desk, asks } = createFakeDesk();
  const output = Array.from({ length: 300 }, (_, index) => ({
    ...fileCall,
    call_id: `call_${index}`,
  }));
  const path = await dataPath(whole({ ...response, output }), {
    rules: { delete_file: review },
    desk,
  });
  const reply = await ask(path);
  expect(JSON.parse(await reply.text()).error.code).toBe("reply_unreadable");
  expect(asks.length).toBeLessThanOrEqual(256);
  await expect.poll(() => asks.every(({ signal }) => signal.aborted)).toBe(true);
});

test("a stream cut anywhere upstream leaks nothing of a denied call", async () => {
  const bytes = Buffer.from(chatChunks.map(sse).join(""));
  let cut = 0;
  const path = await dataPath(
    (answer) => {
      answer.writeHead(200, { "content-type": "text/event-stream" });
      answer.write(bytes.subarray(0, cut), () => answer.destroy());
    },
    { rules: { delete_file: deny } },
  );
  for (cut = 1; cut < bytes.length; cut += 97) {
    const reader = readerOf(await ask(path, "chat/completions"));
    const got = await reader.rest().catch(() => reader.got());
    expect(got).not.toMatch(/passwd|call_1/);
  }
});

/** Reads a reply's text as it comes. */
function readerOf(reply: Response) {
  const stream = reply.body?.getReader();
  const decoder = new TextDecoder();
  let got = "";
  const more = async () => {
    const next = await stream?.read();
    if (next === undefined || next.done) return false;
    got += decoder.decode(next.value, { stream: true });
    return true;
  };
  return {
    got: () => got,
    async until(text: string) {
      while (!got.includes(text)) if (!(await more())) throw new Error(`ended without ${text}`);
    },
    async rest() {
      while (await more());
      return got;
    },
  };
}

test("a call that was approved is held to the policy of that moment", async () => {
  for (const denied of [deny, tell]) {
    const { desk, ask: asked } = createFakeDesk();
    const path = await dataPath(streaming(responseStream), {
      rules: { delete_file: review },
      policyLater: () => ({ evaluateToolCall: () => denied }),
      desk,
    });
    const reply = ask(path);
    (await asked(0)).settle("approved");
    const text = await (await reply).text();
    expect(text).not.toContain("passwd");
    expect(recorded(path).calls).toContainEqual(
      expect.objectContaining({ name: "delete_file", effect: "deny", rule: "no-deletes" }),
    );
  }
});
