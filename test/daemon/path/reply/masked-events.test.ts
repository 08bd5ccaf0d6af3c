/** Events of every shape, with a secret cut at every place: none of it leaves, and all of them agree. */
import { expect, test } from "vitest";
import { createFoundCounts } from "../../../../src/daemon/masking/text/found-counts.js";
import { createLogicalMasking } from "../../../../src/daemon/masking/text/logical-text.js";
import { createMaskedEvents } from "../../../../src/daemon/path/reply/masked-events.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import { fakeSecret, openFakeMasking } from "../../../support/fake-masking.js";
import {
  eventsIn,
  type StreamShape,
  streamShapes,
  streamText,
} from "../../../support/masked-streams.js";

const secret = fakeSecret(1);

/** What leaves of a stream, chunk by chunk. */
function through(chunks: readonly (string | Buffer)[]) {
  const counts = createFoundCounts();
  const left: Buffer[] = [];
  const masking = createLogicalMasking(openFakeMasking());
  const events = createMaskedEvents({ masking, counts, deliver: (bytes) => void left.push(bytes) });
  const reader = openai.openTexts();
  const after: number[] = [];
  for (const chunk of chunks) {
    events.take(reader.push(Buffer.from(chunk)));
    after.push(Buffer.concat(left).length);
  }
  events.take(reader.end());
  events.end();
  return { text: Buffer.concat(left).toString(), left, after, counts: counts.all() };
}

/** A text with the secret in it, as the shape has texts. */
function sampleOf({ json }: StreamShape, value = secret) {
  const inside = `a ${value} b`;
  return json ? JSON.stringify({ key: inside, n: [1, { deep: inside }] }) : `${inside}, ${inside}`;
}

/** No six characters of the secret that follow each other. */
function expectNothingOf(text: string): void {
  for (let at = 0; at + 6 <= secret.length; at += 1) {
    expect(text).not.toContain(secret.slice(at, at + 6));
  }
}

const tidy = (text: string) => text.replace(/SE?(?=\[masked)/g, "");

test.each(streamShapes)("$name: a secret cut at every two places", (shape) => {
  const sample = sampleOf(shape);
  const masked = sampleOf(shape, "[masked:fake]#1");
  for (let first = 1; first < sample.length; first += 1) {
    for (const length of [1, 9]) {
      const second = Math.min(sample.length, first + length);
      const pieces = [sample.slice(0, first), sample.slice(first, second), sample.slice(second)];
      const sent = shape.events(pieces.filter((piece) => piece !== ""));
      const { text, counts } = through([streamText(sent)]);
      expectNothingOf(text);
      const events = eventsIn(text);
      expect(events).toHaveLength(sent.length);
      const joined = shape.joined(events);
      expect(tidy(joined)).toBe(masked);
      if (shape.json) JSON.parse(joined);
      for (const said of shape.repeats(events)) expect(tidy(said)).toBe(masked);
      expect(counts[0]?.count).toBeGreaterThanOrEqual(2);
    }
  }
});

test.each(streamShapes)("$name: what says the text again says what was streamed", (shape) => {
  if (/^(?:assistant's message|a (?:kind|piece|ChatKit))/.test(shape.name)) return;
  const sample = sampleOf(shape);
  const { text } = through([streamText(shape.events(sample.split("")))]);
  const events = eventsIn(text);
  expectNothingOf(text);
  for (const said of shape.repeats(events)) expect(said).toBe(shape.joined(events));
});

test.each(streamShapes)("$name: bytes cut at every place", (shape) => {
  const sample = sampleOf(shape);
  const middle = sample.indexOf(secret) + 8;
  const bytes = Buffer.from(
    streamText(shape.events([sample.slice(0, middle), sample.slice(middle)])),
  );
  const whole = through([bytes]).text;
  expectNothingOf(whole);
  for (let at = 1; at < bytes.length; at += 1) {
    expect(through([bytes.subarray(0, at), bytes.subarray(at)]).text).toBe(whole);
  }
});

const escapedStream = (text: string) =>
  text.replaceAll(/[^\n\x20-\x7e]|[a-zA-Z0-9 ](?=[^"]*"\}\n\n)/g, (letter) =>
    letter
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );

test("escapes in the event's own JSON, and surrogate pairs cut between deltas", () => {
  const text = `😀${secret}😀`;
  for (let at = 1; at < text.length; at += 1) {
    const stream = [text.slice(0, at), text.slice(at)]
      .map(
        (delta) =>
          `data: {"type":"response.output_text.delta","output_index":0,"delta":"${delta}"}\n\n`,
      )
      .join("");
    for (const sent of [stream, escapedStream(stream)]) {
      const { text: left } = through([Buffer.from(sent)]);
      const events = eventsIn(left);
      expect(events).toHaveLength(2);
      const joined = events.map(({ delta }) => delta).join("");
      // A pair that UTF-8 cannot cut is only cut where it is written in escapes.
      if (sent !== stream) expect(tidy(joined)).toBe("😀[masked:fake]#1😀");
      expectNothingOf(joined);
    }
  }
});

test.each(streamShapes)(
  "$name: prose leaves byte for byte, each event before the next comes",
  (shape) => {
    const words = 'Say "it", said he:\n\tthe café’s 😀 sum is {1, 2} \\ done. '.split(/(?<= )/);
    const pieces = shape.json
      ? ['{"say":"', ...words.map((word) => JSON.stringify(word).slice(1, -1)), '"}']
      : words;
    const chunks = streamText(shape.events(pieces)).split(/(?<=\n\n)/);
    const { text, after, counts } = through(chunks);
    expect(text).toBe(chunks.join(""));
    expect(counts).toEqual([]);
    let length = 0;
    for (const [index, chunk] of chunks.entries()) {
      length += Buffer.byteLength(chunk);
      expect(after[index]).toBe(length);
    }
  },
);

test("an event with nothing to change is the very same buffer", () => {
  const shape = streamShapes[0] as StreamShape;
  const sent = Buffer.from(streamText(shape.events(["It is ", secret, " then"])));
  const { left } = through([sent]);
  const changed = left.filter((bytes) => !sent.includes(bytes));
  expect(changed).toHaveLength(4);
});

test("several texts at once: each is put together on its own", () => {
  const delta = (index: number, text: string) => ({
    choices: [
      { index, delta: { content: text } },
      { index: index + 2, delta: { tool_calls: [{ index: 0, function: { arguments: text } }] } },
    ],
  });
  const events = [
    delta(0, secret.slice(0, 9)),
    delta(1, secret.slice(0, 5)),
    delta(0, secret.slice(9)),
    delta(1, secret.slice(5)),
  ];
  const { text, counts } = through([streamText(events)]);
  expectNothingOf(text);
  expect(counts).toEqual([{ detector: "fake", count: 4 }]);
});

test.each(["", "stop"])(
  "a reason %j to finish in each chunk makes no two texts of one",
  (reason) => {
    for (let cut = 1; cut < secret.length; cut += 1) {
      const chunks = [secret.slice(0, cut), secret.slice(cut)].map((content) => ({
        choices: [{ index: 0, delta: { content }, finish_reason: reason }],
      }));
      const { text } = through([streamText(chunks)]);
      expectNothingOf(text);
      expect(text).toContain("[masked:fake]#1");
    }
  },
);

test("log probabilities that spell the secret go, others stay", () => {
  const tokens = (text: string) => ({
    content: text.split("").map((token) => ({
      token,
      logprob: -1,
      bytes: [token.charCodeAt(0)],
      top_logprobs: [{ token }],
    })),
  });
  const events = [`it is ${secret.slice(0, 9)}`, secret.slice(9), " now"].map((content) => ({
    choices: [{ index: 0, delta: { content }, logprobs: tokens(content) }],
  }));
  const left = eventsIn(through([streamText(events)]).text);
  const kept = left.map(({ choices }) => (choices as { logprobs: unknown }[])[0]?.logprobs);
  expect(kept).toEqual([null, null, tokens(" now")]);
});

test("comments, events' names and ids are looked at; members' names and what the API makes pass", () => {
  const stream = [
    `: ${secret}\n\n`,
    `id: ${secret}\nevent: ${secret}\ndata: {"type":"x","${secret}":1,"id":"msg_${secret}"}\n\n`,
    `data: {"type":"response.audio.delta","delta":"${secret}"}\n\n`,
    `data: {"type":"response.image","partial_image_b64":"${secret}","encrypted_content":"${secret}"}\n\n`,
    `data: {"type":"x",\ndata: "text":"${secret}"}\n\n`,
    "retry: 1000\n\n",
  ].join("");
  const { text } = through([stream]);
  const mark = "[masked:fake]#1";
  expect(text.replaceAll(mark, secret)).toBe(stream);
  expect(text.split(mark)).toHaveLength(5);
  expect(text).toContain(`"${secret}":1`);
});

test("a value that its name gives away", () => {
  const { text } = through([
    'data: {"type":"x","metadata":{"password":"hunter22","colour":"hunter22"}}\n\n',
  ]);
  expect(text).toBe(
    'data: {"type":"x","metadata":{"password":"[masked:fake]#1","colour":"hunter22"}}\n\n',
  );
});

test("what is no JSON, or an event without end, does not pass", () => {
  expect(() => through(["data: {cut\n\n"])).toThrow("not a JSON object");
  expect(() => through(['data: "text"\n\n'])).toThrow("not a JSON object");
  expect(() => through([`data: [DONE] ${secret}\n\n`])).toThrow("not a JSON object");
  expect(() => through(['data: {"a":"EXPLODE"}\n\n'])).toThrow("the finder broke");
});

test("32 MB of events wait for a text that is not settled; more ends the reply", () => {
  const left: Buffer[] = [];
  const events = createMaskedEvents({
    masking: createLogicalMasking(openFakeMasking()),
    counts: createFoundCounts(),
    deliver: (bytes) => void left.push(bytes),
  });
  const reader = openai.openTexts();
  const push = (event: object) =>
    events.take(reader.push(Buffer.from(`data: ${JSON.stringify(event)}\n\n`)));
  const delta = { type: "response.output_text.delta", item_id: "m", output_index: 0 };
  push({ ...delta, content_index: 0, delta: "SECRET12" });
  // Each is settled, and may not leave before the one that is not.
  const other = { type: "response.queued", note: "a".repeat((1 << 20) - 100) };
  for (let at = 0; at < 32; at += 1) push(other);
  expect(left).toEqual([]);
  expect(() => {
    push(other);
    push(other);
  }).toThrow(/over 33554432 bytes of the reply wait for one text/);
  expect(left).toEqual([]);
});
