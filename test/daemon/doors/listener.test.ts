import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import {
  hostsOf,
  type Listener,
  type ListenOptions,
  listen,
} from "../../../src/daemon/doors/listener.js";
import { createSeats } from "../../../src/daemon/doors/seats.js";
import { rawExchange } from "../../support/data-path.js";

const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

async function start(
  change: Partial<ListenOptions> = {},
  limits: Partial<ListenOptions["limits"]> = {},
  connections = 10,
) {
  const listener = await listen({
    handle: (_request, response) => response.end("ok"),
    malformed: (problem) => Buffer.from(`HTTP/1.1 400 ${problem}\r\nconnection: close\r\n\r\n`),
    port: 0,
    ...change,
    limits: {
      headerBytes: 4_096,
      headersTimeout: 10_000,
      bodyTimeout: 10_000,
      ...limits,
    },
    seats: createSeats({ limit: connections, share: connections }),
  });
  open.push(listener);
  return listener;
}

test("L1: it answers on loopback and on no other address of this machine", async () => {
  const { port } = await start();
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("ok");
  const others = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address !== undefined && !address.internal && address.family === "IPv4");
  for (const other of others) {
    const refused = await new Promise((resolve) => {
      connect(port, other?.address)
        .on("connect", () => resolve(false))
        .on("error", () => resolve(true));
    });
    expect(refused).toBe(true);
  }
});

test("closing does not wait for a client that opened a socket and asked nothing", async () => {
  const listener = await start();
  const spare = connect(listener.port, "127.0.0.1");
  await new Promise((resolve) => spare.on("connect", resolve));
  // Answered after the spare socket was accepted, so the server knows it by now.
  await fetch(`http://127.0.0.1:${listener.port}/`);
  const closed = new Promise((resolve) => spare.on("close", resolve));
  await listener.close();
  await closed;
});

test("a port that another program has gives the next free one", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port: taken } = other.address() as AddressInfo;
  const { port } = await start({ port: taken });
  expect(port).not.toBe(taken);
  other.close();
});

test("bytes that are no request are answered and the connection closed", async () => {
  const { port } = await start();
  expect(await rawExchange(port, "nonsense\r\n\r\n")).toContain("400 malformed");
  expect(await rawExchange(port, `GET / HTTP/1.1\r\nx: ${"a".repeat(5_000)}\r\n\r\n`)).toContain(
    "400 too-large",
  );
  expect(await rawExchange(port, "CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n")).toContain(
    "400 connect",
  );
});

test("H7: a body that does not arrive in time is told so, and the connection closed", async () => {
  const { port } = await start({ handle: () => {} }, { headersTimeout: 300, bodyTimeout: 300 });
  const head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{";
  expect(await rawExchange(port, head)).toContain("400 timeout");
});

test("H7: where all connections are busy one more is dropped; an idle one makes room", async () => {
  let answer = () => {};
  const handle: ListenOptions["handle"] = (_request, response) => {
    answer = () => response.end("ok");
    response.write("o");
  };
  const { port } = await start({ handle }, {}, 1);
  const first = connect(port, "127.0.0.1");
  await new Promise((resolve) => first.on("connect", resolve));
  first.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await new Promise((resolve) => first.once("data", resolve));
  const request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  expect(await rawExchange(port, request).catch(() => "")).toBe("");
  const closed = new Promise((resolve) => first.once("close", resolve));
  answer();
  await new Promise((resolve) => first.once("data", resolve));
  const second = rawExchange(port, request);
  await closed;
  await new Promise((resolve) => setTimeout(resolve, 50));
  answer();
  expect(await second).toContain("200 OK");
});

test("on http's own port a client may leave the port out of Host, and on no other", () => {
  const named = ["127.0.0.1:80", "localhost:80"];
  expect([...hostsOf(80)].sort()).toEqual([...named, "127.0.0.1", "localhost"].sort());
  expect([...hostsOf(4141)].sort()).toEqual(["127.0.0.1:4141", "localhost:4141"]);
});

/** False where this user may not bind http's own port, or another program has it. */
function bindable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

test("what a client on http's own port says as Host is on the list", async (context) => {
  if (!(await bindable(80))) return context.skip();
  const said: (string | undefined)[] = [];
  let known: ReadonlySet<string> = new Set();
  const { port } = await start({
    port: 80,
    handle(request, response, hosts) {
      known = hosts;
      said.push(request.headers.host);
      response.end("{}");
    },
  });
  const client = new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: "none" });
  await client.models.list();
  await fetch(`http://localhost:${port}/`);
  expect(said).toEqual(["127.0.0.1", "localhost"]);
  expect(said.every((host) => known.has(host ?? ""))).toBe(true);
});
