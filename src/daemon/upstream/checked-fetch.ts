/**
 * Checked fetch: one call to an identity provider or token endpoint, shaped
 * like `fetch` and held to what upstreams are held to: https, or http on this
 * machine's loopback; the address connected to is the one that was checked
 * (SECURITY H6); no redirect is followed (H5). It ends in time whatever the
 * other side does, and reads a reply only up to a cap. No error holds more of
 * the request than its host.
 */
import { Client } from "undici";
import { AddressDenied, BaseUrlError, type GuardedLookupOptions, parseBaseUrl } from "./address.js";
import { createConnector, ProxyError } from "./connector.js";

/** What `fetch` takes, as far as such calls need it. */
export interface CheckedInit {
  readonly method?: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: ConstructorParameters<typeof Response>[0];
  readonly signal?: AbortSignal | null;
  /** The endpoint may be on a private network. */
  readonly allowPrivateNetwork?: boolean;
}

/** The reply's body is whole when this resolves; 3xx are replies like any other. */
export type CheckedFetch = (url: string | URL, init?: CheckedInit) => Promise<Response>;

export interface CheckedFetchOptions {
  /** Milliseconds to connect, TLS included. */
  readonly connectTimeout: number;
  /** Milliseconds that the whole call may take. */
  readonly timeout: number;
  /** Bytes of a reply's body that are read; a longer one is an error. */
  readonly replyBytes: number;
  /** The system's resolver unless a test brings its own. */
  readonly resolve?: GuardedLookupOptions["resolve"];
}

/** Why there was no reply. */
export type CheckedFetchFault = "url" | "address" | "timeout" | "too-large" | "network";

export class CheckedFetchError extends Error {
  readonly fault: CheckedFetchFault;

  constructor(fault: CheckedFetchFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CheckedFetchError";
    this.fault = fault;
  }
}

/** Creates the function that calls endpoints. */
export function createCheckedFetch(options: CheckedFetchOptions): CheckedFetch {
  return async function checkedFetch(target, init = {}) {
    const { allowPrivateNetwork = false, method = "GET" } = init;
    const { resolve } = options;
    const url = checkedUrl(target, allowPrivateNetwork);
    const { headers, body } = await contentOf(init);
    const timeout = AbortSignal.timeout(options.timeout);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    signal.throwIfAborted();

    const client = new Client(url.origin, {
      connect: createConnector({
        ...{ origin: url.origin, allowPrivateNetwork, timeout: options.connectTimeout },
        ...(resolve && { resolve }),
      }),
      maxResponseSize: options.replyBytes,
    });
    try {
      const path = url.pathname + url.search;
      const reply = await client.request({ method, path, headers, body, signal });
      const bytes = await reply.body.arrayBuffer();
      const empty = [204, 205, 304].includes(reply.statusCode);
      return new Response(empty ? null : bytes, {
        status: reply.statusCode,
        headers: fieldsOf(reply.headers),
      });
    } catch (error) {
      if (init.signal?.aborted) throw init.signal.reason;
      throw failureOf(url.host, timeout.aborted, error);
    } finally {
      // Calls are minutes apart: no socket is kept for the next.
      await client.destroy().catch(() => {});
    }
  };
}

/** The URL, where it is one that a token may be sent to; throws CheckedFetchError. */
function checkedUrl(target: string | URL, allowPrivateNetwork: boolean): URL {
  const text = String(target);
  try {
    // A query is the endpoint's own business; the rest is held to what a base URL is.
    const query = text.indexOf("?");
    parseBaseUrl(query === -1 ? text : text.slice(0, query), { allowPrivateNetwork });
    const url = new URL(text);
    if (url.hash !== "") throw new BaseUrlError("the URL holds a fragment", "leave it out");
    return url;
  } catch (error) {
    const why = error instanceof BaseUrlError ? error.message.replace("base URL", "URL") : "";
    throw new CheckedFetchError("url", why || "the URL cannot be read", { cause: error });
  }
}

async function contentOf(init: CheckedInit) {
  const headers: Record<string, string> = {};
  new Headers(init.headers ?? {}).forEach((value, name) => {
    headers[name] = value;
  });
  if (init.body === undefined || init.body === null) return { headers, body: null };
  const content = new Response(init.body);
  const type = content.headers.get("content-type");
  if (type !== null) headers["content-type"] ??= type;
  return { headers, body: new Uint8Array(await content.arrayBuffer()) };
}

function fieldsOf(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const fields = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const each of Array.isArray(value) ? value : [value ?? ""]) fields.append(name, each);
  }
  return fields;
}

function failureOf(host: string, timedOut: boolean, error: unknown): CheckedFetchError {
  const { name, code } = error as NodeJS.ErrnoException;
  const fail = (fault: CheckedFetchFault, why: string) =>
    new CheckedFetchError(fault, `${host} ${why}`, { cause: error });
  if (error instanceof AddressDenied) {
    return new CheckedFetchError("address", error.message, { cause: error });
  }
  if (error instanceof ProxyError) return fail("network", `cannot be reached: ${error.message}`);
  if (timedOut || name === "ConnectTimeoutError") return fail("timeout", "did not answer in time");
  if (name === "ResponseExceededMaxSizeError") return fail("too-large", "answered with too much");
  const word = typeof code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : "";
  return fail("network", `cannot be reached${word}`);
}
