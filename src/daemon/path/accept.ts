/**
 * Accept: a request of node:http becomes an exchange, or is refused before
 * anything looks at who sent it: one Host from the allow-list, no browser, one
 * plain path (SECURITY L2, L3, H3, H4). Rejected, never normalised: two
 * programs that mend a path differently read two paths.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { performance } from "node:perf_hooks";
import { exchangeIdOf } from "../model/exchange.js";
import { Refusal } from "../model/refusal.js";
import { type BodyLimits, createBodies } from "./body.js";
import { meantForAll } from "./headers.js";
import { Abandoned, type Accepted, type Room } from "./station.js";

export interface AcceptOptions {
  readonly nextKey: () => bigint;
  readonly now: () => Date;
  /** Host header values that reach the data path, lower case: `127.0.0.1:4141`. */
  readonly hosts: () => ReadonlySet<string>;
  readonly bodyLimits: BodyLimits;
}

interface Begun {
  readonly exchange: Accepted;
  readonly stop: (reason: Abandoned) => void;
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

// Doubled or backward slashes, fragments, encoded dots, backslashes and zeros (also encoded twice),
// slashes encoded twice, half an escape, and anything that is not visible ASCII. A slash encoded
// once may stand in a model's name: classify looks where.
const oddPath = /\/\/|[\\#]|%(?:25)*(?:2e|5c|00)|%(?:25)+2f|%(?![0-9a-f]{2})|[^\x21-\x7e]/i;
// Letters and digits that need no escape: another program may know the path by its plain form.
const needlessEscape = /%(?:25)*(?:3[0-9]|4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])/i;
const dotSegment = /\/\.{1,2}(?:;[^/]*)?(?:\/|$)/;
const oddQuery = /[\\#]|[^\x21-\x7e]/;

/** Creates the exchange and the way to stop it; `check` then refuses what may not enter. */
export function createAccept(options: AcceptOptions) {
  const bodies = createBodies(options.bodyLimits);
  return {
    /** Names the exchange; never fails, so that every refusal has an id to show. */
    begin(request: IncomingMessage, response: ServerResponse): Begun {
      const key = options.nextKey();
      const began = performance.now();
      const abort = new AbortController();
      const { rawHeaders } = request;
      const target = request.url ?? "";
      const question = target.indexOf("?");
      const wholePath = question === -1 ? target : target.slice(0, question);
      // A target that is no path (`*`, `http://…`) is refused, and shown as it came.
      const begin = wholePath.startsWith("/") ? 1 : 0;
      const slash = wholePath.indexOf("/", begin);

      const body = bodies.open(request);
      response.on("close", () => {
        body.release();
        if (!response.writableFinished) abort.abort(new Abandoned("client_left"));
      });

      const exchange: Accepted & Room = {
        key,
        id: exchangeIdOf(key),
        startedAt: options.now(),
        elapsed: () => Math.round((performance.now() - began) * 1000),
        method: request.method ?? "",
        connectionName: slash === -1 ? wholePath.slice(begin) : wholePath.slice(begin, slash),
        path: slash === -1 ? "" : wholePath.slice(slash),
        query: question === -1 ? "" : target.slice(question + 1),
        headers: rawHeaders,
        header: (name) => headerOf(rawHeaders, name),
        readBody: body.read,
        holdBody: body.hold,
        signal: abort.signal,
        socket: request.socket,
        response,
        session: undefined,
        process: undefined,
        seq: undefined,
        connection: undefined,
        provider: undefined,
        over: undefined,
        token: undefined,
        head: undefined,
        body: undefined,
        readable: undefined,
        parsed: undefined,
        operation: undefined,
        prompt: undefined,
        mostOutput: undefined,
        recorded: undefined,
        decision: undefined,
        expected: undefined,
        settled: undefined,
        calls: undefined,
        shown: undefined,
        masking: undefined,
        restore: undefined,
        policy: undefined,
        policyInput: undefined,
        approved: undefined,
        sent: undefined,
        sensitive: undefined,
        replyHead: undefined,
        flow: undefined,
        watched: undefined,
        stopped: undefined,
        metered: undefined,
        findings: undefined,
        reply: undefined,
      };
      return { exchange, stop: (reason: Abandoned) => abort.abort(reason) };
    },

    /** Refuses what may not enter. */
    check(exchange: Accepted): Accepted {
      // Node's parser takes a request line without a version for HTTP/0.9.
      if (exchange.response.req.httpVersionMajor !== 1) {
        throw new Refusal("request_malformed", "the request is not HTTP/1.1");
      }
      checkHost(exchange, options.hosts());
      checkBrowser(exchange);
      if (!methods.has(exchange.method)) {
        throw new Refusal(
          "method_not_allowed",
          `${exchange.method} is not a method of the data path`,
        );
      }
      checkPath(exchange);
      checkBodyHeaders(exchange);
      checkConnection(exchange);
      return exchange;
    },
  };
}

/** RFC 9112 3.2: one Host exactly; Node lets two through (L2). */
function checkHost({ headers }: Accepted, hosts: ReadonlySet<string>): void {
  let host: string | undefined;
  for (let index = 0; index < headers.length; index += 2) {
    if (!named(headers[index], "host")) continue;
    if (host !== undefined)
      throw new Refusal("host_not_allowed", "the request has two Host headers");
    host = headers[index + 1] ?? "";
  }
  if (host === undefined || !hosts.has(host.toLowerCase())) {
    throw new Refusal("host_not_allowed", "the Host header does not name the data path");
  }
}

/** A page in a browser always sends one of these with a request that could do harm (L3). */
function checkBrowser({ header }: Accepted): void {
  const site = header("sec-fetch-site");
  if (header("origin") !== undefined || (site !== undefined && site !== "none")) {
    throw new Refusal("origin_not_allowed", "the request comes from a web page");
  }
}

function checkPath({ connectionName, path, query, response }: Accepted): void {
  const target = response.req.url ?? "";
  if (!target.startsWith("/")) {
    throw new Refusal("path_not_allowed", "the request target is not a path");
  }
  const whole = `/${connectionName}${path}`;
  const odd =
    oddSlash(connectionName, path) ||
    oddPath.test(whole) ||
    (whole.includes("%") && needlessEscape.test(whole));
  if (odd || dotSegment.test(whole) || oddQuery.test(query)) {
    throw new Refusal("path_not_allowed", "the path is not in its plain form");
  }
  if (path === "") {
    throw new Refusal("path_not_allowed", "the path names no operation: /CONNECTION/… is expected");
  }
}

/** An escaped slash in the connection's name, or one that makes an odd path for who decodes it. */
function oddSlash(connectionName: string, path: string): boolean {
  if (/%2f/i.test(connectionName)) return true;
  if (!/%2f/i.test(path)) return false;
  const decoded = path.replaceAll(/%2f/gi, "/");
  return decoded.includes("//") || decoded.endsWith("/") || dotSegment.test(decoded);
}

const ofTheBody = ["content-type", "content-encoding"] as const;

/** What a body is may be said once: of two words one program takes the first, another the last. */
function checkBodyHeaders({ headers }: Accepted): void {
  for (const name of ofTheBody) {
    let count = 0;
    for (let index = 0; index < headers.length; index += 2) {
      if (named(headers[index], name)) count += 1;
    }
    if (count > 1) throw new Refusal("request_malformed", `the request has two ${name} headers`);
  }
}

/** What policy and reviews see of the headers is what is sent: none is taken off in between. */
function checkConnection({ headers }: Accepted): void {
  const name = meantForAll(headers);
  if (name === undefined) return;
  throw new Refusal(
    "request_malformed",
    `the Connection header names ${name}, which is for the provider`,
  );
}

function headerOf(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    if (named(headers[index], name)) return headers[index + 1];
  }
  return undefined;
}

/** Compares a header's name, any case; the length first, since most differ in it. */
function named(header: string | undefined, lowerCase: string): boolean {
  return (
    header !== undefined &&
    header.length === lowerCase.length &&
    (header === lowerCase || header.toLowerCase() === lowerCase)
  );
}
