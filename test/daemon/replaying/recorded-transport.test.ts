import { expect, test } from "vitest";
import type { ReplyHead } from "../../../src/daemon/model/reply.js";
import type { Frame, FrameKind } from "../../../src/daemon/model/transcript.js";
import {
  createRecordedTransport,
  type RecordedTransportOptions,
} from "../../../src/daemon/replaying/recorded-transport.js";

const frame = (kind: FrameKind, data: string, at = 0): Frame => ({
  kind,
  at,
  data: Buffer.from(data, "latin1"),
});
const request = {
  method: "POST",
  origin: "https://never.example",
  path: "/v1/responses",
  headers: [],
  body: Buffer.alloc(0),
  allowPrivateNetwork: false,
};
const stream = [
  frame("request-head", "POST /openai/v1/responses HTTP/1.1\r\n"),
  frame(
    "reply-head",
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nset-cookie: [masked]\r\ncontent-length: 7\r\n",
  ),
  frame("reply-body", "data: 1\n\n", 1000),
  frame("tool-call", "{}", 1500),
  frame("reply-body", "data: 2\n\n", 2000),
];

function send(
  frames: readonly Frame[],
  { told = () => {}, ...options }: Partial<RecordedTransportOptions> & { told?: () => void } = {},
) {
  const seen: string[] = [];
  const see = (what: string) => {
    seen.push(what);
    told();
  };
  let head: ReplyHead | undefined;
  let sent = 0;
  let over!: () => void;
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const transport = createRecordedTransport({
    frames: async () => frames,
    pace: "none",
    cut: false,
    endedAt: 2000,
    sent: () => {
      sent += 1;
    },
    ...options,
  });
  const valve = transport.send(request, {
    head(came) {
      head = came;
      see("head");
    },
    data: (chunk) => see(chunk.toString()),
    end() {
      see("end");
      over();
    },
    fail(error) {
      see(`fail: ${error.message}`);
      over();
    },
  });
  return { seen, head: () => head, valve, ended, sent: () => sent };
}

test.each(["none", "recorded"] as const)(
  "pace %s: head and bytes as recorded, never before send returns",
  async (pace) => {
    const { seen, head, ended, sent } = send(stream, { pace });
    expect(seen).toEqual([]);
    expect(sent()).toBe(1);
    await ended;
    expect(seen).toEqual(["head", "data: 1\n\n", "data: 2\n\n", "end"]);
    // A length that is not the record's would hang the client; what was masked is nobody's cookie.
    expect(head()).toEqual({
      status: 200,
      statusText: "OK",
      headers: ["content-type", "text/event-stream"],
    });
  },
);

test("recorded pace is that of then: no pause is shortened, and the end comes when it came", async () => {
  const began = performance.now();
  const times: number[] = [];
  const head = frame("reply-head", "HTTP/1.1 200 OK\r\n", 60_000);
  const bodies = [frame("reply-body", "one", 90_000), frame("reply-body", "two", 390_000)];
  const { seen, ended } = send([head, ...bodies], {
    pace: "recorded",
    endedAt: 500_000,
    told: () => times.push(performance.now() - began),
  });
  await ended;
  expect(seen).toEqual(["head", "one", "two", "end"]);
  // A timer may come within a millisecond of its time.
  for (const [place, due] of [60, 90, 390, 500].entries()) {
    expect(times[place]).toBeGreaterThan(due - 2);
  }
});

test("a length that is right stays, and a status without words too", async () => {
  const { head, ended } = send([
    frame("reply-head", "HTTP/1.1 429\r\ncontent-length: 2\r\nretry-after: 1\r\n"),
    frame("reply-body", "{}"),
  ]);
  await ended;
  expect(head()).toEqual({
    status: 429,
    statusText: "",
    headers: ["content-length", "2", "retry-after", "1"],
  });
});

test("what stopped short stops short again", async () => {
  const { seen, ended } = send(stream, { cut: true });
  await ended;
  expect(seen.at(-1)).toBe("fail: the recorded reply stopped short here");
});

test("without a reply in the record, and where it cannot be read, it fails", async () => {
  const none = send(stream.slice(0, 1));
  await none.ended;
  expect(none.seen).toEqual(["fail: the record has no reply to this request"]);
  const unread = send([], { frames: () => Promise.reject(new Error("gone")) });
  await unread.ended;
  expect(unread.seen).toEqual(["fail: gone"]);
});

test("paused it waits, resumed it goes on, cancelled nothing more comes", async () => {
  const { seen, valve, ended } = send(stream);
  valve.pause();
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(["head"]);
  valve.resume();
  await ended;
  expect(seen.at(-1)).toBe("end");

  const left = send(stream, { pace: "recorded" });
  left.valve.cancel(new Error("the client left"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(left.seen).toEqual([]);
});
