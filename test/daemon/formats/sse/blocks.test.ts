import { expect, test } from "vitest";
import { createSseBlocks } from "../../../../src/daemon/formats/sse/blocks.js";

const streams = {
  lf: 'event: a\ndata: {"x":"né 😀"}\n\n: comment\n\ndata: 1\ndata: 2\n\n\n\ndata: [DONE]\n\n',
  crlf: 'event: a\r\ndata: {"x":"né 😀"}\r\n\r\n: comment\r\n\r\ndata: 1\r\ndata: 2\r\n\r\n\r\ndata: [DONE]\r\n\r\n',
  cr: 'event: a\rdata: {"x":"né 😀"}\r\r: comment\r\rdata: 1\rdata: 2\r\r\r\rdata: [DONE]\r\r',
  bom: '\ufeffevent: a\ndata: {"x":"né 😀"}\n\ndata: 1\ndata: 2\n\ndata: [DONE]\n\n',
};

test.each(Object.entries(streams))(
  "%s: the same events and bytes, cut at every offset",
  (_, text) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) {
      const blocks = createSseBlocks();
      const all = [...blocks.push(bytes.subarray(0, at)), ...blocks.push(bytes.subarray(at))];
      const rest = blocks.end();
      expect(Buffer.concat([...all, ...(rest ? [rest] : [])].map((one) => one.bytes))).toEqual(
        bytes,
      );
      const said = all.flatMap((one) => one.event()?.data ?? []);
      expect(said).toEqual(['{"x":"né 😀"}', "1\n2", "[DONE]"]);
      // An LF after the last CR is nothing of its own.
      expect(rest?.event()).toBeUndefined();
    }
  },
);

test("each event's block is its own bytes and no other's", () => {
  const blocks = createSseBlocks().push(Buffer.from(streams.lf));
  const done = blocks.find(({ event }) => event()?.data === "1\n2");
  expect(done?.bytes.toString()).toBe("data: 1\ndata: 2\n\n");
});

test("what has no blank line at the end is read as an event too", () => {
  const blocks = createSseBlocks();
  expect(blocks.push(Buffer.from('data: {"a":1}\n'))).toEqual([]);
  expect(blocks.end()?.event()?.data).toBe('{"a":1}');
});

test("an event over the limit is an error, not passed over", () => {
  const blocks = createSseBlocks(100);
  expect(() => {
    for (let count = 0; count < 20; count += 1) blocks.push(Buffer.from("data: 0123456789\n"));
  }).toThrow(expect.objectContaining({ code: "reply_unreadable" }));
});
