/** An event that is like the last one is read as if it was read in full. */
import { expect, test } from "vitest";
import { openTexts } from "../../../../src/daemon/providers/openai/texts.js";

const delta = (text: string, more: object = {}) => {
  const data = { type: "response.output_text.delta", sequence_number: 7, output_index: 0, ...more };
  return `event: ${data.type}\ndata: ${JSON.stringify({ ...data, delta: text, obfuscation: "aB1" })}\n\n`;
};
const chunk = (text: string, more: object = {}) =>
  `data: ${JSON.stringify({ id: "chatcmpl-1", model: "some model", choices: [{ index: 0, delta: { content: text }, finish_reason: null, ...more }] })}\n\n`;

const streams = {
  responses: [delta("One"), delta(" two"), delta(' "three"\n\u00e9\u{1f511}\\'), delta("")],
  numbers: [delta("a"), delta("b", { sequence_number: 12 }), delta("c", { output_index: 1 })],
  "a place": [0, 1, 1, 0].map((place) => delta("a", { content_index: place, created: place * 7 })),
  chat: [chunk("One"), chunk(" two"), chunk("\t"), chunk("x", { finish_reason: "stop" })],
  "in turns": [0, 1, 0, 1].map((index) => chunk(`${index}`, { index })),
  "a member more": [delta("a"), delta("b", { note: "own" }), delta("c", { note: "another" })],
  padding: [delta("a"), delta("b").replace("aB1", "no base64!"), delta("c").replace('"aB1"', "1")],
  sound: ["AAAA", "BBBB"].map((text) => delta(text, { type: "response.audio.delta" })),
  spaces: [delta("a"), delta("b").replace('"delta":', '"delta": '), delta("c")],
  "another name": [delta("a"), delta("b").replace("event: r", "event: x"), delta("c")],
};

/** What a reader of this event alone says, and writes. */
const inFull = (event: string) => readBy(openTexts(), event);

function readBy(reader: ReturnType<typeof openTexts>, event: string) {
  return [...reader.push(Buffer.from(event))].map(({ bytes, texts, ends, write }) => ({
    bytes: bytes.toString(),
    texts: texts.map(({ role, text, of, name }) => ({ role, text, of, name })),
    ends,
    written: write(texts.map(({ text }, at) => `${at}: "${text.length}"`)).toString(),
  }));
}

test.each(Object.entries(streams))("%s", (_, events) => {
  const reader = openTexts();
  for (const event of events) expect(readBy(reader, event), event).toEqual(inFull(event));
});

test("what stays the same is the very same text", () => {
  const reader = openTexts();
  const [first] = [...reader.push(Buffer.from(chunk("a")))];
  const [second] = [...reader.push(Buffer.from(chunk("b")))];
  expect(second?.texts[0]?.text).toBe("some model");
  expect(second?.texts[0]).toBe(first?.texts[0]);
});

test.each([
  ['"\\x"', "an escape that there is not"],
  ['"a\nb"', "a line's end in it"],
  ["007", "no literal"],
])("%s instead of the piece: no event, as in full", (piece) => {
  const reader = openTexts();
  const event = delta("a").replace('"delta":"a"', `"delta":${piece}`);
  readBy(reader, delta("a"));
  expect(() => readBy(reader, event)).toThrow(
    expect.objectContaining({ code: "reply_unreadable" }),
  );
});

test("the error of a stream that is stopped has the number after the last one's", () => {
  const reader = openTexts();
  for (const number of [1, 2, 40]) readBy(reader, delta("a", { sequence_number: number }));
  const notice = { code: "reply_unreadable", status: 502, message: "no", exchangeId: "x" } as const;
  expect(reader.refusalEvent({ ...notice, hint: "" }).toString()).toContain('"sequence_number":41');
});
