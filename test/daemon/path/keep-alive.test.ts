/**
 * What keeps a client while a tool call of a stream waits for a person:
 * comments that no decoder takes for an event, and for Codex an event that it
 * counts. Masking is on: it must not hold a comment back until an event ends.
 */
import { createParser } from "eventsource-parser";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import { createMaskings } from "../../../src/daemon/masking/maskings.js";
import type { Verdict } from "../../../src/daemon/model/decision.js";
import { usualMasking } from "../../../src/daemon/model/masking-terms.js";
import { authorized, startDataPath, token } from "../../support/data-path.js";
import { createFakeDesk } from "../../support/fake-desk.js";
import { chatStream, responseStream } from "../../support/tool-call-replies.js";

let path: Awaited<ReturnType<typeof startDataPath>> | undefined;
afterEach(() => path?.close());

const numbered = (text: string) => {
  let id = 0;
  return text.replace(/^(?=data:)/gm, () => `id: ${++id}\n`);
};
const streams = {
  "chat, each event with an id": numbered(chatStream),
  "chat, an id in the first event": `id: 7\n${chatStream}`,
  "chat, no id": chatStream,
  "chat, CRLF": numbered(chatStream).replaceAll("\n", "\r\n"),
  "responses, each event with an id": numbered(responseStream),
};

const review: Verdict = {
  effect: "review",
  rule: "ask",
  origin: { layer: "user", file: "/policy.yaml", hash: "d3" },
  reason: "a person decides",
};

/** Starts an upstream that writes this stream, and a desk that is asked about its first call. */
async function start(text: string) {
  const { desk, ask } = createFakeDesk();
  path = await startDataPath({
    masking: createMaskings().masking,
    desk,
    policy: {
      masking: { ...usualMasking, detectors: ["email"] },
      watchesToolCalls: () => true,
      evaluateToolCall: (_input, { name }) =>
        name === "delete_file"
          ? review
          : { effect: "allow", rule: null, reason: "no rule speaks of it" },
    },
    gatePace: { keepAliveMs: 15 },
    upstream(request, response) {
      request.resume();
      request.on("end", () => {
        response.setHeader("content-type", "text/event-stream");
        response.end(text);
      });
    },
  });
  return { base: `${path.base}/v1`, ask };
}

/** Sends a request, approves its call once this has come, and resolves with all that came. */
async function held(text: string, userAgent: string, wanted: string): Promise<string> {
  const { base, ask } = await start(text);
  const response = await fetch(`${base}/responses`, {
    method: "POST",
    headers: { ...authorized, "content-type": "application/json", "user-agent": userAgent },
    body: '{"model":"m","stream":true}',
  });
  const decoder = new TextDecoder();
  let got = "";
  let answered = false;
  for await (const chunk of response.body ?? []) {
    got += decoder.decode(chunk, { stream: true });
    if (answered || !got.includes(wanted)) continue;
    answered = true;
    (await ask(0)).settle("approved");
  }
  return got;
}

/** Data of the events, as openai-python's decoder gives them: it keeps the last id, and a blank line is an event where there is one. */
function asPythonReads(text: string): readonly string[] {
  const events: string[] = [];
  let [named, data, id]: [string, string[], string] = ["", [], ""];
  for (const line of text.split(/\r\n|\n|\r/).slice(0, -1)) {
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (line === "") {
      if (named !== "" || data.length > 0 || id !== "") events.push(data.join("\n"));
      [named, data] = ["", []];
    } else if (field === "event") named = value;
    else if (field === "data") data.push(value);
    else if (field === "id") id = value;
  }
  return events;
}

/** The same as the WHATWG has it. */
function asBrowsersRead(text: string): readonly string[] {
  const events: string[] = [];
  createParser({ onEvent: ({ data }) => void events.push(data) }).feed(text);
  return events;
}

test.each(Object.entries(streams))("%s: no comment is an event", async (_, text) => {
  const got = await held(text, "OpenAI/Python 2.1.0", ": held\n: held\n");
  for (const read of [asPythonReads, asBrowsersRead]) {
    expect([...read(got)].sort()).toEqual([...read(text)].sort());
    expect(read(got)).not.toContain("");
  }
  // The rest is what the upstream wrote, byte for byte.
  expect(got.replaceAll(": held\n", "")).toHaveLength(text.length);
});

test.each(["codex_cli_rs/0.98.0 (Debian 12)", "codex_exec/0.98.0"])(
  "%s gets events that it counts as signs of life",
  async (userAgent) => {
    const sign = 'event: keepalive\ndata: {"type":"keepalive"}\n\n';
    const got = await held(responseStream, userAgent, sign + sign);
    expect(got).not.toContain(": held");
    expect(got.replaceAll(sign, "")).toHaveLength(responseStream.length);
    await path?.close();
    // A chat stream has no such event.
    expect(await held(chatStream, userAgent, ": held\n: held\n")).not.toContain("keepalive");
  },
);

test("openai-node reads on behind comments", async () => {
  const { base, ask } = await start(streams["chat, each event with an id"]);
  const client = new OpenAI({ apiKey: token, baseURL: base, maxRetries: 0 });
  const stream = await client.chat.completions.create({ model: "m", messages: [], stream: true });
  const asked = ask(0).then(async ({ settle }) => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    settle("approved");
  });
  let calls = "";
  for await (const { choices } of stream) {
    for (const { delta } of choices) {
      for (const call of delta.tool_calls ?? []) {
        if (call.index === 0) calls += call.function?.arguments ?? "";
      }
    }
  }
  await asked;
  expect(calls).toBe('{"path":"/etc/passwd"}');
});
