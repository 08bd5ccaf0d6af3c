/**
 * Budgets on the data path: requests that come together, replies that state no
 * usage, and replies that were cut, all count.
 */
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { createSpending } from "../../../../src/daemon/spending/spending.js";
import { authorized, type DataPathOptions, startDataPath } from "../../../support/data-path.js";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const ofSession = {
  id: "ses_0000000000000000",
  identity: { issuer: "os:test", subject: "tester" },
};

async function open(
  budget: Partial<Record<"requests" | "tokens", number>>,
  upstream: DataPathOptions["upstream"],
  more: Partial<DataPathOptions> = {},
) {
  const spending = createSpending({
    prices: () => 0,
    now: () => new Date(),
    bySession: [],
    today: [],
  });
  // As a rule with a budget asks it.
  const policy: DataPathOptions["policy"] = {
    evaluate({ spent }) {
      const used = spent("session");
      const over = (["requests", "tokens"] as const).some((of) => used[of] >= (budget[of] ?? 1e9));
      const effect = over ? "deny" : "allow";
      return { effect, rule: "budget", reason: "the budget is used up" };
    },
  };
  const path = await startDataPath({ upstream, spending, policy, ...more });
  opened.push(path);
  return { ...path, spending, used: () => spending.of(ofSession, "session") };
}

const ask = (base: string, body: object, signal: AbortSignal | null = null) =>
  fetch(`${base}/v1/chat/completions`, {
    method: "POST",
    headers: { ...authorized, "content-type": "application/json" },
    body: JSON.stringify({
      model: "m",
      messages: [{ role: "user", content: "hello you" }],
      ...body,
    }),
    signal,
  });

const chunk = (content: string) =>
  `data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, delta: { content } }] })}\n\n`;

test.each([
  ["requests", { requests: 5 }],
  ["tokens", { tokens: 5 * 104 }],
] as const)("20 concurrent calls against a budget of %s for 5 make 5", async (_name, budget) => {
  const path = await open(budget, async (_request, response) => {
    await pause(100);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ usage: { prompt_tokens: 4, completion_tokens: 100 } }));
  });
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => ask(path.base, { max_tokens: 100 })),
  );
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(5);
  expect(path.received()).toBe(5);
  expect(path.used()).toMatchObject({ requests: 5, tokens: 520 });
});

test("what a call did not use of its reservation is there for the next", async () => {
  const path = await open({ tokens: 1_500 }, (_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ usage: { prompt_tokens: 4, completion_tokens: 6 } }));
  });
  for (let count = 0; count < 4; count += 1) expect((await ask(path.base, {})).status).toBe(200);
  expect(path.used()).toMatchObject({ requests: 4, tokens: 40 });
});

test("a stream that states no usage counts, marked as an estimate", async () => {
  const path = await open({}, (_request, response) => {
    response.setHeader("content-type", "text/event-stream");
    response.end(`${chunk("word").repeat(50)}data: [DONE]\n\n`);
  });
  await (await ask(path.base, { stream: true })).text();
  const { ending } = path.transcripts.exchanges[0] ?? {};
  expect(ending?.tokens).toEqual({ input: 4, output: 50, estimated: true });
  expect(path.used()).toMatchObject({ requests: 1, tokens: 54 });
});

test.each(["client", "upstream"] as const)(
  "a stream that the %s cuts counts as far as it came",
  async (who) => {
    const path = await open({}, async (_request, response) => {
      response.setHeader("content-type", "text/event-stream");
      response.write(chunk("word").repeat(30));
      await pause(100);
      if (who === "upstream") response.destroy();
    });
    const leave = new AbortController();
    const reply = await ask(
      path.base,
      { stream: true, stream_options: { include_usage: true } },
      leave.signal,
    );
    await reply.body?.getReader().read();
    if (who === "client") leave.abort();
    await expect
      .poll(() => path.transcripts.exchanges[0]?.ending?.tokens)
      .toEqual({ input: 4, output: 30, estimated: true });
    expect(path.used().tokens).toBe(34);
  },
);

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
const delta = event({ type: "response.output_text.delta", delta: "word" });
/** As a request's tools are repeated: what looks like a statement is the agent's own. */
const created = event({
  type: "response.created",
  response: { tools: [{ parameters: { usage: { input_tokens: 0, output_tokens: 3 } } }] },
});

const streams = {
  asked: (base: string, signal: AbortSignal) =>
    fetch(`${base}/v1/responses`, {
      method: "POST",
      headers: { ...authorized, "content-type": "application/json" },
      body: JSON.stringify({ model: "m", input: "hello you", stream: true }),
      signal,
    }),
  read: (base: string, signal: AbortSignal) =>
    fetch(`${base}/v1/responses/resp_1?stream=true`, { headers: authorized, signal }),
};

test.each([
  ["asked", "client", 3],
  ["asked", "upstream", 3],
  ["asked", "end", 3],
  ["read", "client", 0],
  ["read", "upstream", 0],
  ["read", "end", 0],
] as const)(
  "a stream that is %s and cut by the %s is never below what flowed",
  async (how, who, input) => {
    const path = await open({}, async (_request, response) => {
      response.setHeader("content-type", "text/event-stream");
      response.write(created + delta.repeat(30));
      await pause(100);
      if (who === "upstream") response.destroy();
      if (who === "end") response.end();
    });
    const leave = new AbortController();
    const reply = await streams[how](path.base, leave.signal);
    const reader = reply.body?.getReader();
    await reader?.read();
    if (who === "client") leave.abort();
    await expect
      .poll(() => path.transcripts.exchanges[0]?.ending?.tokens)
      .toEqual({ input, output: 30, estimated: true });
    expect(path.used().tokens).toBe(30 + input);
  },
);

test.each(["asked", "read"] as const)(
  "a stream that is %s to its end counts as it states, unless it states nothing",
  async (how) => {
    for (const [usage, tokens] of [
      [
        { input_tokens: 9, output_tokens: 8 },
        { input: 9, output: 8 },
      ],
      [null, { output: 30, estimated: true }],
      [
        { input_tokens: 0, output_tokens: 0 },
        { output: 30, estimated: true },
      ],
    ] as const) {
      const path = await open({}, (_request, response) => {
        response.setHeader("content-type", "text/event-stream");
        const completed = event({ type: "response.completed", response: { usage } });
        response.end(created.replace("3}", "0}") + delta.repeat(30) + completed);
      });
      await (await streams[how](path.base, new AbortController().signal)).text();
      await expect.poll(() => path.transcripts.exchanges[0]?.ending?.tokens).toMatchObject(tokens);
    }
  },
);

test.each([
  ["asked", 3],
  ["read", 0],
] as const)(
  "a stream that is %s, is whole and only repeats a usage is estimated",
  async (how, input) => {
    const path = await open({}, (_request, response) => {
      response.setHeader("content-type", "text/event-stream");
      const repeated = {
        tools: [{ parameters: { usage: { input_tokens: 1, output_tokens: 1 } } }],
      };
      response.end(delta.repeat(30) + event({ type: "response.completed", response: repeated }));
    });
    await (await streams[how](path.base, new AbortController().signal)).text();
    const tokens = { input, output: 30, estimated: true };
    await expect.poll(() => path.transcripts.exchanges[0]?.ending?.tokens).toEqual(tokens);
  },
);

test("a client that leaves before the reply has used its input", async () => {
  const path = await open({}, () => {});
  const leave = new AbortController();
  const left = ask(path.base, {}, leave.signal).catch(() => undefined);
  await expect.poll(path.received).toBe(1);
  expect(path.used()).toMatchObject({ requests: 1, tokens: 4 + 1_024 });
  leave.abort();
  await left;
  await expect.poll(() => path.used()).toMatchObject({ requests: 1, tokens: 4 });
});

test("an upstream's error counts as a request, and nothing else", async () => {
  const path = await open({}, (_request, response) => {
    response
      .writeHead(429, { "content-type": "application/json" })
      .end('{"error":{"message":"x"}}');
  });
  await ask(path.base, {});
  expect(path.used()).toMatchObject({ requests: 1, tokens: 0 });
  expect(path.transcripts.exchanges[0]?.ending?.tokens).toBeNull();
});

test("a request that never leaves gives its reservation back", async () => {
  const path = await open({}, () => {}, {
    source: {
      obtain: async () => {
        throw new Error("no credential");
      },
    },
  });
  expect((await ask(path.base, {})).status).toBe(500);
  expect(path.used()).toEqual({ requests: 0, tokens: 0, cost: 0 });
});
