/** What left as a mark comes back to the agent, and to nobody else: the real masking on the real path. */
import { afterEach, expect, test } from "vitest";
import { createMaskings } from "../../../src/daemon/masking/maskings.js";
import { usualMasking } from "../../../src/daemon/model/masking-terms.js";
import { authorized, startDataPath } from "../../support/data-path.js";

const restored = "ada@example.com";
const ofReply = "eve@example.com";
let path: Awaited<ReturnType<typeof startDataPath>> | undefined;
afterEach(async () => {
  path?.endSession();
  await path?.close();
});

async function start(restore: boolean) {
  const sent: string[] = [];
  path = await startDataPath({
    masking: createMaskings().masking,
    policy: { masking: { ...usualMasking, detectors: ["email"], requests: "mask", restore } },
    async upstream(request, response) {
      let text = "";
      for await (const chunk of request) text += chunk;
      sent.push(text);
      const { input, stream } = JSON.parse(text);
      const said = `you said ${input}, and I ${ofReply}`;
      if (stream !== true) {
        const output = [{ type: "message", content: [{ type: "output_text", text: said }] }];
        response.setHeader("content-type", "application/json").end(JSON.stringify({ output }));
        return;
      }
      response.setHeader("content-type", "text/event-stream");
      for (const delta of said) {
        const event = { type: "response.output_text.delta", item_id: "m", content_index: 0, delta };
        response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      }
      response.end();
    },
  });
  const { base, transcripts } = path;
  const ask = async (input: string, stream: boolean) => {
    const response = await fetch(`${base}/v1/responses`, {
      method: "POST",
      headers: { ...authorized, "content-type": "application/json" },
      body: JSON.stringify({ model: "m", input, stream }),
    });
    const text = await response.text();
    if (!stream) return JSON.parse(text).output[0].content[0].text as string;
    return [...text.matchAll(/^data: (.*)$/gm)]
      .map(([, data]) => JSON.parse(data ?? "").delta)
      .join("");
  };
  return { ask, sent, transcripts };
}

test.each([false, true])(
  "streamed %s: the agent has its own again, the record has not",
  async (stream) => {
    const { ask, sent, transcripts } = await start(true);
    expect(await ask(restored, stream)).toBe(`you said ${restored}, and I [masked:email]#2`);
    expect(JSON.parse(sent[0] ?? "").input).toBe("[masked:email]#1");
    const [exchange] = transcripts.exchanges;
    expect(exchange).toBeDefined();
    if (exchange === undefined) return;
    const record = ["request-head", "request-body", "reply-head", "reply-body"] as const;
    const all = record.map((kind) => transcripts.text(exchange, kind)).join("");
    expect(all).not.toContain("example.com");
    expect(exchange.ending?.masked).toEqual([
      { detector: "email", count: 1, place: "request" },
      { detector: "email", count: 1, place: "reply" },
    ]);
    // A mark of a reply says nothing, whoever repeats it.
    expect(await ask("[masked:email]#2 or [masked:email]#1", stream)).toBe(
      `you said [masked:email]#2 or ${restored}, and I [masked:email]#2`,
    );
  },
);

test("without restore the agent sees the mark", async () => {
  const { ask } = await start(false);
  expect(await ask(restored, true)).toBe("you said [masked:email]#1, and I [masked:email]#2");
});
