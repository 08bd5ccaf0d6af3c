/**
 * Connector: how a socket to an upstream or token endpoint comes about. Directly,
 * the address connected to is the one that was checked (SECURITY H6). Where the
 * environment names a proxy (`HTTPS_PROXY`, `NO_PROXY`), through a CONNECT tunnel
 * (RFC 9110 9.3.6) with the upstream's own TLS inside, so the proxy sees no
 * request. The proxy resolves the name then; a name that leads to a forbidden
 * address here is refused all the same.
 */
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import type { Socket } from "node:net";
import { getProxyForUrl } from "proxy-from-env";
import { buildConnector } from "undici";
import { createGuardedLookup, type GuardedLookupOptions } from "./address.js";

export interface ConnectorOptions {
  /** Scheme, host and port of the upstream, as `URL.origin` writes them. */
  readonly origin: string;
  readonly allowPrivateNetwork: boolean;
  /** Milliseconds to connect, TLS and tunnel included. */
  readonly timeout: number;
  /** The system's resolver unless a test brings its own. */
  readonly resolve?: GuardedLookupOptions["resolve"];
}

/** The proxy answered CONNECT with something else than 200, or did not answer. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
}

/** Creates what undici calls for each new socket. */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const { origin, allowPrivateNetwork, timeout, resolve } = options;
  const url = new URL(origin);
  const lookup = createGuardedLookup({
    ...{ host: url.hostname, allowPrivateNetwork },
    ...(resolve && { resolve }),
  });
  const proxy = proxyOf(url);
  if (proxy === undefined) return buildConnector({ timeout, lookup });

  const overTunnel = buildConnector({ timeout });
  return (target, callback) => {
    lookup(url.hostname, { all: true }, (denied) => {
      // What only the proxy can resolve is the proxy's to reach.
      if (denied !== null && !("syscall" in denied)) return callback(denied, null);
      openTunnel({ proxy, url, timeout }, (error, httpSocket) => {
        if (httpSocket === null) return callback(error, null);
        overTunnel({ ...target, servername: url.hostname, httpSocket }, callback);
      });
    });
  };
}

/** The proxy for this upstream. Loopback and plain http never go through one. */
function proxyOf(url: URL): URL | undefined {
  if (url.protocol !== "https:" || /^(?:localhost|127\..*|\[::1\])$/.test(url.hostname)) {
    return undefined;
  }
  const proxy = getProxyForUrl(url.href);
  return proxy === "" ? undefined : new URL(proxy);
}

interface Tunnel {
  readonly proxy: URL;
  readonly url: URL;
  readonly timeout: number;
}

function openTunnel(
  { proxy, url, timeout }: Tunnel,
  done: (...came: [error: null, socket: Socket] | [error: Error, socket: null]) => void,
): void {
  const authority = `${url.hostname}:${url.port || 443}`;
  const { username, password } = proxy;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const call = (proxy.protocol === "https:" ? requestTls : requestPlain)({
    ...{ host: proxy.hostname.replace(/^\[|\]$/g, ""), port: proxy.port || undefined },
    ...{ method: "CONNECT", path: authority, agent: false, timeout },
    headers: {
      host: authority,
      ...(username !== "" && {
        "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}`,
      }),
    },
  });
  const fail = (why: string, cause?: Error) =>
    done(new ProxyError(`the proxy ${proxy.host} ${why}`, { cause }), null);
  call.once("connect", (reply, socket, head) => {
    if (reply.statusCode !== 200) {
      socket.destroy();
      return fail(`refused the tunnel with status ${reply.statusCode}`);
    }
    if (head.length > 0) socket.unshift(head);
    socket.setTimeout(0);
    return done(null, socket as Socket);
  });
  call.once("timeout", () => call.destroy(new Error("it did not answer in time")));
  call.once("response", () => call.destroy(new Error("it gave no tunnel")));
  call.once("error", (error) => fail("cannot be used", error));
  call.end();
}
