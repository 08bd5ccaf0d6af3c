/**
 * Load: the client, in a process of its own and over `net`, so that it is
 * never the slowest part. It takes one order at a time from its parent and
 * answers with counts and delays. Every order ends: by its window, and after
 * some seconds of grace by force.
 */
import { connect } from "node:net";
import { conversationOf } from "./conversation.js";
import { quantile } from "./statistics.js";

const graceMs = 10_000;
const nowMicros = () => Number(process.hrtime.bigint() / 1000n);

function requestBytes({ port, path, headers }, body, extra = {}) {
  const lines = [`POST ${path} HTTP/1.1`, `host: 127.0.0.1:${port}`];
  const all = {
    accept: "application/json",
    "accept-encoding": "gzip, deflate",
    "content-type": "application/json",
    "user-agent": "bench/1.0",
    "x-stainless-lang": "js",
    "x-stainless-retry-count": "0",
    ...headers,
    ...extra,
    "content-length": Buffer.byteLength(body),
  };
  for (const [name, value] of Object.entries(all)) lines.push(`${name}: ${value}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

const prompt = "Summarise what the agent did today, and name each tool that it used in doing so. ";
const bodyOf = (stream) =>
  JSON.stringify({
    model: "gpt-4.1-mini",
    stream,
    instructions: prompt.repeat(3),
    input: [{ role: "user", content: prompt.repeat(6) }],
    tools: [
      {
        type: "function",
        name: "get_weather",
        description: "The weather in a city.",
        parameters: {
          type: "object",
          properties: { city: { type: "string" } },
          required: ["city"],
        },
        strict: true,
      },
    ],
  });

/** Length of the reply that `data` begins with, undefined while its head is incomplete. */
function replyLength(data) {
  const headEnd = data.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = data.latin1Slice(0, headEnd).toLowerCase();
  const at = head.indexOf("\r\ncontent-length:");
  if (at < 0) throw new Error(`a reply without content-length: ${head.slice(0, 200)}`);
  if (!head.startsWith("http/1.1 200")) {
    throw new Error(`not answered with 200: ${data.latin1Slice(0, 600)}`);
  }
  return headEnd + 4 + Number.parseInt(head.slice(at + 17), 10);
}

/** Turns of a conversation, before it is taken up again where it began. */
const turns = 16;
const conversations = new Map();

/** The requests that a connection sends, one after the other, again and again. */
function requestsOf(target, number, conversation) {
  if (conversation === undefined) return [requestBytes(target, bodyOf(false))];
  const key = `${number} ${conversation}`;
  const bodies = conversations.get(key) ?? conversationOf(number, conversation, turns);
  conversations.set(key, bodies);
  return bodies.map((body) => requestBytes(target, body));
}

/**
 * One request after the other on each connection; counts what ends inside the window.
 * `conversation`: they are turns of one, of about so many bytes.
 */
function closedLoop({ target, connections, warmMs, windowMs, conversation }) {
  return new Promise((resolve, reject) => {
    const begin = nowMicros() + warmMs * 1000;
    const end = begin + windowMs * 1000;
    const delays = [];
    const sockets = [];
    let total = 0;
    let running = connections;
    const fail = (error) => {
      clearTimeout(guard);
      for (const socket of sockets) socket.destroy();
      reject(error);
    };
    const guard = setTimeout(
      () => fail(new Error("the window did not end")),
      warmMs + windowMs + graceMs,
    );
    const finish = () => {
      running -= 1;
      if (running > 0) return;
      clearTimeout(guard);
      delays.sort((a, b) => a - b);
      resolve({
        total,
        perSecond: delays.length / (windowMs / 1000),
        p50: quantile(delays, 0.5),
        p99: quantile(delays, 0.99),
      });
    };
    for (let number = 0; number < connections; number += 1) {
      const socket = connect({ port: target.port, host: "127.0.0.1", noDelay: true });
      sockets.push(socket);
      const requests = requestsOf(target, number, conversation);
      let turn = 0;
      let waiting = Buffer.alloc(0);
      let needed;
      let sentAt = 0;
      const send = () => {
        sentAt = nowMicros();
        socket.write(requests[turn % requests.length]);
        turn += 1;
      };
      socket.on("connect", send);
      socket.on("error", fail);
      socket.on("close", () => sentAt !== -1 && fail(new Error("connection closed in the window")));
      socket.on("data", (data) => {
        waiting = waiting.length === 0 ? data : Buffer.concat([waiting, data]);
        try {
          needed ??= replyLength(waiting);
        } catch (error) {
          fail(error);
          return;
        }
        if (needed === undefined || waiting.length < needed) return;
        const now = nowMicros();
        waiting = waiting.subarray(needed);
        needed = undefined;
        total += 1;
        if (now >= begin && now < end) delays.push(now - sentAt);
        if (now < end) {
          send();
          return;
        }
        sentAt = -1;
        socket.destroy();
        finish();
      });
    }
  });
}

/** Paced streams; each event's delay is from the upstream's stamp to the client's read. */
function pacedStreams({ target, streams, events, intervalMs, skip }) {
  return new Promise((resolve, reject) => {
    const request = requestBytes(target, bodyOf(true), {
      "x-bench-events": events,
      "x-bench-interval": intervalMs,
    });
    const delays = [];
    const sockets = [];
    let total = 0;
    let running = streams;
    const fail = (error) => {
      clearTimeout(guard);
      for (const socket of sockets) socket.destroy();
      reject(error);
    };
    const guard = setTimeout(
      () => fail(new Error("the streams did not end")),
      events * intervalMs * 2 + graceMs,
    );
    const open = (number) => {
      const socket = connect({ port: target.port, host: "127.0.0.1", noDelay: true });
      sockets.push(socket);
      let tail = "";
      let seen = 0;
      socket.on("connect", () => socket.write(request));
      socket.on("error", fail);
      socket.on("data", (data) => {
        const now = Number(process.hrtime.bigint());
        const text = tail + data.latin1Slice();
        let read = 0;
        for (let at = text.indexOf('"sent":'); at >= 0; at = text.indexOf('"sent":', read)) {
          const close = text.indexOf("}", at);
          if (close < 0) break;
          seen += 1;
          if (seen > skip) delays.push((now - Number(text.slice(at + 7, close))) / 1000);
          read = close;
        }
        tail = text.slice(Math.max(read, text.length - 400));
        if (seen < events || !tail.endsWith("0\r\n\r\n")) return;
        total += seen;
        running -= 1;
        socket.destroy();
        if (running > 0) return;
        clearTimeout(guard);
        delays.sort((a, b) => a - b);
        resolve({ total, p50: quantile(delays, 0.5), p99: quantile(delays, 0.99) });
      });
      socket.on("close", () => {
        if (seen < events) fail(new Error(`stream ${number} ended after ${seen} events: ${tail}`));
      });
    };
    // Spread over the interval, as independent agents would be.
    for (let number = 0; number < streams; number += 1) {
      setTimeout(open, (number * intervalMs) / streams + Math.floor(number / 10) * 7, number);
    }
  });
}

const idle = [];
/** Opens streams that say one thing and then nothing; they stay until `release`. */
function idleStreams({ target, streams }) {
  const request = requestBytes(target, bodyOf(true), { "x-bench-events": -1 });
  const opened = Array.from(
    { length: streams },
    () =>
      new Promise((resolve, reject) => {
        const socket = connect({ port: target.port, host: "127.0.0.1", noDelay: true });
        idle.push(socket);
        let text = "";
        socket.setTimeout(graceMs, () => reject(new Error("an idle stream did not begin")));
        socket.on("connect", () => socket.write(request));
        socket.on("error", reject);
        socket.on("data", (data) => {
          text += data.latin1Slice();
          if (!text.includes('"sent":')) return;
          socket.setTimeout(0);
          resolve();
        });
      }),
  );
  return Promise.all(opened).then(() => ({ open: idle.length }));
}

function release() {
  for (const socket of idle.splice(0)) socket.destroy();
  return Promise.resolve({});
}

const orders = { closedLoop, pacedStreams, idleStreams, release };

process.on("message", ({ order, ...options }) => {
  orders[order](options).then(
    (result) => process.send({ result }),
    (error) => process.send({ error: error.message }),
  );
});
process.on("disconnect", () => process.exit(0));
process.send({ ready: true });
