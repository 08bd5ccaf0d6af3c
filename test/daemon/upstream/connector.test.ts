import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AddressDenied } from "../../../src/daemon/upstream/address.js";
import { createConnector, ProxyError } from "../../../src/daemon/upstream/connector.js";

let proxy: Server;
let asked: string[];
/** What the proxy answers CONNECT with; empty for no answer. */
let answer: string;

beforeEach(async () => {
  asked = [];
  answer = "HTTP/1.1 403 Forbidden\r\n\r\n";
  proxy = createServer();
  proxy.on("connect", ({ url }, socket) => {
    asked.push(url ?? "");
    if (answer !== "") socket.end(answer);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  vi.stubEnv("HTTPS_PROXY", `http://user:secret-of-proxy@127.0.0.1:${port}`);
  vi.stubEnv("NO_PROXY", "direct.test");
});
afterEach(() => {
  vi.unstubAllEnvs();
  proxy.closeAllConnections();
  proxy.close();
});

/** The error of one connection to `origin`, whose name leads to `address`, or nowhere. */
async function errorOf(origin: string, address?: string): Promise<Error> {
  const connect = createConnector({
    ...{ origin, allowPrivateNetwork: false, timeout: 500 },
    resolve: (host, _options, callback) =>
      address === undefined
        ? callback(Object.assign(new Error(`ENOTFOUND ${host}`), { syscall: "getaddrinfo" }), [])
        : callback(null, [{ address, family: 4 }]),
  });
  const { hostname, protocol, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    connect({ hostname, protocol, port }, (error, socket) => {
      if (error !== null) return resolve(error);
      socket.destroy();
      return reject(new Error("it connected"));
    });
  });
}

test("a name that only the proxy can resolve is the proxy's to reach; its refusal is told", async () => {
  const error = await errorOf("https://api.provider.test");
  expect(asked).toEqual(["api.provider.test:443"]);
  expect(error).toBeInstanceOf(ProxyError);
  expect(error.message).toMatch(/^the proxy 127\.0\.0\.1:\d+ refused the tunnel with status 403$/);
  expect(String(error.stack)).not.toContain("secret-of-proxy");
});

test.each(["169.254.169.254", "127.0.0.1", "10.0.0.1"])(
  "a name that leads to %s is refused, and the proxy is not asked",
  async (address) => {
    expect(await errorOf("https://api.provider.test", address)).toBeInstanceOf(AddressDenied);
    expect(asked).toEqual([]);
  },
);

test("a proxy that does not answer is given up in time", async () => {
  answer = "";
  const error = await errorOf("https://api.provider.test");
  expect(error).toBeInstanceOf(ProxyError);
});

test.each(["https://direct.test", "https://localhost:1", "http://127.0.0.1:1"])(
  "%s goes without the proxy",
  async (origin) => {
    await errorOf(origin, "169.254.169.254");
    expect(asked).toEqual([]);
  },
);
