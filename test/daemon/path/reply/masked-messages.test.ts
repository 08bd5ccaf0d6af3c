/** Messages of a WebSocket, with a secret cut over them: none of it leaves, and what cannot be read ends the connection. */
import { expect, test } from "vitest";
import { createFoundCounts } from "../../../../src/daemon/masking/text/found-counts.js";
import { createLogicalMasking } from "../../../../src/daemon/masking/text/logical-text.js";
import { createMaskedMessages } from "../../../../src/daemon/path/reply/masked-messages.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import { fakeSecret, openFakeMasking } from "../../../support/fake-masking.js";
import { streamShapes } from "../../../support/masked-streams.js";

type Json = Record<string, unknown>;
const secret = fakeSecret(1);

function connection() {
  const counts = createFoundCounts();
  const left: string[] = [];
  const closed: Error[] = [];
  const hook = createMaskedMessages({
    exchangeId: "exc_1",
    masking: createLogicalMasking(openFakeMasking()),
    known: [],
    counts,
    fault() {},
    reader: openai.openMessageTexts(),
    send: (message) => void left.push(message.toString()),
    close: (reason) => void closed.push(reason),
  });
  return { hook, left, closed, counts, say: (event: Json) => hook.take(bytesOf(event)) };
}

const bytesOf = (event: Json) => Buffer.from(JSON.stringify(event));

/** A response of the Realtime API that speaks a text, in these pieces. */
function spoken(id: string, pieces: readonly string[]): readonly Json[] {
  const at = { response_id: id, item_id: `item_${id}`, output_index: 0, content_index: 0 };
  const type = "response.output_audio_transcript";
  const whole = pieces.join("");
  const item = { type: "message", content: [{ type: "output_audio", transcript: whole }] };
  return [
    { type: "response.created", response: { id, status: "in_progress", output: [] } },
    ...pieces.map((delta) => ({ type: `${type}.delta`, ...at, delta })),
    { type: `${type}.done`, ...at, transcript: whole },
    { type: "response.output_item.done", response_id: id, output_index: 0, item },
    { type: "response.done", response: { id, status: "completed", output: [item] } },
  ];
}

test.each(streamShapes.filter(({ operation }) => operation === "responses"))(
  "$name: a secret over two messages leaves in none, and what holds nothing leaves as it came",
  (shape) => {
    const inside = `is ${secret}.`;
    const sample = shape.json ? JSON.stringify({ a: inside }) : inside;
    for (let cut = 1; cut < sample.length; cut += 1) {
      const sent = shape.events([sample.slice(0, cut), sample.slice(cut)]);
      const { hook, left, closed } = connection();
      for (const event of sent) hook.take(bytesOf(event));
      hook.end();
      const events = left.map((message) => JSON.parse(message));
      expect(events).toHaveLength(sent.length);
      expect(left.join("")).not.toContain(secret.slice(4));
      expect(shape.joined(events)).toContain("[masked:fake]#1");
      if (sent[0]?.type === "response.created") expect(left[0]).toBe(JSON.stringify(sent[0]));
      expect(closed).toEqual([]);
    }
  },
);

test("two responses that speak at once are two texts, and each is masked", () => {
  const { hook, left, say, counts } = connection();
  const one = spoken("resp_1", [`is ${secret.slice(0, 8)}`, `${secret.slice(8)}.`]);
  const other = spoken("resp_2", ["nothing ", "here"]);
  for (const [at, event] of one.entries()) {
    say(event);
    say(other[at] as Json);
  }
  hook.end();
  expect(left.join("\n")).not.toContain(secret.slice(8));
  expect(left).toHaveLength(one.length + other.length);
  for (const event of other) expect(left).toContain(JSON.stringify(event));
  const done = left
    .map((message) => JSON.parse(message))
    .filter(({ type }) => type === "response.done");
  expect(done[0].response.output[0].content[0].transcript).toBe("is [masked:fake]#1.");
  expect(counts.all()).toMatchObject([{ detector: "fake", count: 1 }]);
});

test("audio passes as it is; what the person said is a text of its own", () => {
  const { hook, left, say } = connection();
  const audio = { type: "response.output_audio.delta", response_id: "resp_1", delta: "AAAA/+8=" };
  say(audio);
  const heard = "conversation.item.input_audio_transcription";
  say({ type: `${heard}.delta`, item_id: "item_1", content_index: 0, delta: secret.slice(0, 9) });
  say({ type: `${heard}.delta`, item_id: "item_1", content_index: 0, delta: secret.slice(9) });
  say({ type: `${heard}.completed`, item_id: "item_1", content_index: 0, transcript: secret });
  hook.end();
  expect(left[0]).toBe(JSON.stringify(audio));
  expect(left).toHaveLength(4);
  expect(left.join("")).not.toContain(secret.slice(9));
});

test.each([
  ["no JSON", Buffer.from(`is ${secret}`)],
  ["no object", Buffer.from(JSON.stringify([secret]))],
  ["bytes", Buffer.from([0, 255, 1, 254])],
])("%s: the connection ends with an error, and nothing passes after it", (_, message) => {
  const { hook, left, closed, say } = connection();
  say({ type: "session.created", session: { id: "sess_1" } });
  hook.take(message);
  say({ type: "response.output_text.delta", delta: secret });
  hook.end();
  expect(left).toHaveLength(2);
  expect(JSON.parse(left[1] ?? "")).toMatchObject({
    type: "error",
    error: { code: "reply_unreadable" },
  });
  expect(left.join("")).not.toContain(secret);
  expect(closed).toHaveLength(1);
  expect(hook.stopped()).toBe("reply_unreadable");
});
