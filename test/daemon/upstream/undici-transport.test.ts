import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { ReplySink, ReplyValve } from "../../../src/daemon/model/reply.js";
import { createUndiciTransport } from "../../../src/daemon/upstream/undici-transport.js";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(upstream: RequestListener, replyTimeout = 5_000, turnTimeout?: number) {
  const server = createServer(upstream);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const transport = createUndiciTransport({
    ...{ replyTimeout, connectTimeout: 2_000, connections: 4 },
    ...(turnTimeout !== undefined && { turnTimeout }),
  });
  closers.push(
    () => transport.close(),
    () => void server.closeAllConnections(),
    () => void server.close(),
  );
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return (change: { origin?: string; headers?: string[]; body?: Buffer; method?: string } = {}) => {
    const calls: string[] = [];
    let settle: () => void = () => {};
    const over = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const sink: ReplySink = {
      head: ({ status, statusText, headers }) =>
        calls.push(`${status} ${statusText} ${headers.join("|")}`),
      data: (chunk) => calls.push(chunk.toString("latin1")),
      end: () => {
        calls.push("end");
        settle();
      },
      fail: (error) => {
        calls.push(`fail ${(error as NodeJS.ErrnoException).code ?? error.message}`);
        settle();
      },
    };
    const valve: ReplyValve = transport.send(
      {
        method: "POST",
        origin,
        path: "/v1/x?y=%20",
        headers: [],
        body: Buffer.from("{}"),
        allowPrivateNetwork: false,
        ...change,
      },
      sink,
    );
    return { calls, over, valve };
  };
}

test("raw headers both ways, order, case and repetition kept, latin1 too", async () => {
  let seen: string[] = [];
  const send = await start((request, response) => {
    seen = request.rawHeaders;
    response.sendDate = false;
    response.writeHead(201, "Made", [
      "X-B",
      "caf\xe9",
      "x-a",
      "1",
      "X-A",
      "2",
      "content-length",
      "2",
    ]);
    response.end(Buffer.from("ok"));
  });
  const { calls, over } = send({ headers: ["X-One", "1", "x-one", "2"] });
  await over;
  expect(seen.join("|")).toContain("X-One|1|x-one|2");
  expect(calls).toEqual([
    expect.stringMatching(/^201 Made X-B\|caf\xe9\|x-a\|1\|X-A\|2\|content-length\|2/),
    "ok",
    "end",
  ]);
});

/** An upstream that answers with these very bytes and keeps the connection. */
async function raw(answer: string) {
  const send = await start((request) => {
    request.resume().on("end", () => request.socket.write(Buffer.from(answer, "latin1")));
  });
  const { calls, over } = send();
  await over;
  return calls;
}

test.each(["Caf\xe9", "O\x01K", "O\x7fK"])(
  "a reason that could not be written again, %j, is left out",
  async (reason) => {
    const answer = `HTTP/1.1 200 ${reason}\r\ncontent-length: 2\r\n\r\nok`;
    expect(await raw(answer)).toEqual(["200  content-length|2", "ok", "end"]);
  },
);

test.each([204, 304])("%i has no content, whatever its length says", async (status) => {
  const answer = `HTTP/1.1 ${status} So\r\ncontent-length: 20\r\n\r\n`;
  expect(await raw(answer)).toEqual([`${status} So content-length|20`, "end"]);
});

test("H5: a redirect is a reply like any other", async () => {
  let count = 0;
  const send = await start((_request, response) => {
    count += 1;
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  const { calls, over } = send();
  await over;
  expect(calls[0]).toMatch(/^307 /);
  expect(count).toBe(1);
});

test("a cancelled call is aborted at the upstream and pushes nothing more", async () => {
  let left = false;
  const send = await start((_request, response) => {
    response.on("close", () => {
      left = true;
    });
    response.write("a");
  });
  const { calls, valve } = send();
  await expect.poll(() => calls.length).toBe(2);
  valve.cancel(new Error("the client left"));
  await expect.poll(() => left).toBe(true);
  expect(calls).toHaveLength(2);
});

test("a call cancelled before it was sent reaches nobody", async () => {
  let count = 0;
  const send = await start((_request, response) => {
    count += 1;
    response.end();
  });
  const { calls, valve } = send();
  valve.cancel(new Error("the client left"));
  const next = send();
  await next.over;
  expect(calls).toEqual([]);
  expect(count).toBe(1);
});

test("an upstream that stands still is a timeout, one that is not there a failure", async () => {
  const silent = await start(() => {}, 300);
  const hung = silent();
  await hung.over;
  expect(hung.calls).toEqual(["fail upstream_timeout"]);
  const gone = silent({ origin: "http://127.0.0.1:1" });
  await gone.over;
  expect(gone.calls).toEqual(["fail ECONNREFUSED"]);
});

test("H6: a name that resolves to loopback is not connected to", async () => {
  const send = await start((_request, response) => response.end());
  const { calls, over } = send({ origin: "https://ip6-localhost:1" });
  await over;
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatch(/^fail (upstream_address_denied|ENOTFOUND|EAI_AGAIN)$/);
});

test("quiet streams that take all connections make others fail soon; one that ends makes room", async () => {
  const send = await start((_request, response) => void response.write("a"), 5_000, 300);
  const quiet = [send(), send(), send(), send()];
  for (const { calls } of quiet) await expect.poll(() => calls.length).toBe(2);
  const late = send();
  await late.over;
  expect(late.calls).toEqual(["fail upstream_busy"]);
  const waits = send();
  quiet[2]?.valve.cancel(new Error("the client left"));
  await expect.poll(() => waits.calls.length).toBe(2);
  for (const { valve } of [...quiet, waits]) valve.cancel(new Error("over"));
});
