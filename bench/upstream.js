/**
 * Upstream: a model API that costs next to nothing, so that what is measured
 * is the program in front of it. Written over `net`, it answers POSTs with
 * about 1 KB of JSON, or, where the request's x-bench-events says so, with
 * that many paced server-sent events, each stamped with the monotonic clock
 * that all processes of a machine share.
 */
import { createServer } from "node:net";

const text = "The quick brown fox jumps over the lazy dog, and the agent takes note of it. ".repeat(
  7,
);
const reply = JSON.stringify({
  id: "resp_0123456789abcdef",
  object: "response",
  created_at: 1_760_000_000,
  status: "completed",
  model: "gpt-4.1-mini",
  output: [
    {
      type: "message",
      id: "msg_0123456789abcdef",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text, annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 212,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 131,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 343,
  },
});
const jsonReply = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_0123456789abcdef\r\n` +
    `openai-processing-ms: 12\r\ncontent-length: ${Buffer.byteLength(reply)}\r\n\r\n${reply}`,
);
const streamHead =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n" +
  "x-request-id: req_0123456789abcdef\r\ntransfer-encoding: chunked\r\n\r\n";

function chunkOf(event) {
  return `${event.length.toString(16)}\r\n${event}\r\n`;
}

function deltaEvent(number) {
  return (
    "event: response.output_text.delta\n" +
    'data: {"type":"response.output_text.delta","item_id":"msg_0123456789abcdef","output_index":0,' +
    `"content_index":0,"delta":" token","sequence_number":${number},"sent":${process.hrtime.bigint()}}\n\n`
  );
}

/** Sends `count` events, one each `interval` ms; a count of -1 sends one and stays open. */
function stream(socket, count, interval) {
  let sent = 0;
  socket.write(streamHead + chunkOf(deltaEvent(sent++)));
  if (count < 0) return;
  const timer = setInterval(() => {
    if (sent < count) {
      socket.write(chunkOf(deltaEvent(sent++)));
      return;
    }
    stop();
    socket.write("0\r\n\r\n");
  }, interval);
  const stop = () => {
    clearInterval(timer);
    // The socket is kept for more streams.
    socket.off("close", stop);
  };
  socket.once("close", stop);
}

function numberIn(head, name) {
  const found = new RegExp(`\r\n${name}: *(-?\\d+)`, "i").exec(head);
  return found === null ? undefined : Number(found[1]);
}

let served = 0;
const server = createServer({ noDelay: true }, (socket) => {
  let waiting = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (data) => {
    waiting = waiting.length === 0 ? data : Buffer.concat([waiting, data]);
    for (;;) {
      const headEnd = waiting.indexOf("\r\n\r\n");
      if (headEnd < 0) return;
      const head = waiting.latin1Slice(0, headEnd);
      const length = numberIn(head, "content-length");
      if (length === undefined) {
        socket.end("HTTP/1.1 411 Length Required\r\ncontent-length: 0\r\n\r\n");
        return;
      }
      const end = headEnd + 4 + length;
      if (waiting.length < end) return;
      waiting = waiting.subarray(end);
      served += 1;
      const events = numberIn(head, "x-bench-events");
      if (events === undefined) socket.write(jsonReply);
      else stream(socket, events, numberIn(head, "x-bench-interval") ?? 5);
    }
  });
});

server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", (message) => {
  if (message === "served") process.send({ served });
});
process.on("disconnect", () => process.exit(0));
