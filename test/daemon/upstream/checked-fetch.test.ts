import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import {
  CheckedFetchError,
  createCheckedFetch,
} from "../../../src/daemon/upstream/checked-fetch.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(
    () => server.closeAllConnections(),
    () => void server.close(),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const fetchWith = (timeout = 5_000, replyBytes = 10_000) =>
  createCheckedFetch({ connectTimeout: 2_000, timeout, replyBytes });

async function faultOf(promise: Promise<unknown>): Promise<CheckedFetchError> {
  const error = await promise.then(
    () => new Error("it succeeded"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CheckedFetchError)) throw error;
  expect(error.message).not.toContain("secret");
  return error;
}

test("a reply as fetch gives it", async () => {
  const origin = await listen(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    response.writeHead(201, { "x-a": "1", "set-cookie": ["a=1", "b=2"] });
    response.end(
      JSON.stringify([request.method, request.url, request.headers["content-type"], body]),
    );
  });
  const fetch = fetchWith();
  const reply = await fetch(`${origin}/token?a=b`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "x y" }),
  });
  expect(reply).toBeInstanceOf(Response);
  expect([reply.status, reply.ok, reply.headers.get("x-a")]).toEqual([201, true, "1"]);
  expect(reply.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(await reply.json()).toEqual([
    "POST",
    "/token?a=b",
    "application/x-www-form-urlencoded;charset=UTF-8",
    "grant_type=x+y",
  ]);
  const plain = await fetch(new URL(`${origin}/`), { headers: { "content-type": "text/x" } });
  expect(await plain.json()).toEqual(["GET", "/", "text/x", ""]);
  const typed = await fetch(origin, {
    method: "PUT",
    headers: new Headers({ "Content-Type": "application/json" }),
    body: new TextEncoder().encode("{}"),
  });
  expect(await typed.json()).toEqual(["PUT", "/", "application/json", "{}"]);
});

test("no redirect is followed, and a reply may be empty", async () => {
  let count = 0;
  const origin = await listen((request, response) => {
    count += 1;
    if (request.url === "/empty") response.writeHead(204).end();
    else response.writeHead(302, { location: "/other" }).end();
  });
  const reply = await fetchWith()(origin);
  expect([reply.status, reply.headers.get("location")]).toEqual([302, "/other"]);
  expect((await fetchWith()(`${origin}/empty`)).body).toBeNull();
  expect(count).toBe(2);
});

test.each([
  "http://example.com/token",
  "ftp://example.com/token",
  "https://user:secret@example.com/token",
  "https://example.com/token#secret",
  "https://169.254.169.254/token",
  "https://[::ffff:127.0.0.1]/token",
  "https://0x7f.1/token",
  "https://10.1.2.3/token?secret",
  "http://10.1.2.3/token",
  "https://example.com/../token",
  "https://example.com\\@evil.example/token",
  "secret",
  "",
])("no token is sent to %s", async (url) => {
  expect((await faultOf(fetchWith()(url))).fault).toBe("url");
});

test.each([
  ["10.1.2.3", false],
  ["169.254.169.254", true],
  ["::ffff:127.0.0.1", false],
])("a name that leads to %s is not connected to", async (address, allowPrivateNetwork) => {
  const family = address.includes(":") ? 6 : 4;
  const fetch = createCheckedFetch({
    ...{ connectTimeout: 2_000, timeout: 5_000, replyBytes: 1_000 },
    resolve: (_host, _options, callback) => callback(null, [{ address, family }]),
  });
  const error = await faultOf(fetch("https://sts.example/", { allowPrivateNetwork }));
  expect(error.fault).toBe("address");
});

test("hanging, before and inside a reply, ends in time and closes the socket", async () => {
  const closed: Promise<void>[] = [];
  const origin = await listen((request, response) => {
    closed.push(new Promise((resolve) => request.socket.on("close", resolve)));
    if (request.url === "/half") response.write("half");
  });
  for (const path of ["/", "/half"]) {
    const error = await faultOf(fetchWith(300)(origin + path));
    expect([error.fault, error.message]).toEqual([
      "timeout",
      `${new URL(origin).host} did not answer in time`,
    ]);
  }
  await Promise.all(closed);
});

test("a reply without an end is not read to the end", async () => {
  const origin = await listen((_request, response) => {
    const pour = () => {
      while (response.write("x".repeat(4096)));
    };
    response.on("drain", pour);
    pour();
  });
  expect((await faultOf(fetchWith()(origin))).fault).toBe("too-large");
});

test("nobody there", async () => {
  const origin = await listen(() => {});
  for (const close of closers.splice(0)) close();
  const error = await faultOf(fetchWith()(`${origin}/?secret`));
  expect([error.fault, error.message]).toEqual([
    "network",
    `${new URL(origin).host} cannot be reached (ECONNREFUSED)`,
  ]);
});

test("a caller who leaves is told his own reason", async () => {
  const leaving = new AbortController();
  const reason = new Error("left");
  const origin = await listen(() => leaving.abort(reason));
  await expect(fetchWith()(origin, { signal: leaving.signal })).rejects.toBe(reason);
  await expect(fetchWith()(origin, { signal: leaving.signal })).rejects.toBe(reason);
});
