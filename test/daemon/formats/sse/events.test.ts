import { describe, expect, test } from "vitest";
import {
  createSseSplitter,
  type ServerSentEvent,
} from "../../../../src/daemon/formats/sse/events.js";

const split = (...chunks: readonly (string | Uint8Array)[]) => {
  const splitter = createSseSplitter();
  return chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk as string)));
};
const message = (data: string, event = "message", id = ""): ServerSentEvent => ({
  event,
  data,
  id,
});

const stream =
  '\ufeff: hello\n\nevent: one\ndata: {"a":1}\n\ndata: first\r\ndata:second\r\n\r\nid: 7\rdata\rdata:  é😀\r\r' +
  "retry: 3\nunknown: x\n\nevent: lost\n\ndata: last\n\n";
const events = [
  message('{"a":1}', "one"),
  message("first\nsecond"),
  message("\n é😀", "message", "7"),
  message("last", "message", "7"),
];

describe("events are the same however the bytes are cut", () => {
  const bytes = Buffer.from(stream);

  test("whole", () => expect(split(bytes)).toEqual(events));

  test("at every offset, in two", () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(split(bytes.subarray(0, at), bytes.subarray(at))).toEqual(events);
    }
  });

  test("byte by byte, in one buffer used again and again", () => {
    const splitter = createSseSplitter();
    const one = Buffer.alloc(1);
    const found = [...bytes].flatMap((byte) => {
      one[0] = byte;
      return splitter.push(one);
    });
    expect(found).toEqual(events);
  });
});

describe("the rules of WHATWG HTML 9.2.6", () => {
  test("an event without data is none, and its type is forgotten", () => {
    expect(split("event: a\n\ndata: b\n\n")).toEqual([message("b")]);
  });
  test("one space after the colon is not part of the value", () => {
    expect(split("data:a\n\ndata: a\n\ndata:  a\n\n").map(({ data }) => data)).toEqual([
      "a",
      "a",
      " a",
    ]);
  });
  test("an id with a zero byte is ignored", () => {
    expect(split("id: 1\n\nid: a\0b\ndata: x\n\n")).toEqual([message("x", "message", "1")]);
  });
  test("a mark of byte order is skipped at the start only", () => {
    expect(split("\ufeffdata: a\n\n\ufeffdata: b\n\ndata: c\n\n").map(({ data }) => data)).toEqual([
      "a",
      "c",
    ]);
  });
  test("an event that no empty line ends is pending, not delivered", () => {
    const splitter = createSseSplitter();
    expect(splitter.push(Buffer.from("data: a\n"))).toEqual([]);
    expect(splitter.pending).toBe(true);
    expect(splitter.push(Buffer.from("\n"))).toHaveLength(1);
    expect(splitter.pending).toBe(false);
  });
});

test("an event over the limit is passed over, and the next is read", () => {
  const splitter = createSseSplitter(64);
  const pieces = [
    `data: ${"x".repeat(40)}`,
    "y".repeat(40),
    "\ndata: more\n",
    "\n",
    "data: next\n\n",
  ];
  expect(pieces.flatMap((piece) => splitter.push(Buffer.from(piece)))).toEqual([message("next")]);
  expect(splitter.dropped).toBe(1);
});
