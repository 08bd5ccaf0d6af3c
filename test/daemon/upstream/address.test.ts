import type { LookupAddress } from "node:dns";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type LookupFunction } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  AddressDenied,
  BaseUrlError,
  createGuardedLookup,
  type GuardedLookupOptions,
  parseBaseUrl,
} from "../../../src/daemon/upstream/address.js";

const strict = { allowPrivateNetwork: false };
const lenient = { allowPrivateNetwork: true };

function refusalOf(text: string, options = strict): BaseUrlError {
  try {
    parseBaseUrl(text, options);
  } catch (error) {
    if (error instanceof BaseUrlError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("a base URL", () => {
  test.each([
    ["https://api.openai.com/v1", "https://api.openai.com", "/v1"],
    ["https://API.openai.com:443/v1/", "https://api.openai.com", "/v1"],
    ["https://api.example.com", "https://api.example.com", ""],
    ["https://api.example.com:8443/a/b", "https://api.example.com:8443", "/a/b"],
    ["http://127.0.0.1:4010/v1", "http://127.0.0.1:4010", "/v1"],
    ["http://[::1]:4010/v1", "http://[::1]:4010", "/v1"],
    ["http://localhost:4010", "http://localhost:4010", ""],
    ["https://8.8.8.8/v1", "https://8.8.8.8", "/v1"],
    ["https://[2606:4700::1]/v1", "https://[2606:4700::1]", "/v1"],
  ])("%s is read", (text, origin, basePath) => {
    expect(parseBaseUrl(text, strict)).toEqual({ origin, basePath });
  });

  test.each([
    ["http://api.example.com/v1", /in the clear/],
    ["http://127.0.0.2/v1", /loopback/],
    ["ftp://api.example.com/v1", /scheme/],
    ["api.example.com/v1", /absolute URL/],
    ["https:api.example.com/v1", /absolute URL/],
    ["https:///v1", /absolute URL/],
    ["https://api.example.com/v1 ", /plain ASCII/],
    ["https://api.example.com/v1\r\nx: y", /plain ASCII/],
    ["https://аpi.example.com/v1", /plain ASCII/],
    ["https://api.example.com:99999/v1", /cannot be read/],
    ["https://api.example.com/v1?key=1", /query/],
    ["https://api.example.com/v1#top", /fragment/],
    ["https://api.example.com\\@evil.example/v1", /backslash/],
    ["https://api.example.com/../v1", /dot segments/],
    ["https://api.example.com/v1/.", /dot segments/],
    ["https://api.example.com/%2e%2E/v1", /dot segments/],
    ["https://api.example.com/a%2fb", /encoded slashes/],
    ["https://api.example.com//v1", /double/],
    ["https://api.example.com/v1//", /double/],
  ])("%j is refused", (text, message) => {
    const error = refusalOf(text);
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBe("");
    expect(refusalOf(text, text.includes("127.0.0.2") ? strict : lenient).message).toMatch(message);
  });

  test("a password in it is refused and not repeated", () => {
    const error = refusalOf("https://user:hunter2@api.example.com/v1");
    expect(error.message).toMatch(/password/);
    expect(inspect(error) + JSON.stringify(error)).not.toContain("hunter2");
  });

  test.each([
    ["https://0x7f.1/v1", "127.0.0.1"],
    ["http://2130706433/v1", "127.0.0.1"],
    ["http://0177.0.0.1/v1", "127.0.0.1"],
    ["http://127.1/v1", "127.0.0.1"],
    ["https://[::ffff:127.0.0.1]/v1", "[::ffff:7f00:1]"],
    ["http://[0:0:0:0:0:0:0:1]/v1", "[::1]"],
    ["https://api.ex%61mple.com/v1", "api.example.com"],
    ["https://api.example.com./v1", "api.example.com"],
    ["https://8.8.8.8./v1", "8.8.8.8"],
  ])("the odd form %s is refused, saying how to write it", (text, form) => {
    for (const options of [strict, lenient]) expect(refusalOf(text, options).hint).toContain(form);
  });

  test("a mapped IPv4 address is refused in its short form too", () => {
    expect(refusalOf("https://[::ffff:7f00:1]/v1", lenient).hint).toMatch(/with its dots/);
  });

  test.each([
    "https://10.0.0.1",
    "https://172.16.9.9",
    "https://192.168.1.1",
    "https://100.64.0.1",
    "https://[fd12::1]",
    "https://[64:ff9b::a00:1]",
    "https://127.0.0.2",
  ])("%s needs the connection's word", (text) => {
    expect(refusalOf(text).hint).toContain("--allow-private-network");
    expect(parseBaseUrl(text, lenient)).toEqual({ origin: text, basePath: "" });
  });

  test.each([
    "https://169.254.169.254",
    "https://169.254.0.1",
    "https://[fe80::1]",
    "https://[fd00:ec2::254]",
    "https://100.100.100.200",
    "https://0.0.0.0",
    "https://[::]",
    "https://224.0.0.1",
    "https://255.255.255.255",
    "https://[ff02::1]",
    "https://[64:ff9b::a9fe:a9fe]",
    "https://[64:ff9b::7f00:1]",
    "https://[2002:a9fe:a9fe::1]",
    "https://[2001:0:1::1]",
  ])("%s is refused always", (text) => {
    for (const options of [strict, lenient]) {
      expect(refusalOf(text, options).hint).toContain("never an upstream");
    }
  });
});

const addressesOf = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

/** A resolver that answers its next list at each call. */
function resolverOf(...answers: LookupAddress[][]) {
  const asked: unknown[] = [];
  const resolve: NonNullable<GuardedLookupOptions["resolve"]> = (host, options, callback) => {
    asked.push({ host, family: options.family });
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? [];
    setImmediate(callback, null, answer);
  };
  return { resolve, asked };
}

function ask(lookup: LookupFunction, host: string, options: Parameters<LookupFunction>[1]) {
  return new Promise<unknown>((resolve) => {
    lookup(host, options, (error, address, family) => {
      resolve(error ?? (family === undefined ? address : { address, family }));
    });
  });
}

describe("the guarded lookup", () => {
  const host = "api.example.com";

  test.each([
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "0.0.0.0",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "fe80::1%eth0",
    "fc00::1",
    "64:ff9b::7f00:1",
    "2002:0a00:0001::1",
    "not an address",
  ])("a name that leads to %s is denied", async (address) => {
    const { resolve } = resolverOf(addressesOf(address));
    const lookup = createGuardedLookup({ ...strict, host, resolve });
    const answer = await ask(lookup, host, { all: true });
    expect(answer).toBeInstanceOf(AddressDenied);
    expect(answer).toMatchObject({ code: "upstream_address_denied" });
  });

  test("only the addresses that may be connected to are answered", async () => {
    const { resolve } = resolverOf(addressesOf("10.0.0.1", "8.8.8.8", "::1", "2606:4700::1"));
    const lookup = createGuardedLookup({ ...strict, host, resolve });
    expect(await ask(lookup, host, { all: true })).toEqual(addressesOf("8.8.8.8", "2606:4700::1"));
    expect(await ask(lookup, host, {})).toEqual({ address: "8.8.8.8", family: 4 });
  });

  test("the asked family reaches the resolver", async () => {
    const { resolve, asked } = resolverOf(addressesOf("8.8.8.8"));
    const lookup = createGuardedLookup({ ...strict, host, resolve });
    for (const family of [4, "IPv6", 0] as const) await ask(lookup, host, { family });
    expect(asked).toEqual([4, 6, 0].map((family) => ({ host, family })));
  });

  test("private addresses pass by the connection's word, metadata never", async () => {
    const { resolve } = resolverOf(addressesOf("10.0.0.1", "169.254.169.254", "fd00:ec2::254"));
    const lookup = createGuardedLookup({ ...lenient, host, resolve });
    expect(await ask(lookup, host, { all: true })).toEqual(addressesOf("10.0.0.1"));
  });

  test("localhost is this machine's loopback and nothing else", async () => {
    const { resolve } = resolverOf(addressesOf("8.8.8.8", "10.0.0.1"), addressesOf("::1"));
    const lookup = createGuardedLookup({ ...lenient, host: "localhost", resolve });
    expect(await ask(lookup, "localhost", { all: true })).toBeInstanceOf(AddressDenied);
    expect(await ask(lookup, "localhost", { all: true })).toEqual(addressesOf("::1"));
  });

  test("another host than the connection's is denied unasked", async () => {
    const { resolve, asked } = resolverOf(addressesOf("8.8.8.8"));
    const lookup = createGuardedLookup({ ...strict, host, resolve });
    expect(await ask(lookup, "evil.example", {})).toBeInstanceOf(AddressDenied);
    expect(asked).toEqual([]);
  });

  test("a resolver's own failure is passed on", async () => {
    const failure = new Error("queryA ENOTFOUND");
    const lookup = createGuardedLookup({
      ...strict,
      host,
      resolve: (_host, _options, callback) => callback(failure, []),
    });
    expect(await ask(lookup, host, { all: true })).toBe(failure);
  });

  test("a rebinding resolver cannot move a connection to loopback", async () => {
    let accepted = 0;
    const server = createServer((socket) => {
      accepted += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    // The first answer, seen by whoever checks ahead, is harmless; the next is what is dialled.
    const { resolve, asked } = resolverOf(addressesOf("8.8.8.8"), addressesOf("127.0.0.1"));
    const lookup = createGuardedLookup({ ...strict, host, resolve });

    expect(await ask(lookup, host, { all: true })).toEqual(addressesOf("8.8.8.8"));
    const [error] = await once(connect({ host, port, lookup }), "error");

    expect(error).toBeInstanceOf(AddressDenied);
    expect(asked).toHaveLength(2);
    expect(accepted).toBe(0);
    server.close();
    await once(server, "close");
  });

  test("net.connect dials the checked address", async () => {
    const server = createServer((socket) => socket.end("here")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { resolve } = resolverOf(addressesOf("127.0.0.1"));
    const lookup = createGuardedLookup({ ...strict, host: "localhost", resolve });

    const [greeting] = await once(connect({ host: "localhost", port, lookup }), "data");

    expect(String(greeting)).toBe("here");
    server.close();
    await once(server, "close");
  });
});
