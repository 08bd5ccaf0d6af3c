/** Statuses as upstreams send them: interim ones are passed over, and those that do not exist are refused. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createUndiciTransport } from "../../../src/daemon/upstream/undici-transport.js";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Asks an upstream that answers with these very bytes, one piece after the other, some times over. */
async function ask(pieces: readonly string[], times = 1) {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", async () => {
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((wake) => setTimeout(wake, 10));
      }
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const transport = createUndiciTransport({
    ...{ replyTimeout: 5_000, connectTimeout: 2_000, connections: 1 },
  });
  closers.push(
    () => transport.close(),
    () => server.close(),
    () => {
      for (const socket of sockets) socket.destroy();
    },
  );
  const calls: string[] = [];
  const request = {
    ...{
      method: "POST",
      path: "/",
      headers: [],
      body: Buffer.from("{}"),
      allowPrivateNetwork: false,
    },
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  for (let time = 0; time < times; time += 1) {
    await new Promise<void>((over) => {
      transport.send(request, {
        head: ({ status }) => void calls.push(String(status)),
        data: (chunk) => void calls.push(chunk.toString()),
        end: () => over(void calls.push("end")),
        fail: (error) => over(void calls.push(`fail ${error.message}`)),
      });
    });
  }
  return { calls, connections };
}

const reply = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const proceed = "HTTP/1.1 100 Continue\r\n\r\n";
const hints = "HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n";

test.each([
  ["100 and the reply in one piece", [proceed + reply]],
  ["100, then the reply", [proceed, reply]],
  ["100 with headers, cut", ["HTTP/1.1 100 Continue\r\nserver: ", "gw\r\n\r\n", reply]],
  ["100 without a reason", ["HTTP/1.1 100 \r\n\r\n", reply]],
  ["100 twice", [proceed, proceed, reply]],
  ["100 and 103", [proceed, hints, reply]],
  ["103 and 100", [hints + proceed, reply]],
  ["102", ["HTTP/1.1 102 Processing\r\n\r\n", reply]],
  ["none", [reply]],
])("%s: the final reply comes, and the connection is used again", async (_name, pieces) => {
  const { calls, connections } = await ask(pieces, 3);
  expect(calls).toEqual(["200", "ok", "end", "200", "ok", "end", "200", "ok", "end"]);
  expect(connections).toBe(1);
});

test.each(["000", "099", "600", "999", "1000", "20", "2x0", "101"])(
  "status %s fails, at once and without the library's assertions",
  async (status) => {
    const began = performance.now();
    const { calls } = await ask([`HTTP/1.1 ${status} X\r\ncontent-length: 2\r\n\r\n{}`]);
    expect(calls).toEqual([expect.stringMatching(/^fail /)]);
    expect(calls[0]).not.toMatch(/assert|statusCode >=/i);
    expect(performance.now() - began).toBeLessThan(1_500);
  },
);
